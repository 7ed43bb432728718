import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Call } from "../../mesh/telemetry/edges/calls.ts";
import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import { selectionOf, type GraphSelection } from "../../mesh/topology/graph/selection.ts";
import type { Target } from "../../protocol/topology/topologyContract.ts";

/** What is selected in a picture, and the calls that it stands for. */
export interface Selected extends GraphSelection {
  readonly target: Target;
}

/** Throws where the picture has it no more. */
export function selectedIn(graph: TopologyGraph, target: Target): Selected {
  const found = selectionOf(graph, target);
  if (!found) throw notInPicture();
  return { target, ...found };
}

export function notInPicture(): MeshError {
  return new MeshError("not-found", say("This is no longer in the picture."), {
    hint: say("It had no traffic in the last readings, or is not shown any more."),
  });
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
