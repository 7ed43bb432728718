import type { Placement } from "../../../src/mesh/topology/layout/layout.ts";
import type { Scene } from "../scene/scene.ts";
import type { Positions } from "./edgeCurves.ts";
import type { SceneTargets } from "./sceneTargets.ts";

/** How long things take to get to a new place (milliseconds). */
export const moveTime = 300;
/** Beyond this, working out every edge for every step would stutter: things jump. */
const mostMoving = 2500;

/** The way from one picture's places to the next one's. */
export interface Motion {
  readonly moved: number;
  /** Places and how far new nodes have faded in at a time from 0 (start) to 1; null: all are there. */
  at(time: number): { readonly positions: Positions; readonly fade: Float32Array | null };
}

export function positionsOf({ nodeX, nodeY, boxes }: Placement): Positions {
  return { x: nodeX, y: nodeY, boxes };
}

interface Shown {
  readonly scene: Scene;
  readonly targets: SceneTargets;
  readonly positions: Positions;
}

/** undefined where nothing moves and nothing is new, or too much does. */
export function motionBetween(before: Shown, after: Omit<Shown, "positions">): Motion | undefined {
  const end = positionsOf(after.scene.placement);
  if (end.x === before.positions.x && after.scene.snapshot.nodes.count === before.scene.snapshot.nodes.count) {
    return undefined;
  }
  const count = after.scene.snapshot.nodes.count;
  const start = { x: end.x.slice(), y: end.y.slice(), boxes: end.boxes.slice() };
  const isNew = new Uint8Array(count);
  const old = before.targets.nodeIds();
  let [moved, added] = [0, 0];
  for (const [id, node] of after.targets.nodeIds()) {
    const was = old.get(id);
    if (was === undefined) {
      isNew[node] = 1;
      added++;
      continue;
    }
    start.x[node] = before.positions.x[was] ?? 0;
    start.y[node] = before.positions.y[was] ?? 0;
    if (start.x[node] !== end.x[node] || start.y[node] !== end.y[node]) moved++;
  }
  const oldBoxes = before.targets.boxIds();
  for (const [id, box] of after.targets.boxIds()) {
    const was = oldBoxes.get(id);
    if (was === undefined) continue;
    for (let k = 0; k < 4; k++) start.boxes[box * 4 + k] = before.positions.boxes[was * 4 + k] ?? 0;
  }
  // Another mesh or view altogether is not a movement.
  if (moved + added === 0 || moved + added > mostMoving || added === count) return undefined;
  return { moved, at: (time) => between({ start, end, isNew }, eased(time)) };
}

function between(
  way: { readonly start: Positions; readonly end: Positions; readonly isNew: Uint8Array },
  part: number,
): ReturnType<Motion["at"]> {
  if (part >= 1) return { positions: way.end, fade: null };
  const mix = (from: Float32Array, to: Float32Array) => from.map((value, i) => value + ((to[i] ?? 0) - value) * part);
  const { start, end, isNew } = way;
  return {
    positions: { x: mix(start.x, end.x), y: mix(start.y, end.y), boxes: mix(start.boxes, end.boxes) },
    fade: Float32Array.from(isNew, (added) => (added === 1 ? part : 1)),
  };
}

function eased(time: number): number {
  const rest = 1 - Math.max(0, Math.min(1, time));
  return 1 - rest * rest * rest;
}
