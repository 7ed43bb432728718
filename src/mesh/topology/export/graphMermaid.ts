import type { Format } from "../../format/format.ts";
import type { GraphNode, TopologyGraph } from "../graph/graph.ts";
import { edgeText, endsOf, nestedLines, nodeText, plainName } from "./exportText.ts";

/** A Mermaid flowchart: a subgraph for each box, left to right along the traffic. */
export function graphMermaid(graph: TopologyGraph, format: Format): string {
  const lines = nestedLines(graph, {
    open: ({ name }, index) => [`subgraph b${index} [${quoted(plainName(name))}]`],
    close: "end",
    node: (node, index) => `n${index}${shaped(node)}`,
  });
  for (const edge of graph.edges) {
    if (!endsOf(edge, graph.nodes)) continue;
    const arrow = edge.protocol === "tcp" ? "-.->" : "-->";
    lines.push(`  n${edge.source} ${arrow}|${quoted(edgeText(edge, format))}| n${edge.target}`);
  }
  return ["flowchart LR", ...lines, ""].join("\n");
}

function shaped(node: GraphNode): string {
  const text = quoted(nodeText(node));
  switch (node.kind) {
    case "service":
      return `{{${text}}}`;
    case "serviceEntry":
    case "external":
    case "unknown":
      return `([${text}])`;
    case "gateway":
      return `[/${text}\\]`;
    case "workload":
    case "app":
    case "waypoint":
    case "namespace":
      return `[${text}]`;
  }
}

/**
 * Mermaid reads entities in quoted text. Written as such are its own signs, those of HTML and Markdown, and those of
 * its directives, which it looks for everywhere.
 */
function quoted(text: string): string {
  return `"${text.replace(/[#&"<>`%{};\\*_[\]]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`;
}
