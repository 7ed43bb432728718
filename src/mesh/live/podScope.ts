import type { KubeObject } from "../model/kubeObject.ts";
import type { Scope } from "../ports.ts";

/**
 * Each watched namespace holds a stream of its own. A client that serves a few hundred at once must have some left for
 * the other kinds, for logs and for forwarded ports.
 */
export const watchedOneByOneAtMost = 100;

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

/**
 * How to watch the pods of these namespaces: one watch each, because a cluster-wide one reads every pod of the cluster
 * only to drop most of them. One for the whole cluster where that reads nothing more (all namespaces are selected), and
 * above `watchedOneByOneAtMost`, where what was not selected is dropped on arrival. `known` are all namespaces there
 * are, undefined where that is unreadable or not known yet.
 */
export function podScope(selected: readonly string[], known: readonly string[] | undefined): PodScope {
  const wanted = new Set(selected);
  const areAll = known !== undefined && known.length > 1 && known.every((name) => wanted.has(name));
  const isWide = selected.length > watchedOneByOneAtMost || areAll;
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
