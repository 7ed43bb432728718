import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import { isStale, isStalePlace } from "../../mesh/topology/reading/staleCalls.ts";
import type { TopologyReading } from "../../mesh/topology/reading/topologyReading.ts";
import { flag } from "../../protocol/topology/graphSnapshot.ts";
import type { Marks } from "../../protocol/topology/snapshotOf.ts";

/** Dims what a store that does not answer told before: old numbers never look like current ones. */
export function withStale(
  reading: Pick<TopologyReading, "speakers" | "staleSince">,
  { nodes, edges }: Pick<TopologyGraph, "nodes" | "edges">,
  marks: Marks,
): Marks {
  if (!reading.staleSince || reading.staleSince.size === 0) return marks;
  const dim = (mark: number | undefined, isOld: boolean) => (mark ?? 0) | (isOld ? flag.dim | flag.old : 0);
  return {
    nodes: Uint16Array.from(nodes, ({ place }, i) => dim(marks.nodes[i], isStalePlace(reading, place))),
    edges: Uint16Array.from(edges, (edge, i) => dim(marks.edges[i], isStale(reading, edge))),
  };
}
