import { nodeKinds, type GraphNodeKind } from "../../src/mesh/topology/graph/graph.ts";
import type { LayoutInput } from "../../src/mesh/topology/layout/layout.ts";
import type { Picture } from "./picture.ts";

/** Called by name, hence to the left of what runs. */
const named: ReadonlySet<GraphNodeKind> = new Set<GraphNodeKind>(["service", "serviceEntry", "external"]);

/** What of a snapshot decides where things stand; numbers do not. */
export function layoutInputOf({ snapshot, ids }: Pick<Picture, "snapshot" | "ids">): LayoutInput {
  const { nodes, boxes, edges } = snapshot;
  const nodeRank = Uint8Array.from(nodes.kind, (kind) => (named.has(nodeKinds[kind] ?? "unknown") ? 0 : 1));
  return {
    nodeCount: nodes.count,
    nodeBox: nodes.box,
    nodeRank,
    boxParent: boxes.parent,
    boxKind: boxes.kind,
    edgeSource: edges.source,
    edgeTarget: edges.target,
    nodeKeys: ids.nodes,
    boxKeys: ids.boxes,
  };
}
