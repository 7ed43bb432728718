import type { ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { TopologyReading } from "../reading/topologyReading.ts";
import type { EmptyCause } from "./graph.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";

/** A store may be ready and still tell nothing of any traffic: its silence then is not that of the mesh. */
const untold: ReadonlySet<EmptyCause> = new Set<EmptyCause>(["noPrometheus", "noSeries", "wrongLabels", "noAnswer"]);

/**
 * Tells whether a cluster's store answered, so that silence in it says that nothing flows. A cluster without a store of
 * its own is heard where any store answered and none of its own failed: one store may speak for all.
 */
export function heardClusters(reading: TopologyReading, inventory: InventoryIndex): (place: ClusterPlace) => boolean {
  const tells = reading.empty === undefined || !untold.has(reading.empty.cause);
  const answering = tells && reading.stores.some(({ state }) => state === "ready");
  const silent = new Set(reading.stores.filter(({ state }) => state === "error").map(({ cluster }) => cluster));
  return ({ label, key }) => {
    const context = key === undefined ? undefined : inventory.clusters.get(key)?.view.context;
    return answering && !silent.has(label) && (context === undefined || !silent.has(context));
  };
}
