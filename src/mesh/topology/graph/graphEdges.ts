import type { Format } from "../../format/format.ts";
import type { ToleranceSet } from "../../health/tolerances.ts";
import { TupleIndex } from "../../telemetry/edges/tupleIndex.ts";
import type { EdgeDraft } from "./edgeDrafts.ts";
import type { Quantiles } from "./edgeLatency.ts";
import { edgeState } from "./edgeHealth.ts";
import type { GraphEdge, GraphView } from "./graph.ts";
import { edgeId } from "./graphIds.ts";
import type { NodeDraft } from "./nodeDrafts.ts";
import { noRatesByName } from "./ratesByName.ts";

/** What edges are made with. */
export interface EdgeContext {
  readonly view: GraphView;
  readonly format: Format;
  readonly toleratedBy: (node: NodeDraft) => ToleranceSet;
  readonly latencyOf: (edge: EdgeDraft) => Quantiles;
  readonly lacksMtls: (edge: EdgeDraft) => boolean;
  readonly shareOf: (edge: EdgeDraft) => number;
}

export function graphEdge(edge: EdgeDraft, context: EdgeContext): GraphEdge {
  const { source, target, protocol, isFirst } = edge;
  const known = edge.withMtls + edge.withoutMtls;
  // Plain properties: to spread into an object costs more than all else here.
  const { p50, p95, p99 } = context.latencyOf(edge);
  return {
    id: edgeId(source.id, target.id, { protocol, isFirst, view: context.view }),
    source: source.index,
    target: target.index,
    protocol,
    rps: edge.countsRequests ? edge.rps : NaN,
    errorsPerSecond: edge.countsRequests ? edge.errorsPerSecond : NaN,
    errorRate: errorRateOf(edge),
    share: context.shareOf(edge),
    p50,
    p95,
    p99,
    sentBytesPerSecond: edge.countsBytes ? edge.sentBytesPerSecond : NaN,
    receivedBytesPerSecond: edge.countsBytes ? edge.receivedBytesPerSecond : NaN,
    mtls: known > 0 ? edge.withMtls / known : NaN,
    state: edgeState(edge, context),
    lacksMtls: context.lacksMtls(edge),
    responseCodes: edge.codes ?? noRatesByName,
    flags: edge.flags ?? noRatesByName,
    calls: edge.calls,
    isFirst,
  };
}

function errorRateOf(edge: EdgeDraft): number {
  if (edge.countsRequests) return edge.rps > 0 ? edge.errorsPerSecond / edge.rps : NaN;
  const bytes = volumeOf(edge);
  return bytes > 0 ? edge.flaggedBytes / bytes : NaN;
}

/** Of what the source sends in this protocol (requests, else bytes), the part that goes along an edge. */
export function shares(edges: readonly EdgeDraft[]): (edge: EdgeDraft) => number {
  const groups = new TupleIndex(3, edges.length);
  const groupOf = new Int32Array(edges.length);
  const totals = new Float64Array(edges.length);
  for (const edge of edges) {
    const { tuple } = groups;
    tuple[0] = edge.source.index;
    tuple[1] = edge.protocolIndex;
    tuple[2] = edge.isFirst ? 1 : 0;
    const group = groups.intern();
    groupOf[edge.index] = group;
    totals[group] = (totals[group] ?? 0) + volumeOf(edge);
  }
  return (edge) => {
    const total = totals[groupOf[edge.index] ?? 0] ?? 0;
    return total > 0 ? volumeOf(edge) / total : NaN;
  };
}

function volumeOf(edge: EdgeDraft): number {
  return edge.countsRequests ? edge.rps : edge.sentBytesPerSecond + edge.receivedBytesPerSecond;
}
