import type { Clock, ClusterSource, FindTelemetry } from "../../mesh/ports.ts";
import { DemoCluster } from "./cluster/demoCluster.ts";
import { createDemoTelemetry } from "./telemetry/demoTelemetry.ts";
import { TrafficHistory } from "./traffic/trafficHistory.ts";
import { readTrafficConfig, type TrafficConfig } from "./traffic/trafficConfig.ts";
import type { FaultName } from "./world/faults.ts";
import { drawWorld, type WorldOptions } from "./world/drawWorld.ts";

export interface DemoOptions {
  /** The same seed gives the same world; traffic also depends on the time. */
  readonly seed?: number;
  /** How many mesh services, counted once over both clusters; the shop's own two dozen are always there. */
  readonly services?: number;
  readonly clock: Clock;
  /** How much has happened already: an hour unless told. */
  readonly historySeconds?: number;
  /** One planted trouble in a mesh that is well otherwise; the usual mesh with its sick pod unless told. */
  readonly fault?: FaultName | undefined;
}

export interface DemoMesh {
  readonly clusters: readonly ClusterSource[];
  readonly findTelemetry: FindTelemetry;
  /** What flows, for those who check numbers against it. */
  readonly history: TrafficHistory;
}

export const defaultSeed = 1;

/** A mesh in memory: two clusters whose traffic follows the configuration that is applied to them. */
export function createDemoMesh(options: DemoOptions): DemoMesh {
  return meshOf(options, { clusters: 2, ambient: "corner" });
}

/** The same in another shape: one cluster only, or all of it in the ambient mesh. */
export function meshOf(options: DemoOptions, shape: Pick<WorldOptions, "clusters" | "ambient">): DemoMesh {
  const { clock, seed = defaultSeed, services = 0, historySeconds = 3600, fault } = options;
  const world = drawWorld({ seed, services, fault, ...shape });
  const startMillis = clock.now() - historySeconds * 1000;
  const clusters = world.clusters.map((cluster) => new DemoCluster({ seed, cluster, startMillis }, world, clock));
  const history = new TrafficHistory(world, configsOf(clusters), startMillis);
  for (const cluster of clusters) {
    cluster.store.listen(({ object }) => {
      if (movesTraffic.has(object.kind)) history.changeConfig(configsOf(clusters), clock.now());
    });
  }
  return { clusters, findTelemetry: createDemoTelemetry(history, clock), history };
}

/** Kinds that move traffic, by their groups. */
const movesTraffic: ReadonlyMap<string, string> = new Map([
  ["VirtualService", "networking.istio.io"],
  ["DestinationRule", "networking.istio.io"],
  ["PeerAuthentication", "security.istio.io"],
]);

function configsOf(clusters: readonly DemoCluster[]): ReadonlyMap<string, TrafficConfig> {
  return new Map(
    clusters.map(({ making, store }) => {
      const objects = [...movesTraffic].flatMap(([kind, group]) => [...store.list(group, kind)]);
      return [making.cluster.id, readTrafficConfig(objects)];
    }),
  );
}
