import { fill } from "../../message.ts";
import type { GraphEdge, GraphNode, GraphProblem, TopologyGraph } from "../graph/graph.ts";

/** The graph as `foreyard graph --format json` prints it: a number that nobody knows is null. Units as in GraphEdge. */
export function graphJson({ nodes, edges }: TopologyGraph, problems: readonly GraphProblem[]): string {
  const printed = {
    nodes: nodes.map(nodeOf),
    edges: edges.map((edge) => edgeOf(edge, nodes)),
    problems: problems.map(problemOf),
  };
  return `${JSON.stringify(printed, undefined, 2)}\n`;
}

function nodeOf({ id, kind, place, namespace, name, version, state, badges }: GraphNode) {
  // As the metrics' label says it.
  const isNowhere = namespace === "" && (kind === "external" || kind === "unknown");
  const where = { cluster: place.label, namespace: isNowhere ? "unknown" : namespace };
  return { id, kind, ...where, name, version: version ?? null, health: state, badges };
}

function edgeOf(edge: GraphEdge, nodes: readonly GraphNode[]) {
  const { source, target, protocol, responseCodes, flags } = edge;
  return {
    source: nodes[source]?.id ?? "",
    target: nodes[target]?.id ?? "",
    protocol,
    rps: known(edge.rps),
    errorRate: known(edge.errorRate),
    p50: known(edge.p50),
    p95: known(edge.p95),
    p99: known(edge.p99),
    sentBytesPerSecond: known(edge.sentBytesPerSecond),
    receivedBytesPerSecond: known(edge.receivedBytesPerSecond),
    mtls: known(edge.mtls),
    responseCodes,
    flags,
  };
}

function problemOf({ id, severity, words, hint, query }: GraphProblem) {
  return { id, severity, message: fill(words), hint: hint ? fill(hint) : null, query: query ?? null };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
