import type { Format } from "../../format/format.ts";
import type { TopologyGraph } from "../graph/graph.ts";
import { edgeText, nodeText } from "./exportText.ts";

/** Graphviz' language: a box for each box of the graph, left to right along the traffic. */
export function graphDot({ nodes, boxes, edges }: TopologyGraph, format: Format): string {
  const lines: string[] = [];
  const open = (box: number | undefined, indent: string): void => {
    for (const [i, { id, name, parent }] of boxes.entries()) {
      if (parent !== box) continue;
      lines.push(`${indent}subgraph ${quoted(`cluster ${id}`)} {`, `${indent}  label=${quoted(name)};`);
      open(i, `${indent}  `);
      lines.push(`${indent}}`);
    }
    for (const node of nodes) {
      if (node.box === box) lines.push(`${indent}${quoted(node.id)} [label=${quoted(nodeText(node))}];`);
    }
  };
  open(undefined, "  ");
  for (const edge of edges) {
    const [source, target] = [nodes[edge.source], nodes[edge.target]];
    if (!source || !target) continue;
    const style = edge.protocol === "tcp" ? ", style=dashed" : "";
    lines.push(`  ${quoted(source.id)} -> ${quoted(target.id)} [label=${quoted(edgeText(edge, format))}${style}];`);
  }
  return `digraph mesh {\n  rankdir=LR;\n  node [shape=box];\n${lines.join("\n")}\n}\n`;
}

/** A string of DOT: only quotes and backslashes mean something in it; a control character would end nothing. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, " ")}"`;
}
