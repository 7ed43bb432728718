import type { DataPlane, ServiceView, WorkloadView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import type { GraphNode, TopologyGraph } from "./graph.ts";
import type { GraphSelection } from "./selection.ts";

/** A named value, e.g. "Version" and "v2". */
export interface SelectionFact {
  readonly name: Message;
  readonly value: Message | string;
}

interface Objects {
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
}

/** Facts about a selection that are no rates. */
export function selectionFacts(
  { node, edge, box, nodes }: GraphSelection,
  graph: TopologyGraph,
  objects: Objects,
): readonly SelectionFact[] {
  if (node) return nodeFacts(node, objects);
  if (edge) {
    const [source, target] = [graph.nodes[edge.source], graph.nodes[edge.target]];
    return [
      { name: say("From"), value: source?.name ?? "" },
      { name: say("To"), value: target?.name ?? "" },
    ];
  }
  if (!box) return [];
  const count = (kinds: readonly string[]): string => String(nodes.filter(({ kind }) => kinds.includes(kind)).length);
  return [
    { name: say("Services"), value: count(["service", "serviceEntry"]) },
    { name: say("Workloads"), value: count(["workload", "app", "gateway", "waypoint"]) },
  ];
}

const planeWords: Readonly<Record<DataPlane, Message>> = {
  sidecar: say("Sidecar"),
  ambient: say("Ambient"),
  gateway: say("Gateway"),
  none: say("Not in the mesh"),
};

function nodeFacts(node: GraphNode, { services, workloads }: Objects): readonly SelectionFact[] {
  const facts: SelectionFact[] = [];
  const note = (name: Message, value: Message | string | undefined): void => {
    if (value !== undefined && value !== "") facts.push({ name, value });
  };
  if (node.replicas) note(say("Replicas"), say("{0} of {1} ready", node.replicas.ready, node.replicas.desired));
  note(say("App"), node.app);
  note(say("Version"), node.version);
  const [workload, ...others] = workloads;
  if (workload && others.length === 0 && services.length === 0) {
    note(say("Kind"), workload.ref.kind);
    note(say("Data plane"), planeWords[workload.dataPlane]);
    note(say("Revision"), workload.revision);
  }
  const [service] = services;
  if (service) {
    note(say("Type"), service.type);
    note(say("Hosts"), service.hosts.join(", "));
    note(say("Ports"), service.ports.map(({ port, protocol }) => `${port} ${protocol}`).join(", "));
    note(say("Workloads"), workloads.map(({ ref }) => ref.name).join(", "));
  }
  if (node.place.isDerived) {
    note(say("Cluster"), say("Not told by the metrics; taken from the store that has them"));
  }
  return facts;
}
