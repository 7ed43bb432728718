import { serviceNames, telemetryNames } from "../../explorer/join/nameClaims.ts";
import type { ClusterView, GatewayView, MeshView, NodeView, ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";

/** One cluster of the inventory, with the mesh that it is part of. */
export interface KnownCluster {
  readonly view: ClusterView;
  readonly mesh: MeshView;
}

/**
 * Finds what the inventory has under the names that metrics use. Names are claimed: where two things go by one name,
 * both are answered, and the numbers can be given to neither.
 */
export class InventoryIndex {
  readonly clusters = new Map<ClusterKey, KnownCluster>();
  readonly #workloads = new Map<string, WorkloadView[]>();
  readonly #apps = new Map<string, WorkloadView[]>();
  readonly #namespaces = new Map<string, WorkloadView[]>();
  readonly #services = new Map<string, ServiceView[]>();
  readonly #gateways = new Map<string, GatewayView>();
  readonly #workloadIds = new Map<string, WorkloadView>();
  readonly #serviceIds = new Map<string, ServiceView>();
  readonly #nodes = new Map<string, NodeView>();

  constructor(facts: MeshFacts | undefined) {
    for (const mesh of facts?.meshes ?? []) for (const view of mesh.clusters) this.#addCluster(view, mesh);
    for (const view of facts?.workloads ?? []) this.#addWorkload(view);
    for (const view of facts?.services ?? []) this.#addService(view);
    for (const view of facts?.nodes ?? []) this.#nodes.set(key(view.ref.cluster, "", view.ref.name), view);
  }

  workloads(cluster: ClusterKey | undefined, namespace: string, name: string): readonly WorkloadView[] {
    return found(this.#workloads, cluster, namespace, name);
  }

  /** Workloads of one canonical app. */
  app(cluster: ClusterKey | undefined, namespace: string, app: string): readonly WorkloadView[] {
    return found(this.#apps, cluster, namespace, app);
  }

  namespace(cluster: ClusterKey | undefined, namespace: string): readonly WorkloadView[] {
    return found(this.#namespaces, cluster, namespace, "");
  }

  /** Older proxies report an external host without its namespace: "" finds ServiceEntries of all namespaces. */
  services(cluster: ClusterKey | undefined, namespace: string, name: string): readonly ServiceView[] {
    return found(this.#services, cluster, namespace, name);
  }

  gateway(cluster: ClusterKey | undefined, namespace: string, name: string): GatewayView | undefined {
    if (cluster === undefined || this.#gateways.size === 0) return undefined;
    return this.#gateways.get(key(cluster, namespace, name));
  }

  /** A node of Kubernetes. */
  readonly nodeOf = (cluster: ClusterKey, name: string): NodeView | undefined =>
    this.#nodes.get(key(cluster, "", name));

  workload(id: string): WorkloadView | undefined {
    return this.#workloadIds.get(id);
  }

  service(id: string): ServiceView | undefined {
    return this.#serviceIds.get(id);
  }

  #addCluster(view: ClusterView, mesh: MeshView): void {
    this.clusters.set(view.key, { view, mesh });
    for (const gateway of view.gateways) {
      for (const name of gateway.telemetryNames)
        this.#gateways.set(key(view.key, gateway.ref.namespace, name), gateway);
    }
  }

  #addWorkload(view: WorkloadView): void {
    const { cluster, namespace } = view.ref;
    this.#workloadIds.set(view.id, view);
    for (const name of telemetryNames(view)) add(this.#workloads, key(cluster, namespace, name), view);
    if (view.app !== undefined) add(this.#apps, key(cluster, namespace, view.app), view);
    add(this.#namespaces, key(cluster, namespace, ""), view);
  }

  #addService(view: ServiceView): void {
    const { cluster, namespace } = view.ref;
    this.#serviceIds.set(view.id, view);
    for (const name of serviceNames(view)) {
      add(this.#services, key(cluster, namespace, name), view);
      if (view.type === "ServiceEntry") add(this.#services, key(cluster, "", name), view);
    }
  }
}

const indexes = new WeakMap<MeshFacts, InventoryIndex>();

/** Built once for the same facts. */
export function inventoryIndexOf(facts: MeshFacts | undefined): InventoryIndex {
  if (!facts) return new InventoryIndex(undefined);
  let index = indexes.get(facts);
  if (!index) indexes.set(facts, (index = new InventoryIndex(facts)));
  return index;
}

function key(cluster: ClusterKey, namespace: string, name: string): string {
  return `${cluster}\0${namespace}\0${name}`;
}

/** The view of a name that nothing else goes by. */
export function only<T>(views: readonly T[]): T | undefined {
  return views.length === 1 ? views[0] : undefined;
}

const nothing: readonly never[] = [];

function found<T>(
  map: ReadonlyMap<string, readonly T[]>,
  cluster: ClusterKey | undefined,
  namespace: string,
  name: string,
): readonly T[] {
  return cluster === undefined || map.size === 0 ? nothing : (map.get(key(cluster, namespace, name)) ?? nothing);
}

function add<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}
