import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import type { Presence, TrackedGraph } from "../../mesh/topology/graph/presence.ts";

/**
 * What is there now and not switched off. What the last reading does not have and is still drawn for a moment is left
 * out: its numbers are older than the file says. Boxes that nothing is in go with it.
 */
export function shownGraph(graph: TrackedGraph | TopologyGraph, hidden: ReadonlySet<string>): TopologyGraph {
  const [nodePresence, edgePresence] =
    "nodePresence" in graph ? [graph.nodePresence, graph.edgePresence] : [undefined, undefined];
  const nodeAt = new Map<number, number>();
  graph.nodes.forEach(({ id }, at) => {
    if (!hidden.has(id) && isSeen(nodePresence?.[at])) nodeAt.set(at, nodeAt.size);
  });
  const used = new Set<number>();
  for (const at of nodeAt.keys()) {
    for (let box = graph.nodes[at]?.box; box !== undefined && !used.has(box); box = graph.boxes[box]?.parent)
      used.add(box);
  }
  const boxAt = new Map([...used].sort((a, b) => a - b).map((old, at) => [old, at]));
  const movedBox = (box: number | undefined): number | undefined => (box === undefined ? undefined : boxAt.get(box));
  return {
    view: graph.view,
    nodes: graph.nodes.flatMap((node, at) => (nodeAt.has(at) ? [{ ...node, box: movedBox(node.box) }] : [])),
    boxes: graph.boxes.flatMap((box, at) => (boxAt.has(at) ? [{ ...box, parent: movedBox(box.parent) }] : [])),
    edges: graph.edges.flatMap((edge, at) => {
      const [source, target] = [nodeAt.get(edge.source), nodeAt.get(edge.target)];
      if (source === undefined || target === undefined || !isSeen(edgePresence?.[at])) return [];
      return [{ ...edge, source, target }];
    }),
  };
}

function isSeen(presence: Presence | undefined): boolean {
  return presence === undefined || presence === "seen";
}
