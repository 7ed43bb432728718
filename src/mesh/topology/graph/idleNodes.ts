import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";
import type { GraphView } from "./graph.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeDrafts } from "./nodeDrafts.ts";
import type { NamedPlace, PlaceNames } from "./placeNames.ts";

/** What idle nodes are found with. */
export interface IdleContext {
  readonly view: GraphView;
  readonly places: PlaceNames;
  readonly inventory: InventoryIndex;
  readonly asked: ReadonlySet<string> | undefined;
}

/** Adds what the inventory has and no call named; in the namespaces that were asked for. */
export function addIdleNodes(nodes: NodeDrafts, facts: MeshFacts, context: IdleContext): void {
  const { view, places, asked } = context;
  const placeOf = ({ cluster, namespace }: ObjectRef): NamedPlace | undefined =>
    asked && !asked.has(namespace) ? undefined : places.ofKey(cluster);

  for (const service of facts.services) {
    const at = placeOf(service.ref);
    if (!at) continue;
    if (view === "namespace") nodes.namespace(at, service.ref.namespace);
    else addService(nodes, service, at);
  }
  for (const workload of facts.workloads) {
    const at = placeOf(workload.ref);
    if (!at) continue;
    if (view === "namespace") nodes.namespace(at, workload.ref.namespace);
    else addWorkload(nodes, workload, { at, context });
  }
}

function addService(nodes: NodeDrafts, { ref, type, hosts, id }: ServiceView, at: NamedPlace): void {
  const { namespace } = ref;
  if (type !== "ServiceEntry") {
    nodes.make({ kind: "service", at, namespace, name: ref.name });
    return;
  }
  const name = hosts.length > 1 ? ref.name : (hosts[0] ?? ref.name);
  nodes.make({ kind: "serviceEntry", at, namespace, name }).entry ??= id;
}

function addWorkload(
  nodes: NodeDrafts,
  workload: WorkloadView,
  around: { at: NamedPlace; context: IdleContext },
): void {
  const { at, context } = around;
  const { namespace, cluster } = workload.ref;
  const name = workload.telemetryName;
  const gateway = context.inventory.gateway(cluster, namespace, name);
  const { app } = workload;
  if (!gateway && context.view === "service" && workload.services.length > 0) return;
  if (!gateway && context.view === "app" && app !== undefined) {
    nodes.make({ kind: "app", at, namespace, name: app }).app = app;
    return;
  }
  const kind = !gateway ? "workload" : gateway.role === "waypoint" ? "waypoint" : "gateway";
  const draft = nodes.make({ kind, at, namespace, name });
  draft.app ??= app;
  draft.version ??= workload.version;
}
