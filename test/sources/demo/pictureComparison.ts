import type { GraphEdge, GraphNode, TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import type { TruthEdge, TruthEnd } from "../../../src/sources/demo/telemetry/edges/edgeTruth.ts";

// A picture's edges against the demo's truth. In the views of workloads a call is drawn twice: from its caller to the
// service, and from the service to who answers.

/** What the truth says of both kinds of edges. */
export interface PictureTruth {
  /** Destinations not told apart. */
  readonly calls: readonly TruthEdge[];
  /** Sources not told apart. */
  readonly answers: readonly TruthEdge[];
}

/** What differs by more than `tolerance` (of the true value), in words. */
export function pictureDifferences(graph: TopologyGraph, truth: PictureTruth, tolerance: number): readonly string[] {
  const wrong: string[] = [];
  const drawn = new Map(graph.edges.map((edge) => [keyOfDrawn(graph.nodes, edge), edge]));
  const expected = new Map<string, TruthEdge>();
  for (const edge of truth.calls) {
    const caller = edge.source ? nameOf(edge.source) : `unknown in ${edge.service.clusterId}`;
    expected.set(`${caller} > ${serviceOf(edge)} : ${edge.protocol}`, edge);
  }
  for (const edge of truth.answers) {
    if (!edge.destination) continue;
    expected.set(`${serviceOf(edge)} > ${nameOf(edge.destination)} : ${edge.protocol}`, edge);
  }
  for (const key of drawn.keys()) if (!expected.has(key)) wrong.push(`${key}: is not in the truth`);
  for (const [key, edge] of expected) {
    const found = drawn.get(key);
    if (found) compare(key, edge, found, { tolerance, wrong });
    else wrong.push(`${key}: is missing`);
  }
  return wrong;
}

function compare(
  key: string,
  truth: TruthEdge,
  drawn: GraphEdge,
  { tolerance, wrong }: { readonly tolerance: number; readonly wrong: string[] },
): void {
  const names = ["rps", "errorRate", "p50", "p95", "p99", "sentBytesPerSecond", "receivedBytesPerSecond"] as const;
  for (const name of names) {
    // Bytes have no code; what went wrong with them is in their response flags, and the demo's TCP has none.
    const isFlawlessTcp = name === "errorRate" && truth.protocol === "tcp";
    const [expected, actual] = [isFlawlessTcp ? 0 : truth[name], drawn[name]];
    const isRight = expected === null ? Number.isNaN(actual) : Math.abs(actual - expected) <= expected * tolerance;
    if (!isRight) wrong.push(`${key}, ${name}: ${actual} is not ${expected}`);
  }
}

function keyOfDrawn(nodes: readonly GraphNode[], edge: GraphEdge): string {
  return `${drawnName(nodes[edge.source])} > ${drawnName(nodes[edge.target])} : ${edge.protocol}`;
}

function drawnName(node: GraphNode | undefined): string {
  if (!node) return "nothing";
  const { kind, place, namespace, name } = node;
  if (kind === "unknown") return `unknown in ${place.label}`;
  if (kind === "external") return name;
  const what = kind === "service" || kind === "serviceEntry" ? "service" : "workload";
  return `${what} ${place.label}/${namespace}/${name}`;
}

function nameOf({ clusterId, namespace, workload }: TruthEnd): string {
  return `workload ${clusterId}/${namespace}/${workload}`;
}

function serviceOf({ service }: TruthEdge): string {
  const isCatchAll = service.name.endsWith("Cluster");
  return isCatchAll ? service.name : `service ${service.clusterId}/${service.namespace}/${service.name}`;
}
