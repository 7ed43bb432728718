import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { containersOf, podOf, podOfTemplate, type PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";

type Labels = Readonly<Record<string, string>>;

/** Kinds that make pods, and single Pods. */
export const podKinds: readonly KindName[] = [
  kinds.Deployment,
  kinds.StatefulSet,
  kinds.DaemonSet,
  kinds.ReplicaSet,
  kinds.Job,
  kinds.CronJob,
  kinds.Pod,
];

/** Kinds that are looked at when workloads are asked for. */
export const workloadReads: readonly KindName[] = [...podKinds, kinds.WorkloadEntry, kinds.WorkloadGroup];

/** Reads a Pod, a controller by its template, or what stands for a machine, which has an empty spec. */
export function readWorkload(object: WorldObject): PodLike {
  const { kind } = object;
  const spec = fieldsAt(object.object, "spec");
  switch (kind) {
    case kinds.Pod:
      return podOf(object);
    case kinds.WorkloadEntry:
      return podOfTemplate(object, { metadata: { labels: fieldsAt(spec, "labels") } });
    case kinds.WorkloadGroup:
      return podOfTemplate(object, { metadata: fieldsAt(spec, "metadata") });
    default:
      return podOfTemplate(object, templateOf(kind, spec));
  }
}

function templateOf(kind: KindName, spec: unknown): unknown {
  if (kind !== kinds.CronJob) return fieldsAt(spec, "template");
  return fieldsAt(fieldsAt(fieldsAt(spec, "jobTemplate"), "spec"), "template");
}

/** True for what a controller made: the controller speaks for it. */
export function isOwned({ object }: WorldObject): boolean {
  return listAt(fieldsAt(object, "metadata"), "ownerReferences").some(
    (owner) => fieldsOf(owner)["controller"] === true,
  );
}

interface LabelIndex {
  readonly all: readonly PodLike[];
  /** By one label, "key=value". */
  readonly byLabel: ReadonlyMap<string, readonly PodLike[]>;
}

const indexOfNamespace = defineQuery<LabelIndex>((world, namespace) =>
  indexOf(workloadReads.flatMap((kind) => world.inNamespace(kind, namespace))),
);
const indexOfCluster = defineQuery<LabelIndex>((world) => indexOf(workloadReads.flatMap((kind) => world.all(kind))));

function indexOf(objects: readonly WorldObject[]): LabelIndex {
  const byLabel = new Map<string, PodLike[]>();
  const all = objects.map(readWorkload);
  for (const workload of all) {
    for (const [key, value] of Object.entries(workload.labels)) {
      const label = `${key}=${value}`;
      const list = byLabel.get(label);
      if (list === undefined) byLabel.set(label, [workload]);
      else list.push(workload);
    }
  }
  return { all, byLabel };
}

const selected = defineQuery<readonly WorldObject[]>((world, key) => {
  const [namespace, ...pairs] = JSON.parse(key) as [string | null, ...(readonly [string, string])[]];
  const labels = Object.fromEntries(pairs);
  const index = namespace === null ? world.ask(indexOfCluster) : world.ask(indexOfNamespace, namespace);
  const candidates = narrowest(index, pairs);
  return candidates.filter((workload) => hasLabels(workload.labels, labels)).map(({ object }) => object);
});

function narrowest({ all, byLabel }: LabelIndex, pairs: readonly (readonly [string, string])[]): readonly PodLike[] {
  let best = all;
  for (const [key, value] of pairs) {
    const list = byLabel.get(`${key}=${value}`) ?? [];
    if (list.length < best.length) best = list;
  }
  return best;
}

/** The workloads of a namespace that have all these labels; no labels: all. */
export function workloadsWith(world: World, namespace: string, labels: Labels): readonly WorldObject[] {
  return world.ask(selected, JSON.stringify([namespace, ...pairsOf(labels)]));
}

/** The workloads of any namespace of the cluster that have all these labels. */
export function workloadsAnywhere(world: World, labels: Labels): readonly WorldObject[] {
  return world.ask(selected, JSON.stringify([null, ...pairsOf(labels)]));
}

function pairsOf(labels: Labels): readonly (readonly [string, string])[] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The name of the service account that a workload's pods run as. */
export function serviceAccountOf({ object, spec: podSpec }: PodLike): string {
  const spec = fieldsAt(object.object, "spec");
  if (object.kind === kinds.WorkloadGroup) return textAt(fieldsAt(spec, "template"), "serviceAccount") ?? "default";
  if (object.kind === kinds.WorkloadEntry) return textAt(spec, "serviceAccount") ?? "default";
  return textAt(podSpec, "serviceAccountName") ?? textAt(podSpec, "serviceAccount") ?? "default";
}

/** True if a workload's pods, as they are declared or run, have the sidecar among their containers. */
export function hasProxyContainer(pod: PodLike): boolean {
  return containersOf(pod, true).some(({ name }) => name === "istio-proxy");
}
