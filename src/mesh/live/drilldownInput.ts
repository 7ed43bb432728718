import type { DrilldownInput, LevelReads } from "../drilldown/drilldownInput.ts";
import type { Assessment } from "../explorer/join/assessment.ts";
import type { Format } from "../format/format.ts";
import type { Verdict } from "../health/verdict.ts";
import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import type { NodeView } from "../inventory/views.ts";
import { noTrafficConfig } from "../inventory/trafficConfig.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { TopologyInput } from "../topology/reading/topologyReading.ts";

/** What a drill-down takes from elsewhere than from stores and inventories. */
export interface DrilldownSurroundings {
  readonly assessment: (id: string) => Assessment;
  readonly nodeVerdict: (node: NodeView) => Verdict;
  readonly clusterHealth: (key: ClusterKey) => Verdict;
  readonly reads: LevelReads;
  readonly format: Format;
  readonly windowSeconds: number;
  readonly now: () => number;
}

/** What a drill-down is read from: the same stores and facts as a topology's, and nodes. */
export function drilldownInputOf(
  { stores, facts }: TopologyInput,
  inventories: readonly ClusterInventory[],
  around: DrilldownSurroundings,
): DrilldownInput {
  return {
    ...around,
    stores,
    meshes: facts?.meshes ?? [],
    services: facts?.services ?? [],
    workloads: facts?.workloads ?? [],
    config: facts?.config ?? noTrafficConfig,
    nodes: inventories.flatMap((inventory) => inventory.nodes()),
    nodesUnread: inventories.flatMap(({ cluster: { key }, nodesUnread }) => {
      if (nodesUnread === undefined) return [];
      return [{ cluster: key, error: nodesUnread === "pending" ? undefined : nodesUnread }];
    }),
    unread: inventories.flatMap((inventory) => {
      const { key, unread } = inventory.view();
      return unread.map((hole) => ({ cluster: key, unread: hole }));
    }),
  };
}
