import { compareHealth, worstOf, type Health } from "../health/verdict.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import { refId, type ObjectRef } from "../model/refs.ts";
import type { Crumb, LevelName, LevelPath, LevelRef } from "./level.ts";
import { compare, type LevelIndex, type OwnedPod } from "./levelIndex.ts";

const crumbLevels = ["meshService", "service", "workload", "pod", "node"] as const;

/** More choices than these are of no use in a selector; the worst are kept. */
const mostChoices = 500;

type Choice = Crumb["choices"][number];

/** The five selectors: what is chosen on each level, and what else may be, given what is chosen above it. */
export function crumbsOf(index: LevelIndex, path: LevelPath): readonly Crumb[] {
  const below = new Below(index, path);
  return crumbLevels.map((level): Crumb => {
    const to = path.find((entry) => entry.level === level);
    const choices = below.choices(level).toSorted(worstFirst).slice(0, mostChoices);
    const chosen = to && { to, name: nameOf(index, to), state: stateOf(index, to, path) };
    return { level, chosen, choices };
  });
}

/** What a selector calls it: services by their cluster, the others by their name. */
export function nameOf(index: LevelIndex, { level, ref }: LevelRef): string {
  if (level === "service") return `${ref.name} (${index.contextOf(ref.cluster)})`;
  return level === "meshService" ? `${ref.name}.${ref.namespace}` : ref.name;
}

export function stateOf(index: LevelIndex, { level, ref }: LevelRef, path: LevelPath = []): Health {
  const { input } = index;
  switch (level) {
    case "meshService":
      return worstOf(index.members(ref, path).map(({ id }) => input.assessment(id).verdict)).state;
    case "service":
    case "workload":
      return input.assessment(refId(ref)).verdict.state;
    case "pod": {
      const owned = index.pod(ref);
      return owned ? index.podState(owned.pod) : "unknown";
    }
    case "node": {
      const node = index.node(ref);
      return node ? input.nodeVerdict(node).state : "unknown";
    }
    case "mesh":
    case "namespace":
      return "unknown";
  }
}

export function meshServiceRef({ ref }: Pick<ServiceView, "ref">): LevelRef {
  return { level: "meshService", ref: { ...ref, cluster: "" } };
}

class Below {
  readonly #index: LevelIndex;
  readonly #path: LevelPath;

  constructor(index: LevelIndex, path: LevelPath) {
    this.#index = index;
    this.#path = path;
  }

  choices(level: LevelName): Choice[] {
    switch (level) {
      case "meshService":
        return this.#meshServices();
      case "service":
        return this.#members().map(({ ref }) => this.#choice({ level, ref }));
      case "workload":
        return this.#workloads().map(({ ref }) => this.#choice({ level, ref }));
      case "pod":
        return this.#pods().map(({ pod: { ref } }) => this.#choice({ level, ref }));
      case "node":
        return this.#nodes().map((ref) => this.#choice({ level, ref }));
      case "mesh":
      case "namespace":
        return [];
    }
  }

  #chosen(level: LevelName): ObjectRef | undefined {
    return this.#path.find((entry) => entry.level === level)?.ref;
  }

  #choice(to: LevelRef): Choice {
    return { to, name: nameOf(this.#index, to), state: stateOf(this.#index, to, this.#path) };
  }

  /** Of the namespace where one is chosen, be it by something in it. */
  #meshServices(): Choice[] {
    const namespace =
      this.#chosen("namespace")?.name ?? this.#path.find(({ ref }) => ref.namespace !== "")?.ref.namespace;
    const found = new Map<string, LevelRef>();
    for (const view of this.#index.input.services) {
      if (namespace !== undefined && view.ref.namespace !== namespace) continue;
      const to = meshServiceRef(view);
      found.set(refId(to.ref), to);
    }
    return [...found.values()].map((to) => this.#choice(to));
  }

  #members(): readonly ServiceView[] {
    const chosen = this.#chosen("meshService") ?? this.#chosen("service");
    if (chosen) return this.#index.members(chosen, this.#path);
    const workload = this.#chosen("workload");
    const view = workload && this.#index.workload(workload);
    return view ? this.#index.servicesOf(view) : [];
  }

  #workloads(): readonly WorkloadView[] {
    const service = this.#chosen("service");
    const services = service ? [this.#index.service(service)] : this.#chosen("meshService") ? this.#members() : [];
    const found = new Map<string, WorkloadView>();
    for (const view of services) {
      if (view) for (const workload of this.#index.workloadsOf(view)) found.set(workload.id, workload);
    }
    if (found.size > 0) return [...found.values()];
    const chosen = this.#chosen("workload");
    const pod = this.#chosen("pod");
    const own = (chosen && this.#index.workload(chosen)) ?? (pod && this.#index.pod(pod)?.workload);
    return own ? [own] : [];
  }

  #pods(): readonly OwnedPod[] {
    const chosen = this.#chosen("workload");
    const workload = chosen && this.#index.workload(chosen);
    const workloads = workload ? [workload] : this.#workloads();
    if (workloads.length > 0) return workloads.flatMap((view) => view.pods.map((pod) => ({ pod, workload: view })));
    const node = this.#chosen("node");
    return node ? this.#index.podsOn(node.cluster, node.name) : [];
  }

  #nodes(): readonly ObjectRef[] {
    const pod = this.#chosen("pod");
    const owned = pod && this.#index.pod(pod);
    const pods = owned ? [owned] : this.#pods();
    const found = new Map<string, ObjectRef>();
    for (const { pod: view } of pods) {
      if (view.node === undefined) continue;
      const ref = this.#index.nodeRef(view.ref.cluster, view.node);
      found.set(refId(ref), ref);
    }
    const chosen = this.#chosen("node");
    if (found.size === 0 && chosen) {
      return this.#index.input.nodes.filter(({ ref }) => ref.cluster === chosen.cluster).map(({ ref }) => ref);
    }
    return [...found.values()];
  }
}

function worstFirst(a: Choice, b: Choice): number {
  return compareHealth(a.state, b.state) || compare(a.name, b.name);
}
