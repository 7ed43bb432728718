import type { Format } from "../../format/format.ts";
import type { EdgeDraft } from "./edgeDrafts.ts";
import type { Quantiles } from "./edgeLatency.ts";
import { flowHealth } from "./flowHealth.ts";
import type { GraphEdge, GraphView } from "./graph.ts";
import { edgeId } from "./graphIds.ts";

/** What edges are made with. */
export interface EdgeContext {
  readonly view: GraphView;
  readonly format: Format;
  readonly latencyOf: (edge: EdgeDraft) => Quantiles;
  readonly lacksMtls: (edge: EdgeDraft) => boolean;
  readonly shareOf: (edge: EdgeDraft) => number;
}

export function graphEdge(edge: EdgeDraft, context: EdgeContext): GraphEdge {
  const { source, target, protocol, isFirst } = edge;
  const known = edge.withMtls + edge.withoutMtls;
  return {
    id: edgeId(source.id, target.id, { protocol, isFirst, view: context.view }),
    source: source.index,
    target: target.index,
    protocol,
    rps: edge.countsRequests ? edge.rps : NaN,
    errorsPerSecond: edge.countsRequests ? edge.errorsPerSecond : NaN,
    errorRate: edge.rps > 0 ? edge.errorsPerSecond / edge.rps : NaN,
    share: context.shareOf(edge),
    ...context.latencyOf(edge),
    sentBytesPerSecond: edge.countsBytes ? edge.sentBytesPerSecond : NaN,
    receivedBytesPerSecond: edge.countsBytes ? edge.receivedBytesPerSecond : NaN,
    mtls: known > 0 ? edge.withMtls / known : NaN,
    state: flowHealth(edge, context.format).state,
    lacksMtls: context.lacksMtls(edge),
    responseCodes: recordOf(edge.codes),
    flags: recordOf(edge.flags),
    calls: edge.calls,
    isFirst,
  };
}

/** Of what the source sends in this protocol (requests, else bytes), the part that goes along an edge. */
export function shares(edges: readonly EdgeDraft[]): (edge: EdgeDraft) => number {
  const totals = new Map<string, number>();
  const keyOf = ({ source, protocol, isFirst }: EdgeDraft): string => `${source.index} ${isFirst} ${protocol}`;
  for (const edge of edges) totals.set(keyOf(edge), (totals.get(keyOf(edge)) ?? 0) + volumeOf(edge));
  return (edge) => {
    const total = totals.get(keyOf(edge)) ?? 0;
    return total > 0 ? volumeOf(edge) / total : NaN;
  };
}

function volumeOf(edge: EdgeDraft): number {
  return edge.countsRequests ? edge.rps : edge.sentBytesPerSecond + edge.receivedBytesPerSecond;
}

// fromEntries defines properties and never assigns, so a flag "__proto__" stays a key.
function recordOf(map: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(map);
}
