import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import type { NodeView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { ClusterKey } from "../model/refs.ts";

/** What changed in the inventories that are shown. undefined: gone. */
export interface InventoryChange {
  readonly services: ReadonlyMap<string, ServiceView | undefined>;
  readonly workloads: ReadonlyMap<string, WorkloadView | undefined>;
  /** All that are shown, where one of them changed, came or went. */
  readonly nodes: readonly NodeView[] | undefined;
  readonly areClustersTouched: boolean;
}

/** Follows which inventory speaks for which cluster, and what is new in them since the last look. */
export class InventoryFeed {
  #shown: ReadonlyMap<ClusterKey, ClusterInventory> = new Map();
  #nodeLists: readonly (readonly NodeView[])[] = [];

  get inventories(): readonly ClusterInventory[] {
    return [...this.#shown.values()];
  }

  /** These inventories are shown from now on; those that left take their rows with them. */
  take(next: ReadonlyMap<ClusterKey, ClusterInventory>): InventoryChange {
    const services = new Map<string, ServiceView | undefined>();
    const workloads = new Map<string, WorkloadView | undefined>();
    let areClustersTouched = false;
    for (const [key, inventory] of this.#shown) {
      if (next.get(key) === inventory) continue;
      areClustersTouched = true;
      for (const { id } of inventory.services()) services.set(id, undefined);
      for (const { id } of inventory.workloads()) workloads.set(id, undefined);
    }
    for (const [key, inventory] of next) {
      const touched = inventory.takeTouched();
      areClustersTouched ||= touched.clusters.size > 0;
      if (this.#shown.get(key) === inventory) {
        for (const id of touched.services) services.set(id, inventory.service(id));
        for (const id of touched.workloads) workloads.set(id, inventory.workload(id));
        continue;
      }
      areClustersTouched = true;
      for (const view of inventory.services()) services.set(view.id, view);
      for (const view of inventory.workloads()) workloads.set(view.id, view);
    }
    this.#shown = next;
    return { services, workloads, nodes: this.#nextNodes(), areClustersTouched };
  }

  #nextNodes(): readonly NodeView[] | undefined {
    const before = this.#nodeLists;
    this.#nodeLists = this.inventories.map((inventory) => inventory.nodes());
    const isSame = this.#nodeLists.length === before.length && this.#nodeLists.every((list, i) => list === before[i]);
    return isSame ? undefined : this.#nodeLists.flat();
  }
}
