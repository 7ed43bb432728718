import type { EdgeDraft } from "./edgeDrafts.ts";
import type { FlowSums } from "./flowHealth.ts";
import type { GraphView } from "./graph.ts";

/** What flows to and from a node, each request counted once at it. */
export interface NodeFlow {
  /** undefined where no requests or bytes are known of. */
  in: FlowSums | undefined;
  out: FlowSums | undefined;
  /** The edges that these are the sums of. */
  inEdges: EdgeDraft[] | undefined;
  outEdges: EdgeDraft[] | undefined;
}

/** Of nodes that no edge touches. */
export const noFlows: NodeFlow = { in: undefined, out: undefined, inEdges: undefined, outEdges: undefined };

/**
 * By node. In the view of services a service calls others and passes calls on to its workloads: only the first is what
 * it sends.
 */
export function nodeFlows(edges: readonly EdgeDraft[], count: number, view: GraphView): readonly NodeFlow[] {
  const flows: NodeFlow[] = Array.from({ length: count }, () => ({ ...noFlows }));
  for (const edge of edges) {
    const target = flows[edge.target.index];
    if (target) {
      addTo((target.in ??= noFlow()), edge);
      (target.inEdges ??= []).push(edge);
    }
    const source = flows[edge.source.index];
    if (source && (edge.isFirst || view !== "service")) {
      addTo((source.out ??= noFlow()), edge);
      (source.outEdges ??= []).push(edge);
    }
  }
  return flows;
}

function noFlow(): FlowSums {
  return {
    rps: 0,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    grpcPerSecond: 0,
    grpcErrorsPerSecond: 0,
    noResponsePerSecond: 0,
    countsRequests: false,
    countsBytes: false,
    sentBytesPerSecond: 0,
    receivedBytesPerSecond: 0,
    flaggedBytes: 0,
  };
}

function addTo(flow: FlowSums, edge: EdgeDraft): void {
  flow.rps += edge.rps;
  flow.errorsPerSecond += edge.errorsPerSecond;
  flow.clientErrorsPerSecond += edge.clientErrorsPerSecond;
  flow.noResponsePerSecond += edge.noResponsePerSecond;
  flow.grpcPerSecond += edge.grpcPerSecond;
  flow.grpcErrorsPerSecond += edge.grpcErrorsPerSecond;
  flow.sentBytesPerSecond += edge.sentBytesPerSecond;
  flow.receivedBytesPerSecond += edge.receivedBytesPerSecond;
  flow.flaggedBytes += edge.flaggedBytes;
  flow.countsRequests ||= edge.countsRequests;
  flow.countsBytes ||= edge.countsBytes;
}
