import { fieldsAt, textAt, textMapAt } from "../../model/fields.ts";
import { groupOf, type KubeObject } from "../../model/kubeObject.ts";

/** What all that routing reads has. */
export interface ConfigObject {
  /** API group and kind: "networking.istio.io/VirtualService"; a Service is "/Service". */
  readonly groupKind: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** `metadata.creationTimestamp`, Unix milliseconds. Infinity where it is not known, as in files: it counts as youngest. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly object: KubeObject;
}

/** Reads what objects of all kinds have; one without a namespace is taken for one of `defaultNamespace`. */
export function readConfigObject(object: KubeObject, defaultNamespace: string): ConfigObject {
  const metadata = fieldsAt(object, "metadata");
  const createdAt = Date.parse(textAt(metadata, "creationTimestamp") ?? "");
  return {
    groupKind: `${groupOf(object.apiVersion)}/${object.kind}`,
    kind: object.kind,
    namespace: textAt(metadata, "namespace") ?? defaultNamespace,
    name: textAt(metadata, "name") ?? "",
    createdAt: Number.isNaN(createdAt) ? Infinity : createdAt,
    labels: textMapAt(metadata, "labels"),
    annotations: textMapAt(metadata, "annotations"),
    spec: fieldsAt(object, "spec"),
    object,
  };
}

interface Aged {
  readonly createdAt: number;
  readonly name: string;
  readonly namespace: string;
}

/** By age, then name, then namespace (`configCompareByCreationTime`). */
export function compareByAgeAndName(a: Aged, b: Aged): number {
  return compareAge(a, b) || compareText(a.name, b.name) || compareText(a.namespace, b.namespace);
}

/** By age, then namespace, then name, as routes of the Gateway API go (`sortRoutesByCreationTime`). */
export function compareByAgeAndNamespace(a: Aged, b: Aged): number {
  return compareAge(a, b) || compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

function compareAge(a: Aged, b: Aged): number {
  return a.createdAt === b.createdAt ? 0 : a.createdAt < b.createdAt ? -1 : 1;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
