import type { Health, Verdict } from "../health/verdict.ts";
import type { Counted } from "../inventory/views.ts";
import { fill } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { MeshNumbers } from "./meshNumbers.ts";
import type { MeshPart, Overview, TrafficSum, Worst } from "./overview.ts";

// The overview for other programs: field names are a promise, null says "no data" or "does not apply", reasons are English.

export interface OverviewJson {
  readonly mesh: string;
  readonly topology: string;
  readonly health: Health;
  readonly reasons: readonly string[];
  readonly rps: number | null;
  /** 0 to 1. */
  readonly errorRate: number | null;
  /** Seconds; null where several metrics stores each know a part, since quantiles do not add up. */
  readonly p95: number | null;
  readonly receivedBytesPerSecond: number | null;
  readonly sentBytesPerSecond: number | null;
  readonly services: CountedJson;
  readonly workloads: CountedJson;
  readonly pods: CountedJson;
  readonly clusters: readonly ClusterJson[];
  readonly namespaces: readonly NamespaceJson[];
  readonly controlPlane: ControlPlaneJson;
  readonly worst: {
    readonly errors: readonly WorstJson[];
    readonly latency: readonly WorstJson[];
    readonly throughput: readonly WorstJson[];
  };
}

export interface CountedJson {
  readonly inMesh: number | null;
  readonly all: number | null;
}

export interface TrafficJson {
  readonly rps: number | null;
  readonly errorRate: number | null;
  readonly receivedBytesPerSecond: number | null;
  readonly sentBytesPerSecond: number | null;
}

export interface ClusterJson extends TrafficJson {
  readonly context: string;
  readonly clusterUid: string;
  readonly health: Health;
  readonly reasons: readonly string[];
  readonly pods: CountedJson;
}

export interface NamespaceJson extends TrafficJson {
  readonly namespace: string;
  readonly health: Health;
  readonly p95: number | null;
  readonly services: CountedJson;
  readonly workloads: CountedJson;
  readonly pods: CountedJson;
}

export interface ControlPlaneJson {
  /** Cores and bytes of all istiod pods of the mesh; null where no source tells. */
  readonly cores: number | null;
  readonly memoryBytes: number | null;
  readonly source: string | null;
  readonly parts: readonly {
    readonly role: string;
    readonly context: string;
    readonly namespace: string;
    readonly kind: string;
    readonly name: string;
    readonly version: string | null;
    readonly ready: number | null;
    readonly desired: number | null;
    readonly health: Health;
    readonly reasons: readonly string[];
  }[];
}

/** `value`: a share of failed requests, seconds of p95, or bytes per second. */
export interface WorstJson {
  readonly context: string;
  readonly clusterUid: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly value: number;
}

export function overviewJson(overview: Overview, numbers: MeshNumbers): OverviewJson {
  const { mesh } = overview;
  const contexts = new Map(mesh.clusters.map(({ key, context }) => [key, context]));
  const worst = (list: readonly Worst[]): readonly WorstJson[] =>
    list.map(({ ref, value }) => ({ ...named(ref, contexts.get(ref.cluster)), clusterUid: ref.cluster, value }));
  return {
    mesh: mesh.name,
    topology: mesh.topology,
    ...verdictJson(overview.verdict),
    ...trafficJson(overview.traffic),
    p95: numberOrNull(numbers.p95),
    services: countedJson(mesh.services),
    workloads: countedJson(mesh.workloads),
    pods: countedJson(overview.pods),
    clusters: overview.clusters.map(({ cluster, traffic, verdict, pods }) => ({
      context: cluster.context,
      clusterUid: cluster.key,
      ...verdictJson(verdict),
      ...trafficJson(traffic),
      pods: countedJson(pods),
    })),
    namespaces: overview.namespaces.map(({ name, traffic, verdict, services, workloads, pods }) => ({
      namespace: name,
      health: verdict.state,
      ...trafficJson(traffic),
      p95: numberOrNull(numbers.p95ByNamespace.get(name) ?? NaN),
      services: countedJson(services),
      workloads: countedJson(workloads),
      pods: countedJson(pods),
    })),
    controlPlane: {
      cores: numberOrNull(numbers.controlPlane.cores),
      memoryBytes: numberOrNull(numbers.controlPlane.memoryBytes),
      source: numbers.controlPlane.origin?.source ?? null,
      parts: overview.parts.map(partJson),
    },
    worst: {
      errors: worst(overview.worstErrors),
      latency: worst(overview.worstLatency),
      throughput: worst(overview.mostThroughput),
    },
  };
}

function partJson({ role, ref, context, version, replicas, verdict }: MeshPart): ControlPlaneJson["parts"][number] {
  return {
    role,
    ...named(ref, context),
    version: version ?? null,
    ready: replicas?.ready ?? null,
    desired: replicas?.desired ?? null,
    ...verdictJson(verdict),
  };
}

function named({ cluster, namespace, kind, name }: ObjectRef, context: string | undefined) {
  return { context: context ?? cluster, namespace, kind, name };
}

function trafficJson({ rps, errorRate, receivedBytesPerSecond, sentBytesPerSecond }: TrafficSum): TrafficJson {
  return {
    rps: numberOrNull(rps),
    errorRate: numberOrNull(errorRate),
    receivedBytesPerSecond: numberOrNull(receivedBytesPerSecond),
    sentBytesPerSecond: numberOrNull(sentBytesPerSecond),
  };
}

function verdictJson({ state, reasons }: Verdict): { readonly health: Health; readonly reasons: readonly string[] } {
  return { health: state, reasons: reasons.map(fill) };
}

function countedJson({ inMesh, all }: Counted): CountedJson {
  return { inMesh: inMesh ?? null, all: numberOrNull(all) };
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
