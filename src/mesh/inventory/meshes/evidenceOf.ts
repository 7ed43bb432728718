import type { ClusterFeed } from "../clusterFeed.ts";
import { istiodsOf } from "./controlPlanes.ts";
import type { MeshEvidence } from "./meshEvidence.ts";
import type { ClusterView } from "../views.ts";

/** Collects what joins a cluster to others. */
export function evidenceOf(feed: ClusterFeed, view: ClusterView): MeshEvidence {
  const namespaces = rootNamespaces(feed, view);
  const watches = [...feed.remoteSecrets.values()].map(({ clusterId }) => clusterId);
  for (const { system } of istiodsOf(feed)) if (system.servesElsewhere) watches.push(system.clusterId);
  const admits = namespaces.flatMap((namespace) => feed.controlPlaneClustersOf(namespace));
  const trustDomains = new Set(view.controlPlanes.map(({ trustDomain }) => trustDomain.value));
  trustDomains.delete("unknown");
  const [trustDomain] = trustDomains.size === 1 ? trustDomains : [];
  const { meshId } = view;
  const isMeshIdSet = meshId !== undefined && meshId !== (trustDomain ?? "cluster.local");
  return {
    watches: new Set(watches.filter((id) => id !== undefined && id !== view.clusterId) as string[]),
    admits: new Set(admits),
    roots: new Set(rootsOf(feed, namespaces)),
    trustDomain,
    meshId: isMeshIdSet ? meshId : undefined,
  };
}

function rootNamespaces(feed: ClusterFeed, view: ClusterView): readonly string[] {
  const named = view.controlPlanes.flatMap(({ ref, rootNamespace }) => [ref.namespace, rootNamespace.value]);
  return [...new Set([...named, "istio-system"])].filter((namespace) => feed.namespaces.get(`/${namespace}`));
}

// istiod's own namespace is the surest; a namespace that no control plane tends any more may keep an old root.
function rootsOf(feed: ClusterFeed, namespaces: readonly string[]): readonly string[] {
  const own = namespaces.flatMap((namespace) => feed.roots.get(`${namespace}/istio-ca-root-cert`)?.certificates ?? []);
  return own.length > 0 ? own : [...feed.roots.values()].flatMap(({ certificates }) => certificates);
}
