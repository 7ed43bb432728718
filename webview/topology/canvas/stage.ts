import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import type { Scene, SceneEdges } from "../scene/scene.ts";
import { foldEdges } from "../scene/foldEdges.ts";
import { none } from "../../../src/protocol/topology/graphSnapshot.ts";
import { boxEnd } from "../scene/scene.ts";
import { curvesOf, parallelPlaces, type Curves, type Positions } from "./edgeCurves.ts";
import { createNodeGrid, type NodeGrid } from "./nodeGrid.ts";
import type { Bounds } from "./viewport.ts";

/** Edges with all that drawing and finding them needs. */
export interface EdgeLayer {
  readonly edges: SceneEdges;
  readonly curves: Curves;
  /** Per edge: left, top, right, bottom of its curve. */
  readonly bounds: Float32Array;
  /** Per edge: 0 to 5, by its rate. */
  readonly widths: Uint8Array;
  /** Indexes, the busiest first; trouble before all. */
  readonly order: Uint32Array;
}

/** A scene whose places are worked out: what a picture is drawn from, whatever part of it is in sight. */
export interface Stage {
  readonly scene: Scene;
  readonly positions: Positions;
  readonly grid: NodeGrid;
  readonly layer: EdgeLayer;
  /** Edges between namespaces, for the view from far away; made when first needed. */
  overview(): EdgeLayer;
  readonly bounds: Bounds;
  /** Boxes to draw, the outer ones first. */
  readonly boxes: readonly number[];
}

export function stageOf(scene: Scene, positions: Positions, places = parallelPlaces(scene)): Stage {
  const isIn = scene.nodeShown;
  let far: EdgeLayer | undefined;
  const boxes: number[] = [];
  for (let box = 0; box < scene.boxShown.length; box++) if (scene.boxShown[box] !== 0) boxes.push(box);
  return {
    scene,
    positions,
    grid: createNodeGrid(positions.x, positions.y, isIn),
    layer: layerOf(scene, positions, places),
    overview() {
      far ??= overviewOf(scene, positions);
      return far;
    },
    bounds: boundsOf(scene, positions),
    boxes,
  };
}

function layerOf(scene: Scene, positions: Positions, places: Float32Array): EdgeLayer {
  const curves = curvesOf(scene, positions, places);
  return {
    edges: scene.edges,
    curves,
    bounds: curveBounds(curves),
    widths: widthClasses(scene),
    order: importance(scene.edges),
  };
}

function overviewOf(scene: Scene, positions: Positions): EdgeLayer {
  const { nodes, boxes } = scene.snapshot;
  const far = new Int32Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) {
    let box = nodes.box[node] ?? none;
    while (box !== none && boxes.kind[box] === 2) box = boxes.parent[box] ?? none;
    far[node] = box !== none && boxes.kind[box] === 1 ? boxEnd(box) : node;
  }
  const all = new Uint8Array(scene.edges.count).fill(1);
  const outermost = (end: number) => (end >= 0 ? (far[end] ?? end) : namespaceEnd(scene, end));
  const folded = { ...scene, edges: foldEdges(scene.edges, all, outermost) };
  return layerOf(folded, positions, parallelPlaces(folded));
}

/** A collapsed app belongs to its namespace. */
function namespaceEnd({ snapshot: { boxes } }: Scene, end: number): number {
  const parent = boxes.parent[~end] ?? none;
  return boxes.kind[~end] === 2 && parent !== none ? boxEnd(parent) : end;
}

/** From these rates on an edge is drawn thicker: ten times as much for each step. */
const requestSteps = [0.1, 1, 10, 100, 1000];
const byteSteps = [100, 1000, 10_000, 100_000, 1_000_000];

function widthClasses({ edges }: Scene): Uint8Array {
  const classes = new Uint8Array(edges.count);
  for (let edge = 0; edge < edges.count; edge++) {
    const isBytes = !Number.isNaN(edges.back[edge] ?? NaN);
    const [rate, steps] = [edges.rate[edge] ?? NaN, isBytes ? byteSteps : requestSteps];
    classes[edge] = steps.reduce((sum, step) => sum + (rate >= step ? 1 : 0), 0);
  }
  return classes;
}

/** Pixels by width class. */
export const edgeWidths = [1, 1.5, 2.25, 3.25, 4.5, 6] as const;

function importance(edges: SceneEdges): Uint32Array {
  const weight = new Float64Array(edges.count);
  for (let edge = 0; edge < edges.count; edge++) {
    const rate = edges.rate[edge] ?? NaN;
    const isBytes = !Number.isNaN(edges.back[edge] ?? NaN);
    const trouble = edges.state[edge] === 2 ? 2e12 : edges.state[edge] === 1 ? 1e12 : 0;
    weight[edge] = (Number.isNaN(rate) ? 0 : isBytes ? rate / 1000 : rate) + trouble;
  }
  return Uint32Array.from({ length: edges.count }, (_, i) => i).sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0));
}

/** Of the control points, within which a curve always stays. */
function curveBounds(curves: Curves): Float32Array {
  const bounds = new Float32Array(curves.length / 2);
  for (let edge = 0; edge < curves.length / 8; edge++) {
    const i = edge * 8;
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0] = curves.subarray(i, i + 8);
    bounds[edge * 4] = Math.min(x0, x1, x2, x3);
    bounds[edge * 4 + 1] = Math.min(y0, y1, y2, y3);
    bounds[edge * 4 + 2] = Math.max(x0, x1, x2, x3);
    bounds[edge * 4 + 3] = Math.max(y0, y1, y2, y3);
  }
  return bounds;
}

function boundsOf(scene: Scene, { x, y, boxes }: Positions): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (l: number, t: number, r: number, b: number) => {
    [left, top, right, bottom] = [Math.min(left, l), Math.min(top, t), Math.max(right, r), Math.max(bottom, b)];
  };
  const [w, h] = [nodeSize.width / 2, nodeSize.height / 2];
  for (let node = 0; node < scene.nodeShown.length; node++) {
    const [nx, ny] = [x[node] ?? 0, y[node] ?? 0];
    if (scene.nodeShown[node] !== 0) add(nx - w, ny - h, nx + w, ny + h);
  }
  for (let box = 0; box < scene.boxShown.length; box++) {
    const [bx, by] = [boxes[box * 4] ?? 0, boxes[box * 4 + 1] ?? 0];
    if (scene.boxShown[box] !== 0) add(bx, by, bx + (boxes[box * 4 + 2] ?? 0), by + (boxes[box * 4 + 3] ?? 0));
  }
  return left <= right ? { left, top, right, bottom } : { left: 0, top: 0, right: 0, bottom: 0 };
}
