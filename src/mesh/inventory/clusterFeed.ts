import { refId, type ClusterKey, type ObjectRef } from "../model/refs.ts";
import { fieldsAt, textMapAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { Unread } from "../ports.ts";
import { ChangeMarks } from "./changeMarks.ts";
import { readController, type ControllerFacts } from "./facts/controllerFacts.ts";
import { readEntry, readGroup, type EntryFacts } from "./facts/entryFacts.ts";
import { readInjector, type InjectorFacts } from "./facts/injection.ts";
import { inventoryKinds, type InventoryKindId } from "./inventoryKinds.ts";
import { createIntake, type Intake } from "./kindIntake.ts";
import { KindStore } from "./kindStore.ts";
import { LabelPool } from "./facts/labelPool.ts";
import { NodeShelf } from "./nodes/nodeShelf.ts";
import { readMeshConfig, type MeshConfigFacts } from "./meshes/meshConfig.ts";
import { readRemoteSecret, readRoots, type RemoteSecretFacts, type RootFacts } from "./meshes/meshEvidence.ts";
import { readPod, readPodMetadata, type PodFacts } from "./facts/podFacts.ts";
import { PodShelf, podKinds, type PodKind } from "./workloads/podShelf.ts";
import { PodTally } from "./workloads/podTally.ts";
import { Selection } from "./facts/selection.ts";
import { readService, readServiceEntry, type ServiceFacts } from "./facts/serviceFacts.ts";
import { serviceRef } from "./workloads/serviceView.ts";
import { WorkloadIndex } from "./workloads/workloadIndex.ts";
import type { Member, WorkloadRecord } from "./workloads/workloadRecord.ts";

export interface NamespaceFacts {
  readonly labels: Readonly<Record<string, string>>;
  /** Clusters whose control plane may run this one's proxies (annotation on the root namespace of a remote cluster). */
  readonly controlPlaneClusters: string | undefined;
}

const ownControllers = {
  deployments: { group: "apps", kind: "Deployment" },
  statefulSets: { group: "apps", kind: "StatefulSet" },
  daemonSets: { group: "apps", kind: "DaemonSet" },
  cronJobs: { group: "batch", kind: "CronJob" },
  workloadGroups: { group: "networking.istio.io", kind: "WorkloadGroup" },
} as const satisfies Partial<Record<InventoryKindId, unknown>>;

const steps = {
  replicaSets: { group: "apps", kind: "ReplicaSet" },
  jobs: { group: "batch", kind: "Job" },
} as const satisfies Partial<Record<InventoryKindId, unknown>>;

/** The facts of one cluster, and the marks of what each change of them concerns. */
export class ClusterFeed {
  readonly pool = new LabelPool();
  readonly marks = new ChangeMarks();
  readonly selection = new Selection<Member>();
  readonly workloads: WorkloadIndex;
  readonly tally = new PodTally();
  readonly namespaces = new KindStore<NamespaceFacts>();
  readonly webhooks = new KindStore<InjectorFacts>();
  readonly meshConfigs = new KindStore<MeshConfigFacts>();
  readonly revisionMeshConfigs = new KindStore<MeshConfigFacts>();
  readonly remoteSecrets = new KindStore<RemoteSecretFacts>();
  readonly roots = new KindStore<RootFacts>();
  readonly pods = new PodShelf();
  readonly nodes: NodeShelf;
  /** Istio's own Deployments and DaemonSets. */
  readonly systemParts = new Map<string, WorkloadRecord>();
  readonly #cluster: ClusterKey;
  #arePodsAwaited = false;
  readonly #controllers = new Map<string, KindStore<ControllerFacts>>();
  readonly #services = new KindStore<ServiceFacts>();
  readonly #serviceEntries = new KindStore<ServiceFacts>();
  readonly #entries = new KindStore<EntryFacts>();
  readonly #facts = new Map<string, ServiceFacts>();
  readonly #intakes: ReadonlyMap<string, Intake>;
  #injectors: readonly InjectorFacts[] | undefined;

  constructor(cluster: ClusterKey) {
    this.#cluster = cluster;
    this.workloads = new WorkloadIndex(cluster, this.marks, this.selection);
    this.nodes = new NodeShelf(cluster);
    const intakes: Readonly<Record<InventoryKindId, Intake>> = {
      ...this.#clusterIntakes(),
      ...this.#controllerIntakes(),
      ...this.#serviceIntakes(),
      ...this.#podIntakes(),
      nodes: this.nodes.intake,
    };
    this.#intakes = new Map(Object.entries(intakes));
  }

  listing(kindId: string): void {
    this.#intake(kindId).begin();
  }

  upsert(kindId: string, objects: readonly KubeObject[]): void {
    const intake = this.#intake(kindId);
    for (const object of objects) intake.upsert(object);
  }

  gone(kindId: string, object: KubeObject): void {
    this.#intake(kindId).remove(object);
  }

  listed(kindId: string, unread: readonly Unread[]): void {
    const kind = inventoryKinds.find(({ id }) => id === kindId)?.kind;
    this.#intake(kindId).finish(kind === undefined ? unread : unread.map((hole) => ({ ...hole, kind })));
    // Whether webhooks can be read decides how wishes are told, even where none came or went.
    if (kindId === "webhooks") this.#injectorsChanged();
    this.marks.cluster();
  }

  /** Pods are still being listed: what has none so far may yet get some. */
  get arePodsAwaited(): boolean {
    return this.#arePodsAwaited;
  }

  awaitPods(areAwaited: boolean): void {
    if (this.#arePodsAwaited === areAwaited) return;
    this.#arePodsAwaited = areAwaited;
    for (const workload of this.workloads.all()) this.marks.workload(workload);
    for (const id of this.#facts.keys()) this.marks.service(id);
    this.marks.cluster();
  }

  /** undefined until webhooks were listed, and where they may not be. */
  injectors(): readonly InjectorFacts[] | undefined {
    if (!this.webhooks.isReadable) return undefined;
    this.#injectors ??= [...this.webhooks.values()];
    return this.#injectors;
  }

  namespaceLabels(namespace: string): Readonly<Record<string, string>> {
    return this.namespaces.get(`/${namespace}`)?.labels ?? {};
  }

  /** Clusters whose control planes a root namespace admits, by its annotation. */
  controlPlaneClustersOf(namespace: string): readonly string[] {
    const clusters = this.namespaces.get(`/${namespace}`)?.controlPlaneClusters ?? "";
    return clusters.split(",").map((id) => id.trim());
  }

  service(id: string): ServiceFacts | undefined {
    return this.#facts.get(id);
  }

  /** Ids of the services that select a workload's pods, its template or its entries; sorted. */
  servicesOf(workload: WorkloadRecord): readonly string[] {
    const labels = [...workload.pods, ...workload.entries].map(({ facts }) => facts.labels);
    if (workload.template !== undefined) labels.push(workload.template.labels);
    const distinct = new Map(labels.map((set) => [set.key, set]));
    const services = new Set<string>();
    for (const set of distinct.values()) {
      for (const service of this.selection.servicesOf(workload.ref.namespace, set)) services.add(service);
    }
    return [...services].sort();
  }

  hasService(namespace: string, name: string): boolean {
    return this.#services.get(`${namespace}/${name}`) !== undefined;
  }

  /** Whether every object of a kind in a namespace is known, so that a missing one is known to be missing. */
  isCompleteIn(namespace: string, kind: "services" | "deployments"): boolean {
    const store = kind === "services" ? this.#services : this.#controllerStore("deployments");
    return store.isCompleteIn(namespace);
  }

  wantedOwners(): readonly ObjectRef[] {
    return this.workloads.wantedOwners({
      deployments: this.#controllerStore("deployments").isComplete,
      replicaSets: this.#controllerStore("replicaSets").isComplete,
    });
  }

  unread(): readonly Unread[] {
    const stores = [this.namespaces, this.webhooks, this.meshConfigs, this.revisionMeshConfigs, this.remoteSecrets];
    return [...stores, this.roots, ...this.#controllers.values(), this.#services, this.#serviceEntries, this.#entries]
      .flatMap((store) => store.unread)
      .concat(this.pods.unread());
  }

  /** True once what tells whether Istio is here was listed in full. */
  get isIstioKnown(): boolean {
    return this.webhooks.isComplete && this.#controllerStore("deployments").isComplete;
  }

  #intake(kindId: string): Intake {
    const intake = this.#intakes.get(kindId);
    if (intake === undefined) throw new Error(`The inventory knows no kind "${kindId}"`);
    return intake;
  }

  #clusterIntakes() {
    const mark = () => this.marks.cluster();
    return {
      namespaces: createIntake({
        store: this.namespaces,
        read: (object) => this.#readNamespace(object),
        changed: (key) => {
          for (const workload of this.workloads.in(key.slice(1))) this.marks.workload(workload);
          mark();
        },
      }),
      webhooks: createIntake({
        store: this.webhooks,
        read: readInjector,
        changed: () => this.#injectorsChanged(),
      }),
      istioConfigMap: createIntake({ store: this.meshConfigs, read: readMeshConfig, changed: mark }),
      istioRevisionConfigMaps: createIntake({ store: this.revisionMeshConfigs, read: readMeshConfig, changed: mark }),
      remoteSecrets: createIntake({ store: this.remoteSecrets, read: readRemoteSecret, changed: mark }),
      rootCertificates: createIntake({
        store: this.roots,
        // The same few certificates stand in every namespace: one copy of their text is enough.
        read: (object) => {
          const roots = readRoots(object);
          return { ...roots, certificates: roots.certificates.map((text) => this.pool.text(text)) };
        },
        changed: mark,
      }),
    };
  }

  #controllerIntakes() {
    const own = (kind: keyof typeof ownControllers) =>
      createIntake({
        store: this.#controllerStore(kind),
        read: (object) =>
          kind === "workloadGroups" ? readGroup(object, this.pool) : readController(object, this.pool),
        changed: (_key, before, after) => this.#controllerChanged(ownControllers[kind], before, after),
      });
    const step = (kind: keyof typeof steps) =>
      createIntake({
        store: this.#controllerStore(kind),
        read: (object) => readController(object, this.pool),
        changed: (_key, before, after) => {
          const facts = after ?? before;
          if (facts !== undefined) this.workloads.setStep({ ...steps[kind], name: facts.name }, facts.namespace, after);
        },
      });
    return {
      deployments: own("deployments"),
      statefulSets: own("statefulSets"),
      daemonSets: own("daemonSets"),
      cronJobs: own("cronJobs"),
      workloadGroups: own("workloadGroups"),
      replicaSets: step("replicaSets"),
      jobs: step("jobs"),
      workloadEntries: createIntake({
        store: this.#entries,
        read: (object) => readEntry(object, this.pool),
        changed: (key, _before, after) => this.workloads.setEntry(key, after),
      }),
    };
  }

  #serviceIntakes() {
    const changed = (_key: string, before: ServiceFacts | undefined, after: ServiceFacts | undefined) => {
      this.#serviceChanged(before, after);
    };
    return {
      services: createIntake({ store: this.#services, read: (o) => readService(o, this.pool), changed }),
      serviceEntries: createIntake({
        store: this.#serviceEntries,
        read: (o) => readServiceEntry(o, this.pool),
        changed,
      }),
    };
  }

  #podIntakes(): Readonly<Record<PodKind, Intake>> {
    const intakes = podKinds.map((kind) => [
      kind,
      createIntake({
        store: this.pods.store(kind),
        read: (object) => (kind === "podMetadata" ? readPodMetadata : readPod)(object, this.pool),
        changed: (key) => this.#podChanged(key),
      }),
    ]);
    return Object.fromEntries(intakes) as Record<PodKind, Intake>;
  }

  // Several lists may name a pod; what counts is the first that does, before and after.
  #podChanged(key: string): void {
    const before = this.workloads.pod(key)?.facts;
    const after: PodFacts | undefined = this.pods.get(key);
    if (before === after) return;
    if (before !== undefined) this.tally.remove(before);
    if (after !== undefined) this.tally.add(after);
    this.workloads.setPod(key, after);
  }

  #controllerChanged(
    link: { readonly group: string; readonly kind: string },
    before: ControllerFacts | undefined,
    after: ControllerFacts | undefined,
  ): void {
    const facts = after ?? before;
    if (facts === undefined) return;
    const { namespace, name } = facts;
    this.workloads.setController({ ...link, name }, namespace, after);
    const id = refId({ cluster: this.#cluster, ...link, namespace, name });
    const record = after?.system === undefined ? undefined : this.workloads.get(id);
    if (record === undefined) this.systemParts.delete(id);
    else this.systemParts.set(id, record);
  }

  #serviceChanged(before: ServiceFacts | undefined, after: ServiceFacts | undefined): void {
    const facts = after ?? before;
    if (facts === undefined) return;
    const id = refId(serviceRef(this.#cluster, facts));
    if (after === undefined) this.#facts.delete(id);
    else this.#facts.set(id, after);
    this.#markMembers(id);
    if (after === undefined) this.selection.deselect(id);
    else this.selection.select(id, after.namespace, after.selector);
    this.#markMembers(id);
    this.marks.service(id);
  }

  #markMembers(service: string): void {
    for (const { workload } of this.selection.membersOf(service)) this.marks.workload(workload);
  }

  #injectorsChanged(): void {
    this.#injectors = undefined;
    for (const workload of this.workloads.all()) this.marks.workload(workload);
    this.marks.cluster();
  }

  #readNamespace(object: KubeObject): NamespaceFacts {
    const metadata = fieldsAt(object, "metadata");
    return {
      labels: this.pool.labels(textMapAt(metadata, "labels")).labels,
      controlPlaneClusters: textMapAt(metadata, "annotations")["topology.istio.io/controlPlaneClusters"],
    };
  }

  #controllerStore(kind: string): KindStore<ControllerFacts> {
    let store = this.#controllers.get(kind);
    if (store === undefined) {
      store = new KindStore();
      this.#controllers.set(kind, store);
    }
    return store;
  }
}
