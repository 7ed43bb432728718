import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import type { Stage } from "./stage.ts";
import type { Viewport } from "./viewport.ts";

/** What lies under a point: a node's, a box's or a scene edge's index. */
export type Hit =
  | { readonly what: "node"; readonly node: number }
  | { readonly what: "box"; readonly box: number }
  | { readonly what: "edge"; readonly edge: number };

/** Pixels of the screen around a line that still mean it. */
const edgeReach = 6;
/** Straight pieces that a curve is taken as: few to rule it out, more to be exact. */
const [coarse, fine] = [5, 20];

/** The topmost thing at a point of the screen. Edges between dots are not hit: nobody could mean one of them. */
export function hitAt(
  stage: Stage,
  view: Viewport,
  at: { readonly x: number; readonly y: number },
  withEdges = true,
): Hit | undefined {
  const x = (at.x - view.left) / view.scale;
  const y = (at.y - view.top) / view.scale;
  const node = nodeAt(stage, view, x, y);
  if (node !== undefined) return { what: "node", node };
  const tile = boxAt(stage, x, y, 2);
  if (tile !== undefined) return { what: "box", box: tile };
  const edge = withEdges ? edgeAt(stage, view, x, y) : undefined;
  if (edge !== undefined) return { what: "edge", edge };
  const frame = boxAt(stage, x, y, 1);
  return frame === undefined ? undefined : { what: "box", box: frame };
}

function nodeAt({ scene, positions, grid }: Stage, view: Viewport, x: number, y: number): number | undefined {
  // Dots are hit by whoever is near enough.
  const least = 5 / view.scale;
  const [halfWidth, halfHeight] = [Math.max(nodeSize.width / 2, least), Math.max(nodeSize.height / 2, least)];
  let [best, nearest] = [-1, Infinity];
  const area = { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
  grid.within(area, (node) => {
    const [dx, dy] = [x - (positions.x[node] ?? 0), y - (positions.y[node] ?? 0)];
    const distance = dx * dx + dy * dy;
    const reach = Math.max(8, 6 / view.scale);
    if (scene.nodeShown[node] === 2 && distance > reach * reach) return;
    if (distance < nearest) [best, nearest] = [node, distance];
  });
  return best < 0 ? undefined : best;
}

/** The innermost box of this kind of showing at a point. */
function boxAt(
  { scene, positions: { boxes }, boxes: drawn }: Stage,
  x: number,
  y: number,
  shown: 1 | 2,
): number | undefined {
  // Outer ones come first.
  for (let i = drawn.length - 1; i >= 0; i--) {
    const box = drawn[i] ?? 0;
    if (scene.boxShown[box] !== shown) continue;
    const left = boxes[box * 4] ?? 0;
    if (x < left || x > left + (boxes[box * 4 + 2] ?? 0)) continue;
    const top = boxes[box * 4 + 1] ?? 0;
    if (y >= top && y <= top + (boxes[box * 4 + 3] ?? 0)) return box;
  }
  return undefined;
}

function edgeAt({ layer }: Stage, view: Viewport, x: number, y: number): number | undefined {
  const reach = edgeReach / view.scale;
  const { bounds, edges } = layer;
  let [best, nearest] = [-1, reach * reach];
  for (let edge = 0; edge < edges.count; edge++) {
    const i = edge * 4;
    if ((bounds[i] ?? 0) > x + reach || (bounds[i + 2] ?? 0) < x - reach) continue;
    if ((bounds[i + 1] ?? 0) > y + reach || (bounds[i + 3] ?? 0) < y - reach) continue;
    const rough = reach + (0.75 * bendOf(layer.curves, edge)) / (coarse * coarse);
    if (squaredDistance(layer.curves, edge, { x, y, steps: coarse }) > rough * rough) continue;
    const distance = squaredDistance(layer.curves, edge, { x, y, steps: fine });
    if (distance <= nearest) [best, nearest] = [edge, distance];
  }
  return best < 0 ? undefined : best;
}

/**
 * How much a curve bends: the largest second difference of its control points. Taken as n straight pieces it is nowhere
 * further off than 3/4 of that divided by n squared.
 */
function bendOf(curves: Float32Array, edge: number): number {
  const i = edge * 8;
  const at = (k: number) => curves[i + k] ?? 0;
  const first = Math.hypot(at(0) - 2 * at(2) + at(4), at(1) - 2 * at(3) + at(5));
  return Math.max(first, Math.hypot(at(2) - 2 * at(4) + at(6), at(3) - 2 * at(5) + at(7)));
}

interface Measured {
  readonly x: number;
  readonly y: number;
  readonly steps: number;
}

/** To the curve, taken as so many straight pieces. */
function squaredDistance(curves: Float32Array, edge: number, { x, y, steps }: Measured): number {
  const i = edge * 8;
  const [ax, ay, bx, by] = [curves[i] ?? 0, curves[i + 1] ?? 0, curves[i + 2] ?? 0, curves[i + 3] ?? 0];
  const [cx, cy, dx, dy] = [curves[i + 4] ?? 0, curves[i + 5] ?? 0, curves[i + 6] ?? 0, curves[i + 7] ?? 0];
  let [nearest, px, py] = [Infinity, ax, ay];
  for (let step = 1; step <= steps; step++) {
    const t = step / steps;
    const r = 1 - t;
    const [a, b, c, d] = [r * r * r, 3 * r * r * t, 3 * r * t * t, t * t * t];
    const qx = a * ax + b * bx + c * cx + d * dx;
    const qy = a * ay + b * by + c * cy + d * dy;
    const [lx, ly] = [qx - px, qy - py];
    const long = lx * lx + ly * ly;
    const along = long > 0 ? Math.max(0, Math.min(1, ((x - px) * lx + (y - py) * ly) / long)) : 0;
    const [ex, ey] = [px + along * lx - x, py + along * ly - y];
    nearest = Math.min(nearest, ex * ex + ey * ey);
    [px, py] = [qx, qy];
  }
  return nearest;
}
