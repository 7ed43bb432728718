import type { TopologyGraph } from "../graph/graph.ts";

/** Requests or bytes per second through one node in one protocol. */
interface Flow {
  rps: number;
  errorsPerSecond: number;
  /** What the callers sent. */
  bytes: number;
  /** In both directions, and of them those with a response flag. */
  allBytes: number;
  flaggedBytes: number;
}

export type Direction = "in" | "out";

/** The edges of each node, summed by protocol when first asked for. */
export class NodeFlows {
  readonly #graph: TopologyGraph;
  #sums: Readonly<Record<Direction, ReadonlyMap<string, Flow>[]>> | undefined;

  constructor(graph: TopologyGraph) {
    this.#graph = graph;
  }

  /** NaN where nothing of it is known. */
  rps(node: number, direction: Direction, protocol: string): number {
    return this.#flow(node, direction, protocol)?.rps ?? NaN;
  }

  /** What the callers sent; NaN where nothing of it is known. */
  bytes(node: number, direction: Direction): number {
    return this.#flow(node, direction, "tcp")?.bytes ?? NaN;
  }

  /** Of the requests (TCP: bytes) that came in, 0 to 1; NaN without any. */
  errorRate(node: number, protocol: string): number {
    const flow = this.#flow(node, "in", protocol);
    if (!flow) return NaN;
    if (flow.rps > 0) return flow.errorsPerSecond / flow.rps;
    return flow.allBytes > 0 ? flow.flaggedBytes / flow.allBytes : NaN;
  }

  #flow(node: number, direction: Direction, protocol: string): Flow | undefined {
    this.#sums ??= sumsOf(this.#graph);
    return this.#sums[direction][node]?.get(protocol);
  }
}

function sumsOf({ nodes, edges }: TopologyGraph): Record<Direction, Map<string, Flow>[]> {
  const sums = { in: nodes.map(() => new Map<string, Flow>()), out: nodes.map(() => new Map<string, Flow>()) };
  for (const edge of edges) {
    for (const flows of [sums.out[edge.source], sums.in[edge.target]]) {
      if (!flows) continue;
      const flow = flows.get(edge.protocol) ?? { rps: 0, errorsPerSecond: 0, bytes: 0, allBytes: 0, flaggedBytes: 0 };
      flows.set(edge.protocol, flow);
      // Not a number stands for what this protocol does not count.
      flow.rps += edge.rps || 0;
      flow.errorsPerSecond += edge.errorsPerSecond || 0;
      flow.bytes += edge.sentBytesPerSecond || 0;
      const bytes = (edge.sentBytesPerSecond || 0) + (edge.receivedBytesPerSecond || 0);
      flow.allBytes += bytes;
      if (Number.isNaN(edge.rps)) flow.flaggedBytes += bytes * (edge.errorRate || 0);
    }
  }
  return sums;
}
