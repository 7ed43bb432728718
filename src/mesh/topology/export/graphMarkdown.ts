import type { Format } from "../../format/format.ts";
import { say, type Message } from "../../message.ts";
import type { GraphEdge, GraphNode, TopologyGraph } from "../graph/graph.ts";
import { endsOf, plainName } from "./exportText.ts";

/** Two tables, nodes and edges, with numbers as people read them. Names are text: nothing in them is Markdown or HTML. */
export function graphMarkdown(
  { nodes, edges }: TopologyGraph,
  format: Format,
  words: (message: Message) => string,
): string {
  const nodeHead = [
    say("Name"),
    say("Kind"),
    say("Namespace"),
    say("Cluster"),
    say("Health"),
    say("Rate"),
    say("Errors"),
  ];
  const edgeHead = [say("From"), say("To"), say("Protocol"), say("Rate"), say("Errors"), say("p95"), say("mTLS")];
  const nodeRows = nodes.map((node) => nodeCells(node, format));
  const edgeRows = edges.flatMap((edge) => {
    const ends = endsOf(edge, nodes);
    return ends ? [edgeCells(edge, ends, format)] : [];
  });
  return [...table(nodeHead.map(words), nodeRows), "", ...table(edgeHead.map(words), edgeRows), ""].join("\n");
}

function nodeCells({ name, kind, namespace, place, state, rpsIn, errorRate }: GraphNode, format: Format): string[] {
  const where = [namespace, place.label].map((text) => (text === "" ? "" : plainName(text)));
  return [plainName(name), kind, ...where, state, format.rate(rpsIn), format.share(errorRate)];
}

function edgeCells(edge: GraphEdge, [source, target]: readonly [GraphNode, GraphNode], format: Format): string[] {
  const { protocol, rps, errorRate, p95, mtls, sentBytesPerSecond, receivedBytesPerSecond } = edge;
  const rate = Number.isNaN(rps) ? format.flow(receivedBytesPerSecond, sentBytesPerSecond) : format.rate(rps);
  const ends = [source, target].map(({ namespace, name }) =>
    namespace === "" ? plainName(name) : `${plainName(namespace)}/${plainName(name)}`,
  );
  return [...ends, plainName(protocol), rate, format.share(errorRate), format.latency(p95), format.share(mtls)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(" | ")} |`;
  return [line(head), `|${head.map(() => " --- |").join("")}`, ...rows.map(line)];
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>()#+!|~&:@$]/g, (sign) =>
    sign === "<" ? "&lt;" : sign === "&" ? "&amp;" : `\\${sign}`,
  );
}
