import { csvText } from "../../format/csv.ts";
import type { GraphEdge, GraphNode, TopologyGraph } from "../graph/graph.ts";

const columns = [
  ...(["row", "id", "kind", "cluster", "namespace", "name", "version", "health", "badges"] as const),
  ...(["source", "target", "protocol", "rps", "errorRate", "share", "p50", "p95", "p99"] as const),
  ...(["sentBytesPerSecond", "receivedBytesPerSecond", "mtls", "responseCodes", "flags"] as const),
];
type Row = Partial<Record<(typeof columns)[number], string | number>>;

/**
 * One table (RFC 4180): a row for each node ("node") and then for each edge ("edge"). Units as in GraphNode and
 * GraphEdge; a node's rps and errorRate are of what comes in. Empty is no data.
 */
export function graphCsv({ nodes, edges }: TopologyGraph): string {
  const rows = [...nodes.map(nodeRow), ...edges.map((edge) => edgeRow(edge, nodes))];
  return csvText([columns, ...rows.map((row) => columns.map((column) => row[column]))]);
}

function nodeRow(node: GraphNode): Row {
  const { id, kind, place, namespace, name, version = "", state, badges, rpsIn, errorRate } = node;
  const { sentBytesPerSecond, receivedBytesPerSecond } = node;
  return {
    ...{ row: "node", id, kind, cluster: place.label, namespace, name, version, health: state },
    ...{ badges: badges.join(" "), rps: rpsIn, errorRate, sentBytesPerSecond, receivedBytesPerSecond },
  };
}

function edgeRow(edge: GraphEdge, nodes: readonly GraphNode[]): Row {
  const { id, protocol, rps, errorRate, share, p50, p95, p99, state, mtls } = edge;
  const { sentBytesPerSecond, receivedBytesPerSecond, responseCodes, flags } = edge;
  const ends = { source: nodes[edge.source]?.id ?? "", target: nodes[edge.target]?.id ?? "" };
  return {
    ...{ row: "edge", id, health: state, ...ends, protocol, rps, errorRate, share, p50, p95, p99 },
    ...{ sentBytesPerSecond, receivedBytesPerSecond, mtls },
    ...{ responseCodes: rates(responseCodes), flags: rates(flags) },
  };
}

/** "200=9.5 503=0.5". */
function rates(byName: Readonly<Record<string, number>>): string {
  return Object.entries(byName)
    .map(([name, rate]) => `${name}=${rate}`)
    .join(" ");
}
