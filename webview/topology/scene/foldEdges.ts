import { flag, states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { failingShare } from "../../../src/mesh/health/trafficHealth.ts";
import type { SceneEdges, SceneEnd } from "./scene.ts";

/** Edges to put together: a snapshot's, or a scene's for a still rougher picture. */
export type EdgesToFold = Omit<SceneEdges, "single" | "source" | "target"> & {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
  /** A scene's: which of the snapshot's edges it is. Without it, an edge's own index. */
  readonly single?: Int32Array;
};

const stateIndex = (state: (typeof states)[number]) => states.indexOf(state);
const [healthy, degraded, failing, idle, unknown] = (
  ["healthy", "degraded", "failing", "idle", "unknown"] as const
).map(stateIndex) as [number, number, number, number, number];

/** True only where it is true of all that were put together; the other flags are true where one of them has it. */
const ofAll = flag.dim | flag.ghost | flag.idle | flag.hidden;

/**
 * Draws each edge between the ends that stand for its nodes, and puts those of one protocol between the same two ends
 * together. What stays within one end vanishes.
 *
 * A call is an edge to a service and another one from there on. Both never join the same two ends in the same
 * direction, unless all three places are one, where both vanish: so a sum counts each request once.
 * @param endOf maps an end of `edges` to what stands for it; returns its argument for what stands for itself
 */
export function foldEdges(edges: EdgesToFold, isKept: Uint8Array, endOf: (end: number) => SceneEnd): SceneEdges {
  // Which of the drawn edges an edge goes into; arrays, since there may be tens of thousands.
  const slots = new Int32Array(edges.count).fill(-1);
  const ends: number[] = [];
  const sums = new Map<number, number>();
  let count = 0;
  for (let edge = 0; edge < edges.count; edge++) {
    if (isKept[edge] !== 1) continue;
    const [from, to] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
    const [source, target] = [endOf(from), endOf(to)];
    if (source === target && source !== from) continue;
    const isItself = source === from && target === to;
    const key = ((source + endSpan) * 2 * endSpan + target + endSpan) * 256 + (edges.protocol[edge] ?? 0);
    const known = isItself ? undefined : sums.get(key);
    slots[edge] = known ?? count;
    if (known !== undefined) continue;
    if (!isItself) sums.set(key, count);
    ends.push(source, target);
    count++;
  }
  return columnsOf(membersOf(slots, count), ends, edges);
}

/** Ends are indexes of nodes and boxes, of which there are fewer: three of them and a protocol fit a number exactly. */
const endSpan = 0x200000;

/** Members by slot, in one array: those of slot n are `edges[start[n]]` to before `edges[start[n + 1]]`. */
interface Members {
  readonly count: number;
  readonly start: Uint32Array;
  readonly edges: Uint32Array;
}

function membersOf(slots: Int32Array, count: number): Members {
  const start = new Uint32Array(count + 1);
  for (const slot of slots) if (slot >= 0) start[slot + 1] = (start[slot + 1] ?? 0) + 1;
  for (let slot = 0; slot < count; slot++) start[slot + 1] = (start[slot + 1] ?? 0) + (start[slot] ?? 0);
  const edges = new Uint32Array(start[count] ?? 0);
  const at = start.slice();
  slots.forEach((slot, edge) => {
    if (slot < 0) return;
    edges[at[slot] ?? 0] = edge;
    at[slot] = (at[slot] ?? 0) + 1;
  });
  return { count, start, edges };
}

function columnsOf({ count, start, edges: all }: Members, ends: readonly number[], edges: EdgesToFold): SceneEdges {
  const columns = {
    count,
    ...{ source: new Int32Array(count), target: new Int32Array(count), protocol: new Uint8Array(count) },
    ...{ state: new Uint8Array(count), flags: new Uint16Array(count), rate: new Float32Array(count) },
    ...{ back: new Float32Array(count), errorRate: new Float32Array(count), label: new Float32Array(count) },
    single: new Int32Array(count),
  };
  for (let slot = 0; slot < count; slot++) {
    const first = all[start[slot] ?? 0] ?? 0;
    const isAlone = (start[slot + 1] ?? 0) - (start[slot] ?? 0) === 1;
    columns.source[slot] = ends[slot * 2] ?? 0;
    columns.target[slot] = ends[slot * 2 + 1] ?? 0;
    columns.protocol[slot] = edges.protocol[first] ?? 0;
    columns.single[slot] = isAlone ? (edges.single?.[first] ?? first) : -1;
    if (isAlone) {
      for (const name of ["rate", "back", "errorRate", "label"] as const)
        columns[name][slot] = edges[name][first] ?? NaN;
      columns.flags[slot] = edges.flags[first] ?? 0;
      columns.state[slot] = edges.state[first] ?? unknown;
      continue;
    }
    const members = present(all.subarray(start[slot], start[slot + 1]), edges.flags);
    const errorRate = ratioOf(members, edges);
    columns.rate[slot] = sumOf(members, edges.rate);
    columns.back[slot] = sumOf(members, edges.back);
    columns.errorRate[slot] = errorRate;
    columns.label[slot] = NaN;
    columns.flags[slot] = flagsOf(members, edges.flags);
    columns.state[slot] = stateOf(members, edges, errorRate);
  }
  return columns;
}

/** What still flows; all, where nothing does. What is gone is drawn for a while, and flows elsewhere or not at all. */
function present(members: Uint32Array, flags: Uint16Array): Uint32Array {
  const isThere = (member: number) => ((flags[member] ?? 0) & (flag.dim | flag.old)) !== flag.dim;
  const there = members.filter(isThere);
  return there.length > 0 ? there : members;
}

/** Of what is known; NaN where nothing is. */
function sumOf(members: Uint32Array, values: Float32Array): number {
  let sum = NaN;
  for (const member of members) {
    const value = values[member] ?? NaN;
    if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
  }
  return sum;
}

/** Failed of all requests (of bytes both ways) whose fate is known. */
function ratioOf(members: Uint32Array, { rate, back, errorRate }: EdgesToFold): number {
  let [all, failed] = [0, 0];
  for (const member of members) {
    const [there, share] = [rate[member] ?? NaN, errorRate[member] ?? NaN];
    if (Number.isNaN(there) || Number.isNaN(share)) continue;
    const backwards = back[member] ?? NaN;
    const amount = Number.isNaN(backwards) ? there : there + backwards;
    all += amount;
    failed += amount * share;
  }
  return all > 0 ? failed / all : NaN;
}

function flagsOf(members: Uint32Array, flags: Uint16Array): number {
  let [some, all] = [0, 0xffff];
  for (const member of members) {
    some |= flags[member] ?? 0;
    all &= flags[member] ?? 0;
  }
  // One old number makes a sum old.
  return (some & ~ofAll) | (all & ofAll) | (some & flag.old ? flag.dim : 0);
}

/**
 * Judged as one: failing where so much of the sum fails (of bytes: flows over failing edges) that one edge would be;
 * degraded where any member is in trouble. So one failing edge among a thousand good ones is seen, but not as a failure
 * of all.
 */
function stateOf(members: Uint32Array, edges: EdgesToFold, errorRate: number): number {
  let worst = unknown;
  let [all, lost] = [0, 0];
  const order = [unknown, idle, healthy, degraded, failing];
  for (const member of members) {
    const state = edges.state[member] ?? unknown;
    if (order.indexOf(state) > order.indexOf(worst)) worst = state;
    const rate = edges.rate[member] ?? NaN;
    if (Number.isNaN(rate)) continue;
    all += rate;
    if (state === failing) lost += rate;
  }
  if (worst !== degraded && worst !== failing) return worst;
  const share = Number.isNaN(errorRate) ? (all > 0 ? lost / all : worst === failing ? 1 : 0) : errorRate;
  return share >= failingShare ? failing : degraded;
}
