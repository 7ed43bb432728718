import type { Call } from "../../telemetry/edges/calls.ts";
import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "./graph.ts";

/** A node, an edge or a box of a graph by its id. */
export interface GraphTarget {
  readonly what: "node" | "edge" | "box";
  readonly id: string;
}

/** What of a graph is selected, and the calls that it is about: each once in each list. */
export interface GraphSelection {
  readonly node: GraphNode | undefined;
  readonly edge: GraphEdge | undefined;
  readonly box: GraphBox | undefined;
  /** Of an edge or node, that alone; of a box, all that is in it. */
  readonly nodes: readonly GraphNode[];
  /** What it is asked; of an edge, all that flows along it. */
  readonly inbound: readonly Call[];
  /** What it asks. Services ask nothing: they pass on. */
  readonly outbound: readonly Call[];
  /** Both together: to ask the stores for exactly these (`readSelection`). */
  readonly calls: readonly Call[];
}

/** undefined where the graph has no such thing (any more). */
export function selectionOf(graph: TopologyGraph, target: GraphTarget): GraphSelection | undefined {
  switch (target.what) {
    case "edge": {
      const edge = graph.edges.find(({ id }) => id === target.id);
      if (!edge) return undefined;
      const ends = [graph.nodes[edge.source], graph.nodes[edge.target]].flatMap((node) => node ?? []);
      const { calls } = edge;
      return { ...{ node: undefined, edge, box: undefined, nodes: ends }, ...{ inbound: calls, outbound: [], calls } };
    }
    case "node": {
      const index = graph.nodes.findIndex(({ id }) => id === target.id);
      const node = graph.nodes[index];
      if (!node) return undefined;
      return { node, edge: undefined, box: undefined, nodes: [node], ...callsOf(graph, new Set([index])) };
    }
    case "box": {
      const index = graph.boxes.findIndex(({ id }) => id === target.id);
      const box = graph.boxes[index];
      if (!box) return undefined;
      const inside = nodesIn(graph, index);
      const nodes = [...inside].flatMap((node) => graph.nodes[node] ?? []);
      return { node: undefined, edge: undefined, box, nodes, ...callsOf(graph, inside) };
    }
  }
}

function callsOf(
  { edges }: TopologyGraph,
  nodes: ReadonlySet<number>,
): Pick<GraphSelection, "inbound" | "outbound" | "calls"> {
  const inbound = new Set<Call>();
  const outbound = new Set<Call>();
  for (const { source, target, isFirst, calls } of edges) {
    if (nodes.has(target)) for (const call of calls) inbound.add(call);
    if (isFirst && nodes.has(source)) for (const call of calls) outbound.add(call);
  }
  return { inbound: [...inbound], outbound: [...outbound], calls: [...new Set([...inbound, ...outbound])] };
}

function nodesIn({ nodes, boxes }: TopologyGraph, box: number): ReadonlySet<number> {
  // Parents stand before their children.
  const inside = new Set([box]);
  boxes.forEach(({ parent }, index) => {
    if (parent !== undefined && inside.has(parent)) inside.add(index);
  });
  const found = new Set<number>();
  nodes.forEach((node, index) => {
    if (node.box !== undefined && inside.has(node.box)) found.add(index);
  });
  return found;
}
