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
  /** The same as far as it has been made. */
  readonly overviewSoFar: EdgeLayer | undefined;
  readonly bounds: Bounds;
  /** Boxes to draw, the outer ones first. */
  readonly boxes: readonly number[];
}

/** @param before what was shown last: where nothing but numbers has changed, its places are worked out already */
export function stageOf(scene: Scene, positions: Positions, before?: Stage): Stage {
  const same = before && hasSamePlaces(before, scene, positions) ? before : undefined;
  let far: EdgeLayer | undefined;
  let sameFar = same?.overviewSoFar;
  const boxes: number[] = [];
  for (let box = 0; box < scene.boxShown.length; box++) if (scene.boxShown[box] !== 0) boxes.push(box);
  return {
    scene,
    positions,
    grid: same?.grid ?? createNodeGrid(positions.x, positions.y, scene.nodeShown),
    layer: layerOf(scene, positions, same?.layer),
    overview() {
      far ??= overviewOf(scene, positions, sameFar);
      sameFar = undefined;
      return far;
    },
    get overviewSoFar() {
      return far ?? sameFar;
    },
    bounds: same?.bounds ?? boundsOf(scene, positions),
    boxes,
  };
}

function hasSamePlaces(before: Stage, scene: Scene, positions: Positions): boolean {
  const old = before.scene;
  if (before.positions.x !== positions.x || before.positions.y !== positions.y) return false;
  return (
    before.positions.boxes === positions.boxes &&
    isSame(old.nodeShown, scene.nodeShown) &&
    isSame(old.boxShown, scene.boxShown) &&
    isSame(old.edges.source, scene.edges.source) &&
    isSame(old.edges.target, scene.edges.target) &&
    isSame(old.snapshot.nodes.kind, scene.snapshot.nodes.kind)
  );
}

function isSame(a: Uint8Array | Int32Array, b: Uint8Array | Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function layerOf(scene: Scene, positions: Positions, same?: EdgeLayer): EdgeLayer {
  const curves = same?.curves ?? curvesOf(scene, positions, parallelPlaces(scene));
  return {
    edges: scene.edges,
    curves,
    bounds: same?.bounds ?? curveBounds(curves),
    widths: widthClasses(scene),
    order: importance(scene.edges),
  };
}

function overviewOf(scene: Scene, positions: Positions, before?: EdgeLayer): EdgeLayer {
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
  const { source, target } = folded.edges;
  const isAsBefore = before && isSame(before.edges.source, source) && isSame(before.edges.target, target);
  return layerOf(folded, positions, isAsBefore ? before : undefined);
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
    const rate = edges.rate[edge] ?? NaN;
    let reached = 0;
    for (const step of isBytes ? byteSteps : requestSteps) if (rate >= step) reached++;
    classes[edge] = reached;
  }
  return classes;
}

/** Pixels by width class. */
export const edgeWidths = [1, 1.5, 2.25, 3.25, 4.5, 6] as const;

function importance(edges: SceneEdges): Uint32Array {
  // Numbers sort by themselves ten times as fast as indexes by a function: weight and index share one.
  const keys = new Float64Array(edges.count);
  for (let edge = 0; edge < edges.count; edge++) {
    const rate = edges.rate[edge] ?? NaN;
    const isBytes = !Number.isNaN(edges.back[edge] ?? NaN);
    const trouble = edges.state[edge] === 2 ? 2 : edges.state[edge] === 1 ? 1 : 0;
    const busy = Number.isNaN(rate) ? 0 : Math.log2(1 + Math.max(0, isBytes ? rate / 1000 : rate));
    const weight = trouble * 1000 + Math.min(999, busy);
    keys[edge] = Math.floor((3000 - weight) * 65_536) * mostEdges + edge;
  }
  return Uint32Array.from(keys.sort(), (key) => key % mostEdges);
}

const mostEdges = 0x1000000;

/** Of the control points, within which a curve always stays. */
function curveBounds(curves: Curves): Float32Array {
  const bounds = new Float32Array(curves.length / 2);
  for (let edge = 0; edge < curves.length / 8; edge++) {
    const i = edge * 8;
    for (const axis of [0, 1]) {
      const [a, b] = [curves[i + axis] ?? 0, curves[i + axis + 2] ?? 0];
      const [c, d] = [curves[i + axis + 4] ?? 0, curves[i + axis + 6] ?? 0];
      bounds[edge * 4 + axis] = Math.min(a, b, c, d);
      bounds[edge * 4 + axis + 2] = Math.max(a, b, c, d);
    }
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
