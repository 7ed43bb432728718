import type { Format } from "../../format/format.ts";
import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "../graph/graph.ts";

/** Longer names are cut where a picture is made of them: 10 kB of a label's value would fill it. */
const longestName = 120;

// What cannot be seen, breaks a line or turns the direction of text.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** A name as people may see it: one line, nothing hidden in it, never empty. */
export function plainName(name: string): string {
  const shown = name.slice(0, 4 * longestName).replace(unseen, "\ufffd");
  const signs = Array.from(shown);
  if (signs.length > longestName) return `${signs.slice(0, longestName).join("")}…`;
  return shown.trim() === "" ? "–" : shown;
}

/** "reviews-v2 (shop)". */
export function nodeText({ kind, name, namespace }: GraphNode): string {
  if (kind === "namespace" || namespace === "") return plainName(name);
  return `${plainName(name)} (${plainName(namespace)})`;
}

/** "http 12 rps 8.3%", "tcp ↑1.6 kB/s ↓0.9 kB/s". */
export function edgeText(edge: GraphEdge, format: Format): string {
  const { protocol, rps, errorRate, sentBytesPerSecond, receivedBytesPerSecond } = edge;
  const amount = Number.isNaN(rps)
    ? `↑${format.throughput(sentBytesPerSecond)} ↓${format.throughput(receivedBytesPerSecond)}`
    : format.rate(rps);
  const parts = [plainName(protocol), amount, errorRate > 0 ? format.share(errorRate) : ""];
  return parts.filter((part) => part !== "").join(" ");
}

/** How the parts of a nested text are written; `index` counts among the graph's boxes or nodes. */
export interface NestedWriting {
  readonly open: (box: GraphBox, index: number) => readonly string[];
  readonly close: string;
  readonly node: (node: GraphNode, index: number) => string;
}

/** The boxes with what is in them, indented, and then what is in none. */
export function nestedLines({ nodes, boxes }: TopologyGraph, writing: NestedWriting): string[] {
  const inner = new Map<number | undefined, number[]>();
  const members = new Map<number | undefined, number[]>();
  for (const [index, { parent }] of boxes.entries()) note(inner, parent, index);
  for (const [index, { box }] of nodes.entries()) note(members, box, index);
  const lines: string[] = [];
  const write = (box: number | undefined, indent: string): void => {
    for (const index of inner.get(box) ?? []) {
      const here = boxes[index];
      if (!here) continue;
      const [first = "", ...more] = writing.open(here, index);
      lines.push(`${indent}${first}`, ...more.map((line) => `${indent}  ${line}`));
      write(index, `${indent}  `);
      lines.push(`${indent}${writing.close}`);
    }
    for (const index of members.get(box) ?? []) {
      const node = nodes[index];
      if (node) lines.push(`${indent}${writing.node(node, index)}`);
    }
  };
  write(undefined, "  ");
  return lines;
}

function note(groups: Map<number | undefined, number[]>, key: number | undefined, index: number): void {
  const group = groups.get(key);
  if (group) group.push(index);
  else groups.set(key, [index]);
}

/** Both ends, or undefined where an edge points to nothing. */
export function endsOf(edge: GraphEdge, nodes: readonly GraphNode[]): [GraphNode, GraphNode] | undefined {
  const [source, target] = [nodes[edge.source], nodes[edge.target]];
  return source && target && [source, target];
}
