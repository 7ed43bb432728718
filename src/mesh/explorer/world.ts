import type { Format } from "../format/format.ts";
import type { NotesOf } from "../health/notes.ts";
import { defaultTolerances, type Tolerances } from "../health/tolerances.ts";
import type { ClusterView, MeshView, NodeView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { SortOrder, ViewFilter } from "../live/liveMesh.ts";
import type { ClusterKey } from "../model/refs.ts";
import { assessService, assessWorkload, sameAssessment, type Assessment } from "./join/assessment.ts";
import type { ClusterFeed, ExplorerChange } from "./explorerInput.ts";
import { hasPods, TrafficJoin } from "./join/traffic.ts";

/** Where a cluster belongs. A cluster that no mesh names yet stands for itself. */
export interface Place {
  readonly meshId: string;
  readonly meshName: string;
  readonly cluster: ClusterView | undefined;
}

/** What an update changed, by id; an id may be that of something gone. */
export interface WorldChange {
  readonly everything: boolean;
  readonly services: ReadonlySet<string>;
  readonly workloads: ReadonlySet<string>;
  readonly meshes: boolean;
  readonly feeds: boolean;
}

/** All that the explorer knows: views, numbers and verdicts, each worked out once and again only when it changes. */
export class ExplorerWorld {
  readonly format: Format;
  readonly services = new Map<string, ServiceView>();
  readonly workloads = new Map<string, WorkloadView>();
  meshes: readonly MeshView[] = [];
  feeds: readonly ClusterFeed[] = [];
  filter: ViewFilter = { namespaces: undefined, inMeshOnly: false, text: "" };
  sort: SortOrder = "name";
  nowMillis = 0;
  tolerances: Tolerances = defaultTolerances;
  notes: NotesOf = () => [];
  /** By cluster and name: where pods say that they are. */
  readonly #nodes = new Map<string, NodeView>();
  readonly #onNode = new Map<string, Set<string>>();
  readonly #join = new TrafficJoin();
  readonly #inFrontOf = new Map<string, Set<string>>();
  readonly #twins = new Map<string, Set<string>>();
  readonly #aging = new Set<string>();
  readonly #assessed = new Map<string, Assessment>();
  #places: ReadonlyMap<ClusterKey, Place> = new Map();

  constructor(format: Format) {
    this.format = format;
  }

  apply(change: ExplorerChange): WorldChange {
    const services = new Set<string>();
    const workloads = new Set<string>();
    this.filter = change.filter ?? this.filter;
    this.sort = change.sort ?? this.sort;
    for (const [id, view] of change.services ?? []) this.#setService(id, view, services);
    for (const [id, view] of change.workloads ?? []) this.#setWorkload(id, view, { services, workloads });
    if (change.nowMillis !== undefined && change.nowMillis !== this.nowMillis) {
      this.nowMillis = change.nowMillis;
      for (const id of this.#aging) this.#judgeAgain(id, { services, workloads });
    }
    if (change.nodes) this.#setNodes(change.nodes, { services, workloads });
    const moved = change.meshes !== undefined && this.#setMeshes(change.meshes);
    this.feeds = change.feeds ?? this.feeds;
    const isJudgedAnew = this.#takeRules(change);
    if (isJudgedAnew) {
      for (const id of this.services.keys()) services.add(id);
      for (const id of this.workloads.keys()) workloads.add(id);
    }
    for (const id of services) this.#assessService(id);
    for (const id of workloads) this.#assessWorkload(id);
    if (change.feeds || change.meshes) this.#readFeeds(services, workloads);
    return {
      everything: moved || change.filter !== undefined || change.sort !== undefined,
      services,
      workloads,
      // What runs the mesh tells of the nodes below it.
      meshes: change.meshes !== undefined || change.nodes !== undefined || isJudgedAnew,
      feeds: change.feeds !== undefined,
    };
  }

  place(cluster: ClusterKey): Place {
    return this.#places.get(cluster) ?? { meshId: cluster, meshName: cluster, cluster: undefined };
  }

  /** The context's name: what rows call a cluster. */
  contextOf(cluster: ClusterKey): string {
    return this.place(cluster).cluster?.context ?? this.feedOf(cluster)?.status.context ?? cluster;
  }

  feedOf(cluster: ClusterKey): ClusterFeed | undefined {
    return this.#join.feedOf(cluster);
  }

  /** Of a service or workload by its id; one that is not there has no data. */
  assessment(id: string): Assessment {
    return this.#assessed.get(id) ?? { reading: { kind: "none" }, verdict: { state: "unknown", reasons: [] } };
  }

  /**
   * Ids of the services in front of a workload, as the services tell it: views of both ends may arrive one after the
   * other, and what a service shows hangs on what it names itself.
   */
  servicesOf(workload: string): ReadonlySet<string> {
    return this.#inFrontOf.get(workload) ?? none;
  }

  /** undefined where it is not there or may not be read. */
  readonly nodeOf = (cluster: ClusterKey, name: string): NodeView | undefined =>
    this.#nodes.get(nodeKey(cluster, name));

  /** True if another cluster has a workload of the same namespace, kind and name: then a row has to name its cluster. */
  hasTwin(view: WorkloadView): boolean {
    return (this.#twins.get(twinName(view))?.size ?? 0) > 1;
  }

  /** True where other rules or notes than before are given. */
  #takeRules({ tolerances = this.tolerances, notes = this.notes }: ExplorerChange): boolean {
    const isNew = tolerances !== this.tolerances || notes !== this.notes;
    this.tolerances = tolerances;
    this.notes = notes;
    return isNew;
  }

  #setNodes(nodes: readonly NodeView[], dirty: Dirty): void {
    const next = new Map(nodes.map((node) => [nodeKey(node.ref.cluster, node.ref.name), node]));
    const changed = [...new Set([...this.#nodes.keys(), ...next.keys()])].filter(
      (key) => this.#nodes.get(key) !== next.get(key),
    );
    for (const key of changed) {
      const node = next.get(key);
      if (node) this.#nodes.set(key, node);
      else this.#nodes.delete(key);
      for (const id of this.#onNode.get(key) ?? []) this.#judgeAgain(id, dirty);
    }
  }

  /** A workload and the services in front of it, which tell of its trouble. */
  #judgeAgain(workload: string, dirty: Dirty): void {
    dirty.workloads.add(workload);
    for (const service of this.servicesOf(workload)) dirty.services.add(service);
  }

  #linkNodes(before: WorkloadView | undefined, after: WorkloadView | undefined): void {
    for (const key of nodesUnder(before)) {
      const ids = this.#onNode.get(key);
      ids?.delete(before?.id ?? "");
      if (ids?.size === 0) this.#onNode.delete(key);
    }
    for (const key of nodesUnder(after)) {
      const ids = this.#onNode.get(key);
      if (ids) ids.add(after?.id ?? "");
      else this.#onNode.set(key, new Set([after?.id ?? ""]));
    }
  }

  #setService(id: string, view: ServiceView | undefined, dirty: Set<string>): void {
    const before = this.services.get(id);
    if (before === view) return;
    if (before) this.#join.claims.release(before);
    dirty.add(id);
    for (const known of [before, view])
      if (known) for (const rival of this.#join.claims.rivals(known)) dirty.add(rival);
    if (view) this.services.set(id, view);
    else this.services.delete(id);
    this.#linkWorkloads(id, before, view);
    if (view) this.#join.claims.claim(view);
  }

  #linkWorkloads(id: string, before: ServiceView | undefined, after: ServiceView | undefined): void {
    for (const workload of before?.workloads ?? []) {
      const services = this.#inFrontOf.get(workload);
      services?.delete(id);
      if (services?.size === 0) this.#inFrontOf.delete(workload);
    }
    for (const workload of after?.workloads ?? []) {
      const services = this.#inFrontOf.get(workload);
      if (services) services.add(id);
      else this.#inFrontOf.set(workload, new Set([id]));
    }
  }

  #setWorkload(id: string, view: WorkloadView | undefined, dirty: Dirty): void {
    const before = this.workloads.get(id);
    if (before === view) return;
    if (before) this.#join.claims.release(before);
    dirty.workloads.add(id);
    // A service fails when nothing behind it is ready.
    for (const service of this.servicesOf(id)) dirty.services.add(service);
    for (const known of [before, view]) {
      if (known) for (const rival of this.#join.claims.rivals(known)) dirty.workloads.add(rival);
    }
    if (view) this.workloads.set(id, view);
    else this.workloads.delete(id);
    this.#linkNodes(before, view);
    this.#setTwin(before ?? view, view !== undefined, dirty.workloads);
    if (view && tellsAge(view)) this.#aging.add(id);
    else this.#aging.delete(id);
    if (view) this.#join.claims.claim(view);
  }

  // A ref never changes under its id, so either view names the same place.
  #setTwin(view: WorkloadView | undefined, isThere: boolean, dirty: Set<string>): void {
    if (!view) return;
    const name = twinName(view);
    const twins = this.#twins.get(name) ?? new Set();
    const before = twins.size;
    if (isThere) twins.add(view.id);
    else twins.delete(view.id);
    if (twins.size > 0) this.#twins.set(name, twins);
    else this.#twins.delete(name);
    if (twins.size !== before) for (const twin of twins) dirty.add(twin);
  }

  /** True if a cluster came, went, or belongs elsewhere now: then every row may have moved. */
  #setMeshes(meshes: readonly MeshView[]): boolean {
    const places = new Map<ClusterKey, Place>();
    for (const mesh of meshes) {
      for (const cluster of mesh.clusters) {
        places.set(cluster.key, { meshId: mesh.id, meshName: mesh.name, cluster });
      }
    }
    const before = this.#places;
    this.meshes = meshes;
    this.#places = places;
    return (
      before.size !== places.size ||
      [...places].some(([key, place]) => {
        const old = before.get(key);
        return (
          old?.meshId !== place.meshId ||
          old.meshName !== place.meshName ||
          old.cluster?.context !== place.cluster?.context
        );
      })
    );
  }

  #readFeeds(services: Set<string>, workloads: Set<string>): void {
    const clusters = this.meshes.flatMap((mesh) => mesh.clusters);
    const changed = this.#join.setFeeds(this.feeds, clusters);
    for (const id of changed.ids) {
      if (this.services.has(id) && this.#assessService(id)) services.add(id);
      if (this.workloads.has(id) && this.#assessWorkload(id)) workloads.add(id);
    }
    if (changed.clusters !== "all" && changed.clusters.size === 0) return;
    const concerns = (cluster: ClusterKey) => changed.clusters === "all" || changed.clusters.has(cluster);
    for (const [id, view] of this.services) {
      if (concerns(view.ref.cluster) && this.#assessService(id)) services.add(id);
    }
    for (const [id, view] of this.workloads) {
      if (concerns(view.ref.cluster) && this.#assessWorkload(id)) workloads.add(id);
    }
  }

  #assessService(id: string): boolean {
    const view = this.services.get(id);
    if (!view) return this.#assessed.delete(id);
    const backends = view.workloads.flatMap((workload) => this.workloads.get(workload) ?? []);
    return this.#keep(id, assessService(this.#join.service(view), view, backends, this));
  }

  #assessWorkload(id: string): boolean {
    const view = this.workloads.get(id);
    if (!view) return this.#assessed.delete(id);
    const rivals = [...this.#join.claims.rivals(view)].flatMap((rival) => {
      const other = rival === id ? undefined : this.workloads.get(rival);
      return other && hasPods(other) ? [other] : [];
    });
    return this.#keep(id, assessWorkload(this.#join.workload(view, rivals), view, this));
  }

  #keep(id: string, next: Assessment): boolean {
    const before = this.#assessed.get(id);
    if (before && sameAssessment(before, next)) return false;
    this.#assessed.set(id, next);
    return true;
  }
}

interface Dirty {
  readonly services: Set<string>;
  readonly workloads: Set<string>;
}

function nodeKey(cluster: ClusterKey, name: string): string {
  return `${cluster}/${name}`;
}

function nodesUnder(view: WorkloadView | undefined): ReadonlySet<string> {
  return new Set(view?.pods.flatMap(({ ref, node }) => (node === undefined ? [] : [nodeKey(ref.cluster, node)])));
}

function twinName({ ref }: WorkloadView): string {
  return `${ref.namespace}/${ref.kind}/${ref.name}`;
}

const none: ReadonlySet<string> = new Set();

// An age in a row grows without anything happening.
function tellsAge(view: WorkloadView): boolean {
  return view.pods.some(({ reason, reasonAt }) => reason !== undefined && reasonAt !== undefined);
}
