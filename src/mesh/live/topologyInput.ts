import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import { noTrafficConfig, type TrafficConfig } from "../inventory/trafficConfig.ts";
import type { MeshView } from "../inventory/views.ts";
import type { MeshFacts, StoreEntry, TopologyInput } from "../topology/reading/topologyReading.ts";
import type { ClusterSession } from "./clusterSession.ts";

/**
 * What a topology is read from. Each cluster speaks once, however many contexts lead to it. `rules` are those that the
 * trees judge by, so that a thing has one verdict wherever it is shown.
 */
export function topologyInputOf(
  sessions: readonly ClusterSession[],
  inventories: readonly ClusterInventory[],
  meshes: readonly MeshView[],
  rules: Required<Pick<MeshFacts, "tolerances" | "notes">>,
): TopologyInput {
  return {
    stores: sessions.map(storeOf),
    facts: {
      meshes,
      services: inventories.flatMap((inventory) => inventory.services()),
      workloads: inventories.flatMap((inventory) => inventory.workloads()),
      config: together(inventories.map((inventory) => inventory.trafficConfig())),
      nodes: inventories.flatMap((inventory) => inventory.nodes()),
      tolerances: rules.tolerances,
      notes: rules.notes,
    },
  };
}

/** A context that has not answered, or that another cluster answers for, has no store: its numbers are nobody's. */
function storeOf({ key, inventory, status, telemetry }: ClusterSession): StoreEntry {
  return {
    source: key === undefined ? undefined : telemetry.source,
    capabilities: key === undefined ? undefined : telemetry.status.capabilities,
    cluster: key === undefined ? undefined : { key, clusterId: inventory?.view().clusterId, context: status.context },
    status,
  };
}

function together(configs: readonly TrafficConfig[]): TrafficConfig {
  const [only, ...others] = configs;
  if (others.length === 0) return only ?? noTrafficConfig;
  return {
    routes: configs.flatMap(({ routes }) => routes),
    mtls: configs.flatMap(({ mtls }) => mtls),
    others: configs.flatMap((config) => config.others),
    unread: configs.flatMap(({ unread }) => unread),
  };
}
