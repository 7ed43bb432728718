import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import type { MeshView } from "../inventory/views.ts";
import { refId, type ClusterKey } from "../model/refs.ts";
import type { ProxyStatus } from "../ports.ts";

interface Istiods {
  /** Where they run. */
  readonly cluster: ClusterKey;
  readonly pods: readonly { readonly namespace: string; readonly name: string }[];
}

/** The running istiods that serve a cluster's proxies: its own, else those of another cluster of its mesh. */
export function istiodsOf(
  cluster: ClusterKey,
  meshes: readonly MeshView[],
  inventoryOf: (key: ClusterKey) => ClusterInventory | undefined,
): Istiods | undefined {
  const mesh = meshes.find(({ clusters }) => clusters.some(({ key }) => key === cluster));
  const others = mesh?.clusters.map(({ key }) => key).filter((key) => key !== cluster) ?? [];
  for (const key of [cluster, ...others]) {
    const pods = runningIstiods(inventoryOf(key));
    if (pods.length > 0) return { cluster: key, pods };
  }
  return undefined;
}

function runningIstiods(inventory: ClusterInventory | undefined): Istiods["pods"] {
  const running = (inventory?.view().controlPlanes ?? [])
    .flatMap(({ ref }) => inventory?.workload(refId(ref))?.pods ?? [])
    .filter(({ phase }) => phase === "Running");
  return running.map(({ ref: { namespace, name } }) => ({ namespace, name }));
}

/**
 * Of what istiods tell, the proxies of one cluster: an istiod may serve those of several, and pods of two clusters may
 * have one name. Whose proxy it is says its cluster ID; without any, all of an own istiod's are the cluster's.
 */
export function proxiesOf(
  told: readonly ProxyStatus[],
  { clusterId, isOwn }: { readonly clusterId: string | undefined; readonly isOwn: boolean },
): readonly ProxyStatus[] {
  if (clusterId !== undefined) {
    return told.filter((proxy) => (proxy.clusterId === undefined ? isOwn : proxy.clusterId === clusterId));
  }
  const ids = new Set(told.map((proxy) => proxy.clusterId));
  return isOwn && ids.size <= 1 ? told : [];
}
