import type { ControlPlane, MeshView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";

/** Whose configuration acts in a cluster, and what its control plane was told. */
export interface Governance {
  readonly clusters: ReadonlySet<ClusterKey>;
  /** undefined where nothing tells. */
  readonly rootNamespace: string | undefined;
  readonly autoMtls: boolean;
}

/**
 * A cluster with a control plane of its own reads its own configuration; a remote one gets that of the primaries of its
 * mesh.
 */
export function governanceOf(cluster: ClusterKey, inventory: InventoryIndex): Governance {
  const known = inventory.clusters.get(cluster);
  if (!known) return { clusters: new Set([cluster]), rootNamespace: undefined, autoMtls: false };
  const own = known.view.controlPlanes.filter(({ external }) => !external);
  const governors = own.length > 0 ? [known.view] : known.mesh.clusters.filter(hasControlPlane);
  const planes = own.length > 0 ? own : governors.flatMap(({ controlPlanes }) => controlPlanes);
  return {
    clusters: new Set([cluster, ...governors.map(({ key }) => key)]),
    rootNamespace: agreed(planes, ({ rootNamespace }) => rootNamespace.value),
    autoMtls: agreed(planes, ({ autoMtls }) => autoMtls.value) === "true",
  };
}

function hasControlPlane({ controlPlanes }: MeshView["clusters"][number]): boolean {
  return controlPlanes.some(({ external }) => !external);
}

// Revisions side by side may be told different things: then nothing is known.
function agreed(planes: readonly ControlPlane[], read: (plane: ControlPlane) => string): string | undefined {
  const values = new Set(planes.map(read));
  const [value] = values;
  return values.size === 1 && value !== "unknown" ? value : undefined;
}
