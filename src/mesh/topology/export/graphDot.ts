import type { Format } from "../../format/format.ts";
import type { TopologyGraph } from "../graph/graph.ts";
import { edgeText, endsOf, nestedLines, nodeText, plainName } from "./exportText.ts";

/** Graphviz' language: a cluster for each box of the graph, left to right along the traffic. */
export function graphDot(graph: TopologyGraph, format: Format): string {
  const lines = nestedLines(graph, {
    open: ({ id, name }) => [`subgraph ${quoted(`cluster ${id}`)} {`, `label=${quoted(plainName(name))};`],
    close: "}",
    node: (node) => `${quoted(node.id)} [label=${quoted(nodeText(node))}];`,
  });
  for (const edge of graph.edges) {
    const ends = endsOf(edge, graph.nodes);
    if (!ends) continue;
    const [source, target] = ends;
    const style = edge.protocol === "tcp" ? ", style=dashed" : "";
    lines.push(`  ${quoted(source.id)} -> ${quoted(target.id)} [label=${quoted(edgeText(edge, format))}${style}];`);
  }
  return ["digraph mesh {", "  rankdir=LR;", "  node [shape=box];", ...lines, "}", ""].join("\n");
}

/** A string of DOT: quotes and backslashes mean something in it, and entities are read in labels. */
function quoted(text: string): string {
  return `"${text
    .replace(/["\\]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/\p{Cc}/gu, " ")}"`;
}
