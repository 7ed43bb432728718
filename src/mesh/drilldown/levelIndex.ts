import type { ClusterView, NodeView, PodView, ServiceView, WorkloadView } from "../inventory/views.ts";
import { compareHealth, type Health } from "../health/verdict.ts";
import { podHealth } from "../health/workloadHealth.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import { refId } from "../model/refs.ts";
import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelPath } from "./level.ts";

/** A pod with the workload that it is of. */
export interface OwnedPod {
  readonly pod: PodView;
  readonly workload: WorkloadView;
}

/** Finds what a level is about, and what is above and below it. */
export class LevelIndex {
  readonly input: DrilldownInput;
  readonly #services = new Map<string, ServiceView>();
  readonly #byName = new Map<string, ServiceView[]>();
  readonly #workloads = new Map<string, WorkloadView>();
  readonly #nodes = new Map<string, NodeView>();
  readonly #clusters = new Map<ClusterKey, ClusterView>();
  readonly #inFrontOf = new Map<string, ServiceView[]>();
  #pods: ReadonlyMap<string, OwnedPod> | undefined;
  #podsByNode: ReadonlyMap<string, readonly OwnedPod[]> | undefined;

  constructor(input: DrilldownInput) {
    this.input = input;
    for (const mesh of input.meshes) for (const view of mesh.clusters) this.#clusters.set(view.key, view);
    for (const view of input.services) {
      this.#services.set(view.id, view);
      append(this.#byName, nameKey(view.ref), view);
      for (const workload of view.workloads) append(this.#inFrontOf, workload, view);
    }
    for (const view of input.workloads) this.#workloads.set(view.id, view);
    for (const view of input.nodes) this.#nodes.set(view.id, view);
  }

  cluster(key: ClusterKey): ClusterView | undefined {
    return this.#clusters.get(key);
  }

  /** The context's name: what people know a cluster by. */
  contextOf(key: ClusterKey): string {
    const view = this.#clusters.get(key);
    if (view) return view.context;
    return this.input.stores.find(({ cluster }) => cluster?.key === key)?.cluster?.context ?? key;
  }

  service(ref: ObjectRef): ServiceView | undefined {
    return this.#services.get(refId(ref));
  }

  workload(ref: ObjectRef): WorkloadView | undefined {
    return this.#workloads.get(refId(ref));
  }

  node(ref: ObjectRef): NodeView | undefined {
    return this.#nodes.get(refId(ref));
  }

  pod(ref: ObjectRef): OwnedPod | undefined {
    return this.#allPods().get(refId(ref));
  }

  /**
   * Services of one kind, namespace and name of one mesh, in the order of the clusters: the mesh that the path names or
   * goes through, else that of the first of them. One of that name in another mesh is another service.
   */
  members(ref: ObjectRef, path: LevelPath = []): readonly ServiceView[] {
    const all = this.#byName.get(nameKey(ref)) ?? [];
    if (this.input.meshes.length < 2) return all;
    const named = path.find(({ level }) => level === "mesh")?.ref.name;
    const near = [ref, ...path.map((step) => step.ref), ...all.map((view) => view.ref)].find(
      ({ cluster }) => cluster !== "",
    );
    const mesh =
      this.input.meshes.find(({ id }) => id === named) ??
      this.input.meshes.find(({ clusters }) => clusters.some(({ key }) => key === near?.cluster));
    const keys = new Set(mesh?.clusters.map(({ key }) => key));
    return all.filter((view) => keys.has(view.ref.cluster));
  }

  workloadsOf({ workloads }: Pick<ServiceView, "workloads">): readonly WorkloadView[] {
    return workloads.flatMap((id) => this.#workloads.get(id) ?? []);
  }

  /** The services in front of a workload, the most troubled and then the busiest first. */
  servicesOf(view: WorkloadView): readonly ServiceView[] {
    const rank = ({ id }: ServiceView) => this.input.assessment(id);
    return (this.#inFrontOf.get(view.id) ?? []).toSorted((a, b) => {
      const [one, other] = [rank(a), rank(b)];
      return (
        compareHealth(one.verdict.state, other.verdict.state) ||
        (other.reading.requests?.rps ?? 0) - (one.reading.requests?.rps ?? 0) ||
        compare(a.ref.name, b.ref.name)
      );
    });
  }

  /** Pods of watched namespaces on a node. */
  podsOn(cluster: ClusterKey, node: string): readonly OwnedPod[] {
    if (!this.#podsByNode) {
      const byNode = new Map<string, OwnedPod[]>();
      for (const owned of this.#allPods().values()) {
        const { ref, node: at } = owned.pod;
        if (at !== undefined) append(byNode, `${ref.cluster}/${at}`, owned);
      }
      this.#podsByNode = byNode;
    }
    return this.#podsByNode.get(`${cluster}/${node}`) ?? [];
  }

  podState(pod: PodView): Health {
    return podHealth(pod, this.input.now());
  }

  nodeRef(cluster: ClusterKey, name: string): ObjectRef {
    return { cluster, group: "", kind: "Node", namespace: "", name };
  }

  #allPods(): ReadonlyMap<string, OwnedPod> {
    if (!this.#pods) {
      const pods = new Map<string, OwnedPod>();
      for (const workload of this.input.workloads) {
        for (const pod of workload.pods) pods.set(pod.id, { pod, workload });
      }
      this.#pods = pods;
    }
    return this.#pods;
  }
}

const indexes = new WeakMap<DrilldownInput, LevelIndex>();

/** Built once for the same input. */
export function levelIndexOf(input: DrilldownInput): LevelIndex {
  let index = indexes.get(input);
  if (!index) indexes.set(input, (index = new LevelIndex(input)));
  return index;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameKey({ kind, namespace, name }: Pick<ObjectRef, "kind" | "namespace" | "name">): string {
  return `${kind}/${namespace}/${name}`;
}

function append<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}
