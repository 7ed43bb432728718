import type { KubeObject, ObjectMeta, OwnerReference } from "../../../mesh/model/kubeObject.ts";
import type { ClusterPlan } from "../world/blueprint.ts";
import { uidOf, unit } from "../world/seed.ts";

/** What the makers of objects need to know; time zero of the world dates them. */
export interface Making {
  readonly seed: number;
  readonly cluster: ClusterPlan;
  readonly startMillis: number;
}

/** An object that is made when somebody reads it: big worlds are listed by pages and need not be kept. */
export interface Lazy {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Who applied it, as `managedFields` would say. */
  readonly manager: string;
  /** Its labels alone, where they cost less than the object; absent: they have to be read from it. */
  readonly labels?: () => Readonly<Record<string, string>>;
  make(): KubeObject;
}

export interface MetaParts {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: OwnerReference;
  /** Milliseconds since 1970; by default some days before time zero. */
  readonly createdMillis?: number;
  readonly generation?: number;
}

const dayMillis = 86_400_000;

/** RFC 3339 with seconds, as Kubernetes writes times. */
export function timestamp(millis: number): string {
  return `${new Date(Math.floor(millis / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Days before time zero, differing by name. */
export function bornMillis(making: Making, key: string, days: readonly [from: number, to: number] = [3, 60]): number {
  const [from, to] = days;
  return making.startMillis - dayMillis * (from + (to - from) * unit(`born/${key}`, making.seed));
}

export function metaOf(making: Making, kind: string, name: string, parts: MetaParts = {}): ObjectMeta {
  const { namespace, labels, annotations, owner } = parts;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: uidFor(making, kind, namespace ?? "", name),
    ...(parts.generation === undefined ? {} : { generation: parts.generation }),
    creationTimestamp: timestamp(parts.createdMillis ?? bornMillis(making, `${kind}/${namespace ?? ""}`)),
    ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(annotations && Object.keys(annotations).length > 0 ? { annotations } : {}),
    ...(owner ? { ownerReferences: [owner] } : {}),
  };
}

export function uidFor(making: Making, kind: string, namespace: string, name: string): string {
  return uidOf(`${making.cluster.id}/${kind}/${namespace}/${name}`, making.seed);
}

export function ownerOf(making: Making, of: { apiVersion: string; kind: string; namespace: string; name: string }) {
  const { apiVersion, kind, name } = of;
  const uid = uidFor(making, kind, of.namespace, name);
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

type Maker = (making: Making) => Record<string, unknown> & { metadata: ObjectMeta };

/** A {@link Lazy} from its names and what makes its body. */
export function lazy(
  making: Making,
  names: { apiVersion: string; kind: string; namespace?: string; name: string; manager?: string },
  body: Maker,
): Lazy {
  const { apiVersion, kind, namespace = "", name, manager = "kube-controller-manager" } = names;
  return { apiVersion, kind, namespace, name, manager, make: () => ({ apiVersion, kind, ...body(making) }) };
}
