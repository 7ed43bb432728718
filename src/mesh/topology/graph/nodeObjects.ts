import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeDraft } from "./nodeDrafts.ts";

/** What the inventory has of a node. */
export interface NodeObjects {
  readonly workloads: readonly WorkloadView[];
  readonly services: readonly ServiceView[];
  /** Several things go by this one name: nothing of the numbers can be said of one of them. */
  readonly isContested: boolean;
}

/** The objects behind a node: those that go by its name, an app's workloads, a namespace's workloads. */
export function nodeObjects(draft: NodeDraft, inventory: InventoryIndex): NodeObjects {
  const cluster = draft.at.place.key;
  const { namespace, name } = draft;
  switch (draft.kind) {
    case "workload":
    case "gateway":
    case "waypoint": {
      const workloads = inventory.workloads(cluster, namespace, name);
      return { workloads, services: [], isContested: workloads.length > 1 };
    }
    case "app":
      return { workloads: inventory.app(cluster, namespace, name), services: [], isContested: false };
    case "namespace":
      return { workloads: inventory.namespace(cluster, namespace), services: [], isContested: false };
    case "service":
    case "serviceEntry": {
      const services = serviceViews(draft, inventory);
      return { workloads: backends(services, inventory), services, isContested: services.length > 1 };
    }
    case "external":
    case "unknown":
      return nothing;
  }
}

const nothing: NodeObjects = { workloads: [], services: [], isContested: false };

function serviceViews({ at, namespace, name, entry }: NodeDraft, inventory: InventoryIndex): readonly ServiceView[] {
  const view = entry === undefined ? undefined : inventory.service(entry);
  return view ? [view] : inventory.services(at.place.key, namespace, name);
}

function backends(services: readonly ServiceView[], inventory: InventoryIndex): readonly WorkloadView[] {
  return services.flatMap(({ workloads }) => workloads.flatMap((id) => inventory.workload(id) ?? []));
}
