import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Call } from "../../mesh/telemetry/edges/calls.ts";
import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import type { Target } from "../../protocol/topology/topologyContract.ts";

/** What is selected in a picture, and the calls that it stands for. */
export interface Selected {
  readonly target: Target;
  /** The node, of an edge both ends (source first), of a box those in it. */
  readonly nodes: readonly GraphNode[];
  readonly edge: GraphEdge | undefined;
  readonly box: GraphBox | undefined;
  /** Each call once in each direction; for an edge `inbound` alone. */
  readonly inbound: readonly Call[];
  readonly outbound: readonly Call[];
}

/** Throws where the picture has it no more. */
export function selectedIn(graph: TopologyGraph, target: Target): Selected {
  const found = find(graph, target);
  if (!found) {
    throw new MeshError("not-found", say("This is no longer in the picture."), {
      hint: say("It had no traffic in the last readings, or is not shown any more."),
    });
  }
  return found;
}

function find(graph: TopologyGraph, target: Target): Selected | undefined {
  const { nodes, edges, boxes } = graph;
  if (target.what === "edge") {
    const edge = edges.find(({ id }) => id === target.id);
    if (!edge) return undefined;
    const ends = [edge.source, edge.target].flatMap((end) => nodes[end] ?? []);
    return { target, nodes: ends, edge, box: undefined, inbound: edge.calls, outbound: [] };
  }
  if (target.what === "node") {
    const at = nodes.findIndex(({ id }) => id === target.id);
    const node = nodes[at];
    return node && { target, nodes: [node], edge: undefined, box: undefined, ...flows(graph, (end) => end === at) };
  }
  const at = boxes.findIndex(({ id }) => id === target.id);
  const box = boxes[at];
  if (!box) return undefined;
  const isInside = nodes.map((node) => isWithin(boxes, node.box, at));
  const inside = nodes.filter((_, i) => isInside[i]);
  return { target, nodes: inside, edge: undefined, box, ...flows(graph, (end) => isInside[end] === true) };
}

function isWithin(boxes: readonly GraphBox[], from: number | undefined, outer: number): boolean {
  for (let at = from; at !== undefined; at = boxes[at]?.parent) if (at === outer) return true;
  return false;
}

/** What crosses into the selection and out of it. A service's split repeats its callers' calls, which count once. */
function flows(
  { edges }: TopologyGraph,
  isInside: (end: number) => boolean,
): { readonly inbound: readonly Call[]; readonly outbound: readonly Call[] } {
  const [inbound, outbound] = [new Set<Call>(), new Set<Call>()];
  for (const { source, target, calls } of edges) {
    const [fromInside, toInside] = [isInside(source), isInside(target)];
    if (toInside && !fromInside) for (const call of calls) inbound.add(call);
    if (fromInside && !toInside) for (const call of calls) outbound.add(call);
    // Of a node that calls itself.
    if (fromInside && toInside && source === target) for (const call of calls) inbound.add(call);
  }
  return { inbound: [...inbound], outbound: [...outbound] };
}

/** The object that stands behind it: of an edge, that of its target. */
export function refOf({ nodes, edge }: Selected): ObjectRef | undefined {
  return (edge ? nodes[1] : nodes.length === 1 ? nodes[0] : undefined)?.refs[0];
}

/** As the cluster spells it. */
export function nameOf({ nodes, edge, box }: Selected): string {
  if (box) return box.name;
  const [first, second] = nodes;
  return edge ? `${first?.name ?? ""} → ${second?.name ?? ""}` : (first?.name ?? "");
}

/** The calls that codes, principals and the chart are about: what comes in, else what goes out. */
export function tellingCalls({ inbound, outbound }: Selected): readonly Call[] {
  return inbound.length > 0 ? inbound : outbound;
}
