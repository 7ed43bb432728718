import type { Format } from "../../../src/mesh/format/format.ts";
import type { EdgeLabelName } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { Emphasis } from "./emphasis.ts";
import type { Palette } from "./palette.ts";
import type { Pen } from "./pen.ts";
import type { EdgeLayer, Stage } from "./stage.ts";
import type { TextFit } from "./textFit.ts";
import type { Viewport } from "./viewport.ts";

/**
 * How much is drawn: "full": nodes with words; "compact": nodes, and names where they can be read; "overview": boxes,
 * sums between namespaces, nodes as dots.
 */
export type Detail = "full" | "compact" | "overview";

/** All that one repaint needs. Painters draw in the screen's pixels, so that text and lines keep their sizes. */
export interface Frame {
  readonly pen: Pen;
  readonly stage: Stage;
  readonly layer: EdgeLayer;
  readonly view: Viewport;
  readonly detail: Detail;
  readonly palette: Palette;
  readonly text: TextFit;
  readonly format: Format;
  readonly label: EdgeLabelName;
  /** What is not in it is dimmed; null: nothing is. */
  readonly selected: Emphasis | null;
  /** Drawn stronger. */
  readonly hovered: Emphasis | null;
  /** Per node, 0 to 1: new ones fade in; null: all are there. */
  readonly fade: Float32Array | null;
  readonly hasFound: boolean;
  /** In sight. */
  readonly nodes: Uint32Array;
  readonly edges: Uint32Array;
  /** Of these, the ones with neither end in sight: drawn fainter, without words. */
  readonly passing: ReadonlySet<number>;
  /**
   * How many times more lines there are than can be told apart: above 1 they are a web, drawn fainter and without a
   * sign for each. From far away fewer can.
   */
  readonly crowding: number;
}

export function crowdingOf(edges: number, scale: number): number {
  return edges / (scale < 0.2 ? 250 : 420);
}

/** Draws a part and yields about how long putting its pixels there takes, until all is drawn (milliseconds). */
export type Steps<T = void> = Generator<number, T>;

/** What a repaint did, for tests and benches. */
export interface PaintCounts {
  detail: Detail;
  nodes: number;
  edges: number;
  labels: number;
  milliseconds: number;
}
