import type { Format } from "../../format/format.ts";
import type { GraphEdge, GraphNode } from "../graph/graph.ts";

/** "reviews-v2 (shop)". */
export function nodeText({ kind, name, namespace }: GraphNode): string {
  if (kind === "namespace" || namespace === "") return name;
  return `${name} (${namespace})`;
}

/** "http 12 rps 8.3%", "tcp ↑1.6 kB/s ↓0.9 kB/s". */
export function edgeText(edge: GraphEdge, format: Format): string {
  const { protocol, rps, errorRate, sentBytesPerSecond, receivedBytesPerSecond } = edge;
  if (Number.isNaN(rps)) {
    return `${protocol} ↑${format.throughput(sentBytesPerSecond)} ↓${format.throughput(receivedBytesPerSecond)}`;
  }
  return [protocol, format.rate(rps), errorRate > 0 ? format.share(errorRate) : ""]
    .filter((part) => part !== "")
    .join(" ");
}
