import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { nodeKinds, type GraphNodeKind } from "../../../src/mesh/topology/graph/graph.ts";
import type { Scene, SceneEnd } from "../scene/scene.ts";

/** Half a junction's side: what is left of a service that is switched off. */
export const junctionRadius = 5;

/** Where things are drawn right now: centres of nodes; boxes as left, top, width, height. */
export interface Positions {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly boxes: Float32Array;
}

/** A cubic curve per edge: x and y of the start, two controls and the end. */
export type Curves = Float32Array;

interface End {
  x: number;
  y: number;
  halfWidth: number;
  halfHeight: number;
  isTile: boolean;
  /** How much of half the width a slanted side recedes on the way from the middle to the top. */
  slant: number;
}

const slants: Readonly<Partial<Record<GraphNodeKind, number>>> = { service: 0.5, waypoint: 0.16 };

const parallelGap = 13;

/** Which of several edges between the same two ends this is, from the middle: -1, 0, 1, or -0.5, 0.5 and so on. */
export function parallelPlaces({ edges }: Scene): Float32Array {
  const places = new Float32Array(edges.count);
  const counts = new Map<number, number>();
  const keys = new Float64Array(edges.count);
  const span = 0x4000000;
  for (let edge = 0; edge < edges.count; edge++) {
    const [source, target] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
    const key = Math.min(source, target) * span + Math.max(source, target);
    keys[edge] = key;
    const place = counts.get(key) ?? 0;
    places[edge] = place;
    counts.set(key, place + 1);
  }
  for (let edge = 0; edge < edges.count; edge++) {
    const count = counts.get(keys[edge] ?? 0) ?? 1;
    places[edge] = (places[edge] ?? 0) - (count - 1) / 2;
  }
  return places;
}

export function curvesOf(scene: Scene, positions: Positions, places: Float32Array): Curves {
  const { edges } = scene;
  const curves = new Float32Array(edges.count * 8);
  const [from, to] = [emptyEnd(), emptyEnd()];
  for (let edge = 0; edge < edges.count; edge++) {
    const [source, target] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
    readEnd(scene, positions, source, from);
    readEnd(scene, positions, target, to);
    // Seen from the same side whatever the direction, or there and back would cross.
    const side = (places[edge] ?? 0) * parallelGap;
    const curve = source === target ? loop(from, side) : between(from, to, side);
    curves.set(curve, edge * 8);
  }
  return curves;
}

function emptyEnd(): End {
  return { x: 0, y: 0, halfWidth: 0, halfHeight: 0, isTile: false, slant: 0 };
}

function readEnd({ nodeShown, snapshot }: Scene, { x, y, boxes }: Positions, end: SceneEnd, into: End): void {
  if (end >= 0) {
    const isJunction = nodeShown[end] === 2;
    into.x = x[end] ?? 0;
    into.y = y[end] ?? 0;
    into.halfWidth = isJunction ? junctionRadius : nodeSize.width / 2;
    into.halfHeight = isJunction ? junctionRadius : nodeSize.height / 2;
    into.isTile = false;
    into.slant = isJunction ? 0 : (slants[nodeKinds[snapshot.nodes.kind[end] ?? 0] ?? "unknown"] ?? 0);
    return;
  }
  const at = ~end * 4;
  into.halfWidth = (boxes[at + 2] ?? 0) / 2;
  into.halfHeight = (boxes[at + 3] ?? 0) / 2;
  into.x = (boxes[at] ?? 0) + into.halfWidth;
  into.y = (boxes[at + 1] ?? 0) + into.halfHeight;
  into.isTile = true;
  into.slant = 0;
}

type Curve = readonly [number, number, number, number, number, number, number, number];

function between(from: End, to: End, side: number): Curve {
  const right = to.x - to.halfWidth - (from.x + from.halfWidth);
  const left = from.x - from.halfWidth - (to.x + to.halfWidth);
  if (right >= 12) return sideways(from, to, side, 1);
  if (left >= 12) return sideways(from, to, side, -1);
  const down = to.y - to.halfHeight - (from.y + from.halfHeight);
  const up = from.y - from.halfHeight - (to.y + to.halfHeight);
  const isNear = Math.max(down, up) <= 60;
  if (Math.max(down, up) >= 0 && (isNear || from.isTile || to.isTile)) return upright(from, to, side);
  if (Math.max(down, up) < 0) return [from.x, from.y, from.x, from.y, to.x, to.y, to.x, to.y];
  return around(from, to, side);
}

/** Out of the side that faces the target, into the side that faces the source. */
function sideways(from: End, to: End, side: number, sign: 1 | -1): Curve {
  const [startAt, endAt] = [port(from, to.y - from.y, side), port(to, from.y - to.y, side)];
  const [startY, endY] = [from.y + startAt, to.y + endAt];
  const [startX, endX] = [from.x + sign * reachAt(from, startAt), to.x - sign * reachAt(to, endAt)];
  const gap = Math.abs(endX - startX);
  const reach = sign * Math.max(10, Math.min(gap * 0.5, 40 + gap * 0.18));
  return [startX, startY, startX + reach, startY, endX - reach, endY, endX, endY];
}

/** Edges leave a node near its middle, spread a little towards where they go; a tile's whole side is a port. */
function port({ halfHeight, isTile }: End, towards: number, side: number): number {
  const most = isTile ? halfHeight * 0.7 : halfHeight * 0.42;
  const spread = Math.max(-most, Math.min(most, towards * (isTile ? 0.35 : 0.05)));
  return Math.max(-halfHeight * 0.85, Math.min(halfHeight * 0.85, spread + side));
}

/** How far a shape's side is from its middle at this height. */
function reachAt({ halfWidth, halfHeight, slant }: End, height: number): number {
  return halfWidth * (1 - slant * Math.min(1, Math.abs(height) / halfHeight));
}

/** From top to bottom or back, for what stands above each other. */
function upright(from: End, to: End, side: number): Curve {
  const sign = to.y > from.y ? 1 : -1;
  const low = Math.max(from.x - from.halfWidth, to.x - to.halfWidth);
  const high = Math.min(from.x + from.halfWidth, to.x + to.halfWidth);
  const middle = (low + high) / 2;
  const [startX, endX] = [(from.x + middle) / 2 + side, (to.x + middle) / 2 + side];
  const [startY, endY] = [from.y + sign * from.halfHeight, to.y - sign * to.halfHeight];
  const reach = (endY - startY) * 0.45;
  return [startX, startY, startX, startY + reach, endX, endY - reach, endX, endY];
}

/** Around what lies between two nodes of one column. */
function around(from: End, to: End, side: number): Curve {
  const [startAt, endAt] = [port(from, to.y - from.y, side), port(to, from.y - to.y, side)];
  const [startX, endX] = [from.x + reachAt(from, startAt), to.x + reachAt(to, endAt)];
  const bulge = 26 + Math.min(60, Math.abs(to.y - from.y) * 0.12) + Math.abs(side);
  const far = Math.max(startX, endX) + bulge;
  const [startY, endY] = [from.y + startAt, to.y + endAt];
  return [startX, startY, far, startY, far, endY, endX, endY];
}

/** A call to itself: a small loop at the upper right corner. */
function loop({ x, y, halfWidth, halfHeight }: End, side: number): Curve {
  const more = 26 + Math.abs(side) * 1.4 + Math.max(0, side);
  const [right, top] = [x + halfWidth, y - halfHeight];
  return [right - 30, top, right - 26, top - more, right + more, top + 8, right, top + halfHeight * 0.6];
}

/** A point of a curve; `at` from 0 (its start) to 1. */
export function pointOn(curves: Curves, edge: number, at: number): readonly [x: number, y: number] {
  const i = edge * 8;
  const rest = 1 - at;
  const [a, b, c, d] = [rest * rest * rest, 3 * rest * rest * at, 3 * rest * at * at, at * at * at];
  const axis = (k: number) =>
    a * (curves[i + k] ?? 0) +
    b * (curves[i + k + 2] ?? 0) +
    c * (curves[i + k + 4] ?? 0) +
    d * (curves[i + k + 6] ?? 0);
  return [axis(0), axis(1)];
}
