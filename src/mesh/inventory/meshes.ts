import type { ClusterInventory } from "./clusterInventory.ts";
import type { MeshView } from "./views.ts";

/** Joins clusters to meshes; one cluster alone is a mesh. */
export function meshesOf(clusters: readonly ClusterInventory[]): readonly MeshView[] {
  return clusters.map((inventory) => {
    const cluster = inventory.view();
    return {
      id: `mesh:${cluster.key}`,
      name: cluster.context,
      clusters: [cluster],
      topology: "single",
      services: cluster.counts.services,
      workloads: cluster.counts.workloads,
      problems: [],
    };
  });
}
