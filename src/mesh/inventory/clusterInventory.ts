import { refId, type ObjectRef } from "../model/refs.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { MeshError } from "../meshError.ts";
import type { Unread } from "../ports.ts";
import { ClusterFeed } from "./clusterFeed.ts";
import { ConfigFeed } from "./config/configFeed.ts";
import { clusterView, type InventoriedCluster } from "./meshes/clusterView.ts";
import { readController } from "./facts/controllerFacts.ts";
import { isCounted } from "./counting.ts";
import { evidenceOf } from "./meshes/evidenceOf.ts";
import { keepUnchanged } from "./keepUnchanged.ts";
import type { MeshEvidence } from "./meshes/meshEvidence.ts";
import type { ServiceFacts } from "./facts/serviceFacts.ts";
import { serviceRef, serviceView } from "./workloads/serviceView.ts";
import type { TrafficConfig } from "./trafficConfig.ts";
import type { ClusterView, Counted, NodeView, ServiceView, Touched, WorkloadView } from "./views.ts";
import type { WorkloadRecord } from "./workloads/workloadRecord.ts";
import { workloadView, type InventorySettings } from "./workloads/workloadView.ts";

/**
 * What one cluster holds, fed by lists and watches. Objects are reduced to slim facts on arrival. Answers are views
 * that are rebuilt only where something changed and otherwise keep their identity.
 */
export class ClusterInventory {
  readonly cluster: InventoriedCluster;
  readonly #settings: InventorySettings;
  readonly #feed: ClusterFeed;
  readonly #config: ConfigFeed;
  readonly #services = new Map<string, ServiceView>();
  readonly #gateways = new Set<WorkloadRecord>();
  readonly #workloadCount = { inMesh: 0, all: 0 };
  readonly #serviceCount = { inMesh: 0, all: 0 };
  readonly #touchedServices = new Set<string>();
  readonly #touchedWorkloads = new Set<string>();
  #isClusterTouched = false;
  #view: ClusterView | undefined;
  #serviceList: readonly ServiceView[] | undefined;
  #workloadList: readonly WorkloadView[] | undefined;

  constructor(cluster: InventoriedCluster, settings: InventorySettings) {
    this.cluster = cluster;
    this.#settings = settings;
    this.#feed = new ClusterFeed(cluster.key);
    this.#config = new ConfigFeed(cluster, this.#feed.pool);
  }

  /** A list of a kind begins, or begins anew. */
  listing(kindId: string): void {
    this.#feedOf(kindId).listing(kindId);
  }

  /** Objects that are there now. They are not kept. */
  upsert(kindId: string, objects: readonly KubeObject[]): void {
    this.#feedOf(kindId).upsert(kindId, objects);
  }

  gone(kindId: string, object: KubeObject): void {
    this.#feedOf(kindId).gone(kindId, object);
  }

  /** The list is complete: what it did not name is gone, and `unread` could not be read. */
  listed(kindId: string, unread: readonly Unread[]): void {
    this.#feedOf(kindId).listed(kindId, unread);
  }

  /** Whether pods are still being listed: until they are all in, nothing is said to be outside the mesh. */
  awaitPods(areAwaited: boolean): void {
    this.#feed.awaitPods(areAwaited);
  }

  /** Answers {@link wantedOwners}: the object, its metadata alone, or undefined where it could not be read. */
  setOwner(ref: ObjectRef, owner: KubeObject | undefined): void {
    this.#feed.workloads.setOwner(ref, owner && readController(owner, this.#feed.pool));
  }

  /** Owners of kinds that nobody watches, worth reading once. One is named again when what was read may be old. */
  wantedOwners(): readonly ObjectRef[] {
    return this.#feed.wantedOwners();
  }

  /** The ids whose views changed since the last call, those of what came and went included. */
  takeTouched(): Touched {
    this.#refresh();
    const touched: Touched = {
      services: new Set(this.#touchedServices),
      workloads: new Set(this.#touchedWorkloads),
      clusters: new Set(this.#isClusterTouched ? [this.cluster.key] : []),
      nodes: this.#feed.nodes.takeTouched(),
    };
    this.#touchedServices.clear();
    this.#touchedWorkloads.clear();
    this.#isClusterTouched = false;
    return touched;
  }

  /** Services and ServiceEntries, by id. */
  services(): readonly ServiceView[] {
    this.#refresh();
    this.#serviceList ??= sortedById(this.#services.values());
    return this.#serviceList;
  }

  /** By id. */
  workloads(): readonly WorkloadView[] {
    this.#refresh();
    this.#workloadList ??= sortedById(viewsOf(this.#feed.workloads.all()));
    return this.#workloadList;
  }

  service(id: string): ServiceView | undefined {
    this.#refresh();
    return this.#services.get(id);
  }

  workload(id: string): WorkloadView | undefined {
    this.#refresh();
    return this.#feed.workloads.get(id)?.view;
  }

  /** By id; those that could be read. */
  nodes(): readonly NodeView[] {
    return this.#feed.nodes.list();
  }

  node(name: string): NodeView | undefined {
    return this.#feed.nodes.get(name);
  }

  /** Why nodes are missing; undefined where none is. "pending": they are still being listed. */
  get nodesUnread(): MeshError | "pending" | undefined {
    return this.#feed.nodes.unread;
  }

  view(): ClusterView {
    this.#refresh();
    return this.#view ?? this.#buildView();
  }

  /** Configuration that acts on traffic, of the kinds that were read; the same object until some of it changes. */
  trafficConfig(): TrafficConfig {
    return this.#config.answer();
  }

  /** What joins this cluster to others of its mesh. */
  evidence(): MeshEvidence {
    return evidenceOf(this.#feed, this.view());
  }

  #feedOf(kindId: string): ClusterFeed | ConfigFeed {
    return this.#config.has(kindId) ? this.#config : this.#feed;
  }

  #refresh(): void {
    const { marks } = this.#feed;
    if (!marks.isClusterMarked) return;
    for (const record of marks.workloads) this.#refreshWorkload(record);
    for (const id of marks.services) this.#refreshService(id);
    marks.clear();
    const view = keepUnchanged(this.#view, this.#buildView());
    if (view !== this.#view) this.#isClusterTouched = true;
    this.#view = view;
  }

  #refreshWorkload(record: WorkloadRecord): void {
    const isThere = this.#feed.workloads.get(record.id) === record;
    const before = record.view;
    const after = isThere ? keepUnchanged(before, this.#buildWorkload(record)) : undefined;
    if (after === before) return;
    record.view = after;
    count(this.#workloadCount, before && { inMesh: before.inMesh }, after && { inMesh: after.inMesh });
    if (after?.dataPlane === "gateway") this.#gateways.add(record);
    else this.#gateways.delete(record);
    this.#touchedWorkloads.add(record.id);
    this.#workloadList = undefined;
  }

  #buildWorkload(record: WorkloadRecord): WorkloadView {
    const { workloads } = this.#feed;
    return workloadView(record, {
      settings: this.#settings,
      namespaceLabels: this.#feed.namespaceLabels(record.ref.namespace),
      injectors: this.#feed.injectors(),
      services: this.#feed.servicesOf(record),
      children: workloads.childrenOf(record),
      arePodsAwaited: this.#feed.arePodsAwaited,
    });
  }

  #refreshService(id: string): void {
    const facts = this.#feed.service(id);
    const before = this.#services.get(id);
    const ref = facts && serviceRef(this.cluster.key, facts);
    const after = ref && keepUnchanged(before, this.#buildService(ref, facts));
    if (after === before) return;
    if (after === undefined) this.#services.delete(id);
    else this.#services.set(id, after);
    count(this.#serviceCount, countable(before), countable(after));
    this.#touchedServices.add(id);
    this.#serviceList = undefined;
  }

  #buildService(ref: ObjectRef, facts: ServiceFacts): ServiceView {
    const view = serviceView(ref, facts, this.#feed.selection.membersOf(refId(ref)));
    return view.inMesh === false && this.#feed.arePodsAwaited ? { ...view, inMesh: undefined } : view;
  }

  #buildView(): ClusterView {
    return clusterView({
      cluster: this.cluster,
      feed: this.#feed,
      gateways: [...this.#gateways],
      counts: { services: this.#counted(this.#serviceCount), workloads: this.#counted(this.#workloadCount) },
    });
  }

  #counted({ inMesh, all }: Tally): Counted {
    return { inMesh: this.#feed.arePodsAwaited ? undefined : inMesh, all };
  }
}

function countable(view: ServiceView | undefined): Countable | undefined {
  return view !== undefined && isCounted(view) ? { inMesh: view.inMesh === true } : undefined;
}

interface Tally {
  inMesh: number;
  all: number;
}

type Countable = Pick<WorkloadView, "inMesh">;

function count(counted: Tally, before: Countable | undefined, after: Countable | undefined): void {
  counted.all += Number(after !== undefined) - Number(before !== undefined);
  counted.inMesh += Number(after?.inMesh === true) - Number(before?.inMesh === true);
}

function* viewsOf(records: Iterable<WorkloadRecord>): Generator<WorkloadView> {
  for (const { view } of records) if (view !== undefined) yield view;
}

function sortedById<View extends { readonly id: string }>(views: Iterable<View>): readonly View[] {
  return [...views].sort((a, b) => (a.id < b.id ? -1 : 1));
}
