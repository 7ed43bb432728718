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

interface Sum {
  readonly source: SceneEnd;
  readonly target: SceneEnd;
  readonly members: number[];
}

/**
 * Draws each edge between the ends that stand for its nodes, and puts those of one protocol between the same two ends
 * together. What stays within one end vanishes.
 *
 * A call is an edge to a service and another one from there on. Both never join the same two ends in the same
 * direction, unless all three places are one, where both vanish: so a sum counts each request once.
 * @param endOf maps an end of `edges` to what stands for it; returns its argument for what stands for itself
 */
export function foldEdges(edges: EdgesToFold, isKept: Uint8Array, endOf: (end: number) => SceneEnd): SceneEdges {
  const sums = new Map<string, Sum>();
  const folded: Sum[] = [];
  for (let edge = 0; edge < edges.count; edge++) {
    if (isKept[edge] !== 1) continue;
    const [from, to] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
    const [source, target] = [endOf(from), endOf(to)];
    if (source === target && source !== from) continue;
    if (source === from && target === to) {
      folded.push({ source, target, members: [edge] });
      continue;
    }
    const key = `${source}>${target}:${edges.protocol[edge] ?? 0}`;
    const known = sums.get(key);
    if (known) known.members.push(edge);
    else {
      const sum = { source, target, members: [edge] };
      sums.set(key, sum);
      folded.push(sum);
    }
  }
  return columnsOf(folded, edges);
}

function columnsOf(folded: readonly Sum[], edges: EdgesToFold): SceneEdges {
  const count = folded.length;
  const columns = {
    count,
    ...{ source: new Int32Array(count), target: new Int32Array(count), protocol: new Uint8Array(count) },
    ...{ state: new Uint8Array(count), flags: new Uint16Array(count), rate: new Float32Array(count) },
    ...{ back: new Float32Array(count), errorRate: new Float32Array(count), label: new Float32Array(count) },
    single: new Int32Array(count),
  };
  folded.forEach(({ source, target, members }, index) => {
    const first = members[0] ?? 0;
    columns.source[index] = source;
    columns.target[index] = target;
    columns.protocol[index] = edges.protocol[first] ?? 0;
    const isAlone = members.length === 1;
    const errorRate = isAlone ? (edges.errorRate[first] ?? NaN) : ratioOf(members, edges);
    columns.rate[index] = sumOf(members, edges.rate);
    columns.back[index] = sumOf(members, edges.back);
    columns.errorRate[index] = errorRate;
    columns.label[index] = isAlone ? (edges.label[first] ?? NaN) : NaN;
    columns.flags[index] = isAlone ? (edges.flags[first] ?? 0) : flagsOf(members, edges.flags);
    columns.state[index] = isAlone ? (edges.state[first] ?? unknown) : stateOf(members, edges, errorRate);
    columns.single[index] = isAlone ? (edges.single?.[first] ?? first) : -1;
  });
  return columns;
}

/** Of what is known; NaN where nothing is. */
function sumOf(members: readonly number[], values: Float32Array): number {
  let sum = NaN;
  for (const member of members) {
    const value = values[member] ?? NaN;
    if (!Number.isNaN(value)) sum = Number.isNaN(sum) ? value : sum + value;
  }
  return sum;
}

/** Failed of all requests whose fate is known. */
function ratioOf(members: readonly number[], { rate, errorRate }: EdgesToFold): number {
  let [all, failed] = [0, 0];
  for (const member of members) {
    const [requests, share] = [rate[member] ?? NaN, errorRate[member] ?? NaN];
    if (Number.isNaN(requests) || Number.isNaN(share)) continue;
    all += requests;
    failed += requests * share;
  }
  return all > 0 ? failed / all : NaN;
}

function flagsOf(members: readonly number[], flags: Uint16Array): number {
  let [some, all] = [0, 0xffff];
  for (const member of members) {
    some |= flags[member] ?? 0;
    all &= flags[member] ?? 0;
  }
  return (some & ~ofAll) | (all & ofAll);
}

/**
 * Judged as one: failing where so much of the sum fails (of bytes: flows over failing edges) that one edge would be;
 * degraded where any member is in trouble. So one failing edge among a thousand good ones is seen, but not as a failure
 * of all.
 */
function stateOf(members: readonly number[], edges: EdgesToFold, errorRate: number): number {
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
