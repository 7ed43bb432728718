import { flag, type GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";

/** Edges by node, in one array: those of node n are `edges[start[n]]` to before `edges[start[n + 1]]`. */
export interface Adjacency {
  readonly start: Uint32Array;
  readonly edges: Uint32Array;
}

/** @param side whose ends the edges are looked up by; ends below zero (collapsed boxes) are left out */
export function adjacencyOf(nodeCount: number, side: ArrayLike<number>, isKept?: Uint8Array): Adjacency {
  const start = new Uint32Array(nodeCount + 1);
  const counts = (edge: number) => (isKept ? isKept[edge] === 1 : true) && (side[edge] ?? -1) >= 0;
  for (let edge = 0; edge < side.length; edge++) {
    if (!counts(edge)) continue;
    const next = (side[edge] ?? 0) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let node = 0; node < nodeCount; node++) start[node + 1] = (start[node + 1] ?? 0) + (start[node] ?? 0);
  const edges = new Uint32Array(start[nodeCount] ?? 0);
  const at = start.slice();
  for (let edge = 0; edge < side.length; edge++) {
    if (!counts(edge)) continue;
    const node = side[edge] ?? 0;
    const place = at[node] ?? 0;
    edges[place] = edge;
    at[node] = place + 1;
  }
  return { start, edges };
}

/**
 * Nodes within so many calls of any of `starts`: all they call, and all that call them. A call to a service and from
 * there to its workloads is one: a service's split costs nothing.
 * @returns 1 per node that is in reach
 */
export function withinHops(
  snapshot: GraphSnapshot,
  starts: readonly number[],
  hops: number,
  isKept: Uint8Array,
): Uint8Array {
  const { nodes, edges } = snapshot;
  const reached = new Uint8Array(nodes.count);
  for (const [from, to] of [
    [edges.source, edges.target],
    [edges.target, edges.source],
  ] as const) {
    const adjacency = adjacencyOf(nodes.count, from, isKept);
    spread({ adjacency, to, flags: edges.flags, hops }, starts, reached);
  }
  return reached;
}

interface Direction {
  readonly adjacency: Adjacency;
  readonly to: Uint32Array;
  readonly flags: Uint16Array;
  readonly hops: number;
}

function spread({ adjacency, to, flags, hops }: Direction, starts: readonly number[], reached: Uint8Array): void {
  const distance = new Map<number, number>();
  let ring = new Set(starts);
  for (const start of starts) distance.set(start, 0);
  for (let hop = 0; hop <= hops && ring.size > 0; hop++) {
    const next = new Set<number>();
    // Grows while it is walked: what costs nothing belongs to the same ring.
    for (const node of ring) {
      reached[node] = 1;
      for (let i = adjacency.start[node] ?? 0; i < (adjacency.start[node + 1] ?? 0); i++) {
        const edge = adjacency.edges[i] ?? 0;
        const other = to[edge] ?? 0;
        const isCall = ((flags[edge] ?? 0) & flag.first) !== 0;
        const cost = hop + (isCall ? 1 : 0);
        if ((distance.get(other) ?? Infinity) <= cost) continue;
        distance.set(other, cost);
        (isCall ? next : ring).add(other);
      }
    }
    ring = next;
  }
}
