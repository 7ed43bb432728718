import { nodeVerdict } from "../../health/nodeHealth.ts";
import { noteVerdicts } from "../../health/notes.ts";
import { worstOf } from "../../health/verdict.ts";
import type { NodeView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import type { ClusterKey, ObjectRef } from "../../model/refs.ts";
import type { Row } from "../trees/lazyTree.ts";
import { childId } from "../trees/nodeId.ts";
import { noteFacts, reasonFacts } from "../tooltip.ts";
import type { ExplorerWorld } from "../world.ts";
import { firstThree, plainly } from "./rowFacts.ts";

/** The node that a pod runs on: the last level. Where nodes may not be read there is its name. */
export function nodeRow(
  cluster: ClusterKey,
  name: string,
  { parentId, world }: { readonly parentId: string; readonly world: ExplorerWorld },
): Row {
  const ref: ObjectRef = { cluster, group: "", kind: "Node", namespace: "", name };
  const view = world.nodeOf(cluster, name);
  const verdict = view ? nodeVerdict(view, world) : worstOf(noteVerdicts(ref, world.notes));
  return {
    node: {
      id: childId(parentId, "node", name),
      parentId,
      kind: "node",
      label: name,
      facts: view ? firstThree(nodeFacts(view)) : [],
      state: verdict.state,
      ref,
      tokens: ["fy.node", "fy.drill", "fy.document"],
      hasChildren: false,
    },
    facts: () => [
      { name: say("Node"), value: say("{0} of {1}", name, world.contextOf(cluster)) },
      ...(view ? [] : [{ name: say("Note"), value: say("Its conditions are not known: nodes cannot be read") }]),
      ...(view?.zone === undefined ? [] : [{ name: say("Zone"), value: plainly(view.zone) }]),
      ...(view?.isUnschedulable ? [{ name: say("Scheduling"), value: say("cordoned: no new pods") }] : []),
      ...capacityFacts(view, world),
      ...reasonFacts(verdict),
      ...noteFacts(ref, world),
    ],
  };
}

function nodeFacts({ isReady, pressures, isUnschedulable, zone }: NodeView): readonly Message[] {
  return [
    ...(isReady === false ? [say("not ready")] : []),
    ...(pressures.includes("MemoryPressure") ? [say("memory pressure")] : []),
    ...(pressures.includes("DiskPressure") ? [say("disk pressure")] : []),
    ...(pressures.includes("PIDPressure") ? [say("too few process IDs")] : []),
    ...(pressures.includes("NetworkUnavailable") ? [say("no network")] : []),
    ...(isUnschedulable ? [say("cordoned")] : []),
    ...(zone === undefined ? [] : [plainly(zone)]),
  ];
}

function capacityFacts(view: NodeView | undefined, { format }: ExplorerWorld) {
  const { allocatableCores, allocatableBytes } = view ?? {};
  if (allocatableCores === undefined && allocatableBytes === undefined) return [];
  const value = say("{0}, {1}", format.cores(allocatableCores), format.bytes(allocatableBytes));
  return [{ name: say("Allocatable"), value }];
}
