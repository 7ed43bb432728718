import type {
  ClusterRows,
  ContainerUse,
  NodeName,
  NodeQuery,
  NodeUse,
  ResourceQuery,
  ResourcesOf,
  RowsAnswer,
} from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { hostIp } from "../../objects/pods.ts";
import { containersOf, type ContainerPlan } from "../../resources/containers.ts";
import {
  availableBytes,
  busySeconds,
  cpusOfNode,
  loadOfMinute,
  nodesOf,
  type NodeLoad,
} from "../../resources/nodeLoad.ts";
import { coresOf, memoryOf, throttledShare } from "../../resources/podLoad.ts";
import { placesOf, runOf, type PodPlace, type PodRun } from "../../resources/podRun.ts";
import { integralOf } from "../../resources/swing.ts";
import type { World } from "../../world/blueprint.ts";
import { provenanceFor, type LevelSource } from "./levelSource.ts";

export function isInCluster(cluster: ClusterRows | undefined, id: string): boolean {
  return cluster?.id === undefined || cluster.id === id;
}

/** Pods that may be meant, by everything but their names, which change with roll-outs. */
export function placesFor(world: World, of: ResourcesOf, cluster: ClusterRows | undefined): readonly PodPlace[] {
  const isMeant = ({ plan, node }: PodPlace) =>
    isInCluster(cluster, plan.cluster) && (of.what === "pods" ? plan.namespace === of.namespace : node === of.node);
  return placesOf(world).filter(isMeant);
}

/** The pods that are meant, as they are at a time. */
export function runsOf(
  { history }: LevelSource,
  of: ResourcesOf,
  { places, atMillis }: { readonly places: readonly PodPlace[]; readonly atMillis: number },
): readonly PodRun[] {
  if (atMillis < history.startMillis) return [];
  const runs = places.map((place) => runOf(place, history.startMillis, atMillis));
  if (of.what !== "pods") return runs;
  const wanted = new Set(of.pods);
  return runs.filter(({ pod }) => wanted.has(pod));
}

/** Cores in a window that may have begun before the pod did: over the time that there was. */
export function coresIn(
  run: PodRun,
  container: ContainerPlan,
  { atMillis, windowSeconds }: { readonly atMillis: number; readonly windowSeconds: number },
): number {
  const from = Math.max(run.startedMillis, atMillis - windowSeconds * 1000);
  const seconds = (atMillis - from) / 1000;
  return seconds > 0 ? integralOf(coresOf(run, container), from, atMillis) / seconds : NaN;
}

export function containerRows(source: LevelSource, query: ResourceQuery): RowsAnswer<ContainerUse> {
  const places = placesFor(source.history.world, query.of, query.cluster);
  const rows = runsOf(source, query.of, { places, atMillis: query.atMillis }).flatMap((run) =>
    containersOf(run.making, run.plan).map((container): ContainerUse => ({
      namespace: run.plan.namespace,
      pod: run.pod,
      container: container.name,
      cores: coresIn(run, container, query),
      memoryBytes: memoryOf(run, container, query.atMillis),
      throttledShare: throttledShare(run, container),
    })),
  );
  const names = [
    "container_cpu_usage_seconds_total",
    "container_memory_working_set_bytes",
    "container_cpu_cfs_throttled_periods_total",
  ];
  return { rows, provenance: provenanceFor(source, names, query), missing: [] };
}

/** By name, or by an address that the node has. */
export function nodeLoadOf(
  { history }: LevelSource,
  { name, addresses }: NodeName,
  cluster: ClusterRows | undefined,
): NodeLoad | undefined {
  const isIn = nodesOf(history.world).filter((load) => isInCluster(cluster, load.cluster.id));
  const byAddress = isIn.find((load) => addresses.includes(addressOf(history.world, load)));
  return byAddress ?? isIn.find(({ node }) => node.name === name);
}

export function addressOf({ seed }: Pick<World, "seed">, { cluster, node }: NodeLoad): string {
  return hostIp({ seed, cluster, startMillis: 0 }, node.name);
}

/** File systems that fill up; those in memory are no disk's. */
export function diskFilesystems({ filesystems }: NodeLoad): NodeLoad["filesystems"] {
  return filesystems.filter(({ type }) => type !== "tmpfs");
}

export function nodeUse(
  { history }: LevelSource,
  load: NodeLoad,
  { atMillis, windowSeconds }: { readonly atMillis: number; readonly windowSeconds: number },
): Omit<NodeUse, "node"> {
  const from = Math.max(history.startMillis, atMillis - windowSeconds * 1000);
  const seconds = (atMillis - from) / 1000;
  const mean = (sum: number) => (seconds > 0 ? sum / seconds : NaN);
  return {
    cpuShare: mean(busySeconds(load, from, atMillis)) / cpusOfNode,
    memoryShare: 1 - availableBytes(load, history.startMillis, atMillis) / load.memoryBytes,
    filesystemShare: Math.max(...diskFilesystems(load).map(({ usedShare }) => usedShare)),
    receivedBytesPerSecond: mean(integralOf(load.received, from, atMillis)),
    sentBytesPerSecond: mean(integralOf(load.sent, from, atMillis)),
    loadPerCpu: loadOfMinute(load, atMillis) / cpusOfNode,
  };
}

export function nodeRows(source: LevelSource, query: NodeQuery): RowsAnswer<NodeUse> {
  const isThere = query.atMillis >= source.history.startMillis;
  const rows = query.nodes.flatMap((wanted): NodeUse[] => {
    const load = isThere ? nodeLoadOf(source, wanted, query.cluster) : undefined;
    return load ? [{ node: wanted.name, ...nodeUse(source, load, query) }] : [];
  });
  const names = [
    "node_cpu_seconds_total",
    "node_memory_MemAvailable_bytes",
    "node_filesystem_avail_bytes",
    "node_network_receive_bytes_total",
    "node_network_transmit_bytes_total",
    "node_load1",
  ];
  return { rows, provenance: provenanceFor(source, names, query), missing: [] };
}
