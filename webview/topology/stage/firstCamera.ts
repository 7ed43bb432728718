import { nodeKinds } from "../../../src/mesh/topology/graph/graph.ts";
import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { none } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { Camera } from "../canvas/graphCanvas.ts";
import { fitting, type Bounds } from "../canvas/viewport.ts";
import type { Scene, SceneEnd } from "../scene/scene.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Below 0.38 the canvas writes no names. */
const readable = 0.4;
/** A picture that overflows anyway is not made larger than this to fill the width. */
const wideAtMost = 0.55;
/** One node that somebody asked for: its name can be read at a glance. */
const near = 0.75;
/** Larger pictures are seen from afar first: what is near is one in hundreds. */
const fewNodes = 60;

/**
 * Where to look first when nobody has looked anywhere yet: at all of it where names can be read so, else at the
 * cluster with the most traffic, from where traffic enters. undefined: at all of it, however small.
 */
export function firstCamera(scene: Scene, size: Size): Camera | undefined {
  const all = boundsOf(scene, -1);
  if (!all || scene.visibleNodeCount > fewNodes) return undefined;
  if (fitting(all, size.width, size.height).scale >= readable) return undefined;
  const cluster = busiestCluster(scene);
  const part = boundsOf(scene, cluster) ?? all;
  const whole = fitting(part, size.width, size.height);
  if (whole.scale >= readable) return whole;
  const wide = fitting({ ...part, bottom: part.top }, size.width, size.height).scale;
  const scale = Math.max(readable, Math.min(wideAtMost, wide));
  const entry = entryOf(scene, cluster);
  return {
    x: within(part.left, part.right, { at: entry?.x ?? part.left, room: size.width / scale, isStart: true }),
    y: within(part.top, part.bottom, { at: entry?.y ?? part.top, room: size.height / scale, isStart: false }),
    scale,
  };
}

/** Looks at one node or collapsed box, with its neighbours where they fit beside it. undefined: it is not drawn. */
export function cameraNear(scene: Scene, end: SceneEnd, size: Size): Camera | undefined {
  const own = endBounds(scene, end);
  if (!own) return undefined;
  const { source, target, count } = scene.edges;
  let around: Bounds = own;
  for (let edge = 0; edge < count; edge++) {
    if (source[edge] !== end && target[edge] !== end) continue;
    const other = endBounds(scene, (source[edge] === end ? target[edge] : source[edge]) ?? end);
    if (other) around = united(around, other);
  }
  const together = fitting(around, size.width, size.height);
  if (together.scale >= near) return together;
  const alone = Math.min(near, fitting(own, size.width, size.height).scale);
  return { x: (own.left + own.right) / 2, y: (own.top + own.bottom) / 2, scale: alone };
}

function boxOf(scene: Scene, end: SceneEnd): number {
  return end < 0 ? ~end : (scene.snapshot.nodes.box[end] ?? none);
}

function isIn(scene: Scene, end: SceneEnd, cluster: number): boolean {
  if (cluster < 0) return true;
  for (let box = boxOf(scene, end); box !== none; box = scene.snapshot.boxes.parent[box] ?? none) {
    if (box === cluster) return true;
  }
  return false;
}

function* drawnEnds(scene: Scene, cluster: number): Generator<SceneEnd> {
  for (const [node, shown] of scene.nodeShown.entries()) if (shown === 1 && isIn(scene, node, cluster)) yield node;
  for (const [box, shown] of scene.boxShown.entries()) if (shown === 2 && isIn(scene, ~box, cluster)) yield ~box;
}

/** Of one cluster, or with -1 of all. */
function boundsOf(scene: Scene, cluster: number): Bounds | undefined {
  let bounds = cluster < 0 ? undefined : endBounds(scene, ~cluster);
  if (bounds) return bounds;
  const frames = [...scene.boxShown.keys()].filter((box) => scene.boxShown[box] === 1);
  for (const end of [...drawnEnds(scene, cluster), ...frames.map((box) => ~box)]) {
    const own = endBounds(scene, end);
    if (own) bounds = united(bounds, own);
  }
  return bounds;
}

function endBounds({ placement }: Scene, end: SceneEnd): Bounds | undefined {
  if (end < 0) {
    const [left = NaN, top = NaN, width = NaN, height = NaN] = placement.boxes.subarray(4 * ~end);
    return known({ left, top, right: left + width, bottom: top + height });
  }
  const [x, y] = [placement.nodeX[end] ?? NaN, placement.nodeY[end] ?? NaN];
  const [half, high] = [nodeSize.width / 2, nodeSize.height / 2];
  return known({ left: x - half, top: y - high, right: x + half, bottom: y + high });
}

function known(bounds: Bounds): Bounds | undefined {
  return Object.values(bounds).every(Number.isFinite) ? bounds : undefined;
}

function united(a: Bounds | undefined, b: Bounds): Bounds {
  if (!a) return b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** -1 where no cluster has a frame. Traffic: requests that its nodes receive; without any, its edges of bytes. */
function busiestCluster(scene: Scene): number {
  const { boxes, nodes } = scene.snapshot;
  let busiest = { box: -1, rps: -1, nodes: -1 };
  for (let box = 0; box < boxes.count; box++) {
    if (boxes.kind[box] !== 0 || scene.boxShown[box] !== 1) continue;
    const ends = [...drawnEnds(scene, box)].filter((end) => end >= 0);
    const rps = ends.reduce((sum, node) => sum + (nodes.rpsIn[node] || 0), 0);
    if (rps > busiest.rps || (rps === busiest.rps && ends.length > busiest.nodes)) {
      busiest = { box, rps, nodes: ends.length };
    }
  }
  return busiest.box;
}

/** The gateway with the most traffic, else what stands leftmost. */
function entryOf(scene: Scene, cluster: number): { readonly x: number; readonly y: number } | undefined {
  const { nodes } = scene.snapshot;
  const gateway = nodeKinds.indexOf("gateway");
  let entry: { readonly x: number; readonly y: number; readonly rank: readonly [number, number] } | undefined;
  for (const end of drawnEnds(scene, cluster)) {
    const bounds = endBounds(scene, end);
    if (!bounds) continue;
    const isGateway = end >= 0 && nodes.kind[end] === gateway;
    const rank = isGateway ? ([1, nodes.rpsOut[end] || 0] as const) : ([0, -bounds.left] as const);
    if (entry && (rank[0] < entry.rank[0] || (rank[0] === entry.rank[0] && rank[1] <= entry.rank[1]))) continue;
    entry = { x: bounds.left, y: (bounds.top + bounds.bottom) / 2, rank };
  }
  return entry;
}

interface Looking {
  readonly at: number;
  /** How much is in view. */
  readonly room: number;
  /** `at` comes near the view's start, not into its middle. */
  readonly isStart: boolean;
}

/** The middle of a view that stays within a stretch; the stretch's own middle where it fits. */
function within(from: number, to: number, { at, room, isStart }: Looking): number {
  const margin = room * 0.04;
  if (to - from <= room - 2 * margin) return (from + to) / 2;
  const middle = isStart ? at + room / 2 - 2 * margin : at;
  return Math.max(from + room / 2 - margin, Math.min(to - room / 2 + margin, middle));
}
