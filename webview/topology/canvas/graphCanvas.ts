import type { EdgeLabelName } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import type { Format } from "../../../src/mesh/format/format.ts";
import type { Scene } from "../scene/scene.ts";

/** x and y are the point of the scene in the middle of the view, so that a view of another size shows the same. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** How the scene is drawn; colours come from the theme's variables, read anew when the body's class changes. */
export interface DrawOptions {
  readonly label: EdgeLabelName;
  readonly format: Format;
  /** Moving points on edges; the canvas leaves them out where motion is not wanted. */
  readonly animation: boolean;
}

export interface CanvasEvents {
  selected(target: Target | null): void;
  hovered(target: Target | null): void;
  /** Double click: drill down on nodes, collapse or expand boxes. */
  opened(target: Target): void;
  /** Nodes that a person has dragged: they stay there. */
  dragged(positions: Readonly<Record<string, readonly [x: number, y: number]>>): void;
  cameraMoved(camera: Camera): void;
  contextMenu(target: Target | null, at: { readonly x: number; readonly y: number }): void;
}

/** The one canvas. Knows nothing of where the scene comes from; dispose ends its listeners and frames. */
export interface GraphCanvas {
  show(scene: Scene, options: DrawOptions): void;
  /** Dims what is not connected with it; null undims. */
  select(target: Target | null): void;
  highlight(target: Target | null): void;
  /** Brings it into the middle without changing the scale more than needed. */
  reveal(target: Target): void;
  fit(): void;
  zoomBy(factor: number): void;
  /** Moves the picture by so many pixels of the screen: to the right and down. */
  panBy(dx: number, dy: number): void;
  camera: Camera;
  /** The whole scene, whatever the camera shows. */
  toSvg(): string;
  toPng(): Promise<string>;
  dispose(): void;
}
