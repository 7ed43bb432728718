import { fieldsAt, textAt, textMapAt, countAt, fieldsOf } from "../../model/fields.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import { kinds, type KindName } from "../kinds.ts";
import { defineQuery } from "./query.ts";
import type { World } from "./world.ts";
import type { WorldObject } from "./worldObject.ts";

type Labels = Readonly<Record<string, string>>;

/** A pod, or the template of a workload whose pods are not declared. */
export interface PodLike {
  /** The Pod, or the workload that the template is of. */
  readonly object: WorldObject;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** PodSpec. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly isTemplate: boolean;
}

/** Workloads with a pod template, by where it stands. */
const templates: readonly (readonly [KindName, (spec: unknown) => unknown])[] = [
  [kinds.Deployment, (spec) => fieldsAt(spec, "template")],
  [kinds.StatefulSet, (spec) => fieldsAt(spec, "template")],
  [kinds.DaemonSet, (spec) => fieldsAt(spec, "template")],
  [kinds.ReplicaSet, (spec) => fieldsAt(spec, "template")],
  [kinds.Job, (spec) => fieldsAt(spec, "template")],
  [kinds.CronJob, (spec) => fieldsAt(fieldsAt(fieldsAt(spec, "jobTemplate"), "spec"), "template")],
];

const podsIn = defineQuery<readonly PodLike[]>((world, namespace) => {
  const pods = world.inNamespace(kinds.Pod, namespace).map(podOf);
  if (world.settings.isExactlyIstio) return pods;
  const index = pairIndex(pods);
  const standIns = templates.flatMap(([kind, templateOf]) =>
    world.inNamespace(kind, namespace).flatMap((object) => {
      const template = templateOf(object.object["spec"]);
      const own = podOfTemplate(object, template);
      // Pods that are there speak for themselves; a workload scaled to nothing has none, and that is known live.
      const isShown = podsOf(index, own.labels).length > 0;
      const isScaledDown = object.origin.from === "live" && countAt(object.object["spec"], "replicas") === 0;
      return isShown || isScaledDown ? [] : [own];
    }),
  );
  return [...pods, ...standIns];
}, samePods);

const allPods = defineQuery<readonly PodLike[]>((world) => {
  const namespaces = new Set(
    [kinds.Pod, ...templates.map(([kind]) => kind)].flatMap((kind) =>
      world.all(kind).map(({ namespace }) => namespace),
    ),
  );
  return [...namespaces].flatMap((namespace) => world.ask(podsIn, namespace));
}, samePods);

type PairIndex = ReadonlyMap<string, readonly PodLike[]>;

const byLabel = defineQuery<PairIndex>((world, namespace) =>
  pairIndex(namespace === "*" ? world.ask(allPods) : world.ask(podsIn, namespace)),
);

/** Pods by a pair of their labels, "key=value". */
function pairIndex(pods: readonly PodLike[]): PairIndex {
  const index = new Map<string, PodLike[]>();
  for (const pod of pods) {
    for (const [key, value] of Object.entries(pod.labels)) {
      const pair = `${key}=${value}`;
      const known = index.get(pair);
      if (known === undefined) index.set(pair, [pod]);
      else known.push(pod);
    }
  }
  return index;
}

/** The pods that carry all labels; none for no labels. */
function podsOf(index: PairIndex, labels: Labels): readonly PodLike[] {
  // The rarest pair first leaves least to compare.
  let rarest: readonly PodLike[] | undefined;
  for (const [key, value] of Object.entries(labels)) {
    const pods = index.get(`${key}=${value}`) ?? [];
    if (rarest === undefined || pods.length < rarest.length) rarest = pods;
  }
  return (rarest ?? []).filter((pod) => hasLabels(pod.labels, labels));
}

const selected = defineQuery<readonly PodLike[]>((world, key) => {
  const [namespace = "", ...pairs] = JSON.parse(key) as string[];
  if (pairs.length === 0) return namespace === "*" ? world.ask(allPods) : world.ask(podsIn, namespace);
  const wanted = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  return podsOf(world.ask(byLabel, namespace), wanted);
}, samePods);

/** The pods of a namespace ("*": of all) that carry all labels; no labels match every pod. */
export function podsWith(world: World, namespace: string, labels: Labels): readonly PodLike[] {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return world.ask(selected, JSON.stringify([namespace, ...pairs.sort()]));
}

/** A Pod as one. */
export function podOf(object: WorldObject): PodLike {
  const { metadata } = object.object;
  return {
    object,
    namespace: object.namespace,
    name: object.name,
    labels: textMapAt(metadata, "labels"),
    annotations: textMapAt(metadata, "annotations"),
    spec: fieldsAt(object.object, "spec"),
    isTemplate: false,
  };
}

/** A workload's template as a pod. */
export function podOfTemplate(object: WorldObject, template: unknown): PodLike {
  const metadata = fieldsAt(template, "metadata");
  return {
    object,
    namespace: object.namespace,
    name: object.name,
    labels: textMapAt(metadata, "labels"),
    annotations: textMapAt(metadata, "annotations"),
    spec: fieldsAt(template, "spec"),
    isTemplate: true,
  };
}

/** The names and images of a pod's containers, init containers last. */
export function containersOf(
  { spec }: Pick<PodLike, "spec">,
  withInit: boolean,
): readonly { readonly name: string; readonly image: string; readonly fields: Readonly<Record<string, unknown>> }[] {
  const lists = [spec["containers"], ...(withInit ? [spec["initContainers"]] : [])];
  return lists.flatMap((list) =>
    (Array.isArray(list) ? (list as unknown[]) : []).map((one) => ({
      name: textAt(one, "name") ?? "",
      image: textAt(one, "image") ?? "",
      fields: fieldsOf(one),
    })),
  );
}

function samePods(a: readonly PodLike[], b: readonly PodLike[]): boolean {
  return a.length === b.length && a.every((pod, at) => pod.object === b[at]?.object);
}
