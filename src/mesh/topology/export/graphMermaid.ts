import type { Format } from "../../format/format.ts";
import type { GraphNode, TopologyGraph } from "../graph/graph.ts";
import { edgeText, nodeText } from "./exportText.ts";

/** A Mermaid flowchart: a subgraph for each box, left to right along the traffic. */
export function graphMermaid({ nodes, boxes, edges }: TopologyGraph, format: Format): string {
  const lines: string[] = [];
  const open = (box: number | undefined, indent: string): void => {
    for (const [i, { name, parent }] of boxes.entries()) {
      if (parent !== box) continue;
      lines.push(`${indent}subgraph b${i} [${quoted(name)}]`);
      open(i, `${indent}  `);
      lines.push(`${indent}end`);
    }
    for (const [i, node] of nodes.entries()) if (node.box === box) lines.push(`${indent}n${i}${shaped(node)}`);
  };
  open(undefined, "  ");
  for (const edge of edges) {
    const arrow = edge.protocol === "tcp" ? "-.->" : "-->";
    lines.push(`  n${edge.source} ${arrow}|${quoted(edgeText(edge, format))}| n${edge.target}`);
  }
  return `flowchart LR\n${lines.join("\n")}\n`;
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

/** Mermaid reads entities in quoted text, and nothing else once these are gone. */
function quoted(text: string): string {
  return `"${text.replace(/[#&"<>`]/g, (sign) => `#${sign.charCodeAt(0)};`).replace(/\p{Cc}/gu, " ")}"`;
}
