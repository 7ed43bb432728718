import type { KubeObject } from "../model/kubeObject.ts";
import type { Scope } from "../ports.ts";

/** Above this many namespaces one cluster-wide watch is cheaper than one watch each. */
const watchesAtMost = 10;

export interface NamespaceChoice {
  /** What a person chose; undefined where nobody did. */
  readonly chosen: readonly string[] | undefined;
  /** Namespaces that take part in the mesh, and those of control planes and gateways. */
  readonly ofMesh: Iterable<string>;
  /** The context's namespace. */
  readonly fallback: string | undefined;
}

/**
 * The namespaces whose pods are watched: those chosen, else those of the mesh, else the context's. Never everything
 * unasked: a cluster without a mesh may hold a hundred thousand pods that are none of Foreyard's business.
 */
export function selectedNamespaces({ chosen, ofMesh, fallback }: NamespaceChoice): readonly string[] {
  if (chosen) return [...new Set(chosen)].sort();
  const mesh = [...new Set(ofMesh)].sort();
  return mesh.length > 0 ? mesh : [fallback ?? "default"];
}

export interface PodScope {
  readonly scope: Scope;
  readonly accepts: (object: KubeObject) => boolean;
}

/** How to watch the pods of these namespaces. `known` are all namespaces there are, undefined where that is unreadable. */
export function podScope(selected: readonly string[], known: readonly string[] | undefined): PodScope {
  const wanted = new Set(selected);
  const areAll = known !== undefined && known.length > 1 && known.every((name) => wanted.has(name));
  const isWide = selected.length > watchesAtMost || areAll;
  return {
    scope: isWide ? { all: true, otherwise: selected } : { namespaces: selected },
    accepts: ({ metadata }) => wanted.has(metadata.namespace ?? ""),
  };
}

/**
 * True where Istio would enrol the namespace's pods: `istio-injection`, `istio.io/rev`, `istio.io/dataplane-mode`
 * (istio.io/istio pkg/kube/inject and pkg/config/constants). Single pods that enrol themselves are not seen here.
 */
export function takesPartInMesh({ metadata }: KubeObject): boolean {
  const labels = metadata.labels ?? {};
  if (labels["istio.io/dataplane-mode"] === "ambient") return true;
  if (labels["istio-injection"] !== undefined) return labels["istio-injection"] === "enabled";
  const revision = labels["istio.io/rev"];
  return revision !== undefined && revision !== "";
}
