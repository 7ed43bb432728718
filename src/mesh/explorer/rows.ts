import { isTrouble, type Health, type Verdict } from "../health/verdict.ts";
import type { ClusterView, MeshView, ServiceView, WorkloadView } from "../inventory/views.ts";
import { fill } from "../message.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { Assessment } from "./join/assessment.ts";
import { dataPlanesOf, istioVersions } from "./clusterFacts.ts";
import { errorShareOf, isFlowing } from "./rows/rowFacts.ts";
import { notesOf } from "./tooltip.ts";

// Rows for other programs: field names are a promise, null says "no data" or "does not apply", and reasons are English.

/**
 * One service or workload of one cluster. `cluster` is Istio's cluster ID where no other row's cluster has the same,
 * else the context. Latencies in seconds, `errorRate` a fraction of 0 to 1.
 */
export interface TrafficListRow {
  readonly cluster: string;
  readonly context: string;
  readonly clusterUid: string;
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
  readonly health: Health;
  /** Of a gateway's workload: what it passes on, as a reason says. 0 for idle; null without data, and where only TCP flows. */
  readonly rps: number | null;
  /** null where nothing was requested. */
  readonly errorRate: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** null where the metrics hold no TCP connections to it. */
  readonly receivedBytesPerSecond: number | null;
  readonly sentBytesPerSecond: number | null;
  /** null where no pods of it can be seen. */
  readonly inMesh: boolean | null;
  readonly reasons: readonly string[];
}

/** One cluster of a mesh. `health` is that of what runs the mesh there, not of its services. */
export interface MeshListRow {
  readonly mesh: string;
  readonly cluster: string;
  readonly context: string;
  /** Istio's; where several control planes run, that of the default revision, else the newest. null: unknown. */
  readonly version: string | null;
  readonly revisions: readonly string[];
  /** "sidecar", "ambient", "sidecar, ambient", "none"; null where pods cannot be read. */
  readonly dataPlane: string | null;
  readonly servicesInMesh: number | null;
  readonly services: number;
  readonly health: Health;
  readonly reasons: readonly string[];
}

/** What rows are made of; a LiveMesh is one. */
export interface RowSource {
  readonly meshes: readonly MeshView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  assessment(id: string): Assessment;
  clusterHealth(key: ClusterKey): Verdict;
}

/** One row per member of a mesh service, by namespace, name and cluster. `namespaces` undefined: all. */
export function serviceRows(source: RowSource, namespaces?: readonly string[]): readonly TrafficListRow[] {
  return trafficRows(source, source.services, namespaces);
}

export function workloadRows(source: RowSource, namespaces?: readonly string[]): readonly TrafficListRow[] {
  return trafficRows(source, source.workloads, namespaces);
}

/** One row per cluster, mesh by mesh in the order of display. */
export function meshRows(source: Pick<RowSource, "meshes" | "clusterHealth">): readonly MeshListRow[] {
  const names = clusterNames(source.meshes);
  return source.meshes.flatMap((mesh) =>
    mesh.clusters.map((cluster): MeshListRow => {
      const { state, reasons } = source.clusterHealth(cluster.key);
      return {
        mesh: mesh.name,
        cluster: names.get(cluster.key)?.cluster ?? cluster.context,
        context: cluster.context,
        version: versionOf(cluster) ?? null,
        revisions: [...new Set(cluster.controlPlanes.flatMap(({ revision }) => revision ?? []))],
        dataPlane: dataPlanesOf(cluster)?.join(", ").replace(/^$/, "none") ?? null,
        servicesInMesh: cluster.counts.services.inMesh ?? null,
        services: cluster.counts.services.all,
        health: state,
        reasons: reasons.map(fill),
      };
    }),
  );
}

interface ClusterName {
  readonly cluster: string;
  readonly context: string;
}

interface Listed {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly inMesh: boolean | undefined;
}

function trafficRows(
  source: RowSource,
  views: readonly Listed[],
  namespaces: readonly string[] | undefined,
): readonly TrafficListRow[] {
  const names = clusterNames(source.meshes);
  return views
    .filter(({ ref }) => namespaces?.includes(ref.namespace) ?? true)
    .map((view) => trafficRow(view, names.get(view.ref.cluster), source.assessment(view.id)))
    .sort(byPlace);
}

function trafficRow({ ref, inMesh }: Listed, name: ClusterName | undefined, assessment: Assessment): TrafficListRow {
  const context = name?.context ?? ref.cluster;
  return {
    cluster: name?.cluster ?? context,
    context,
    clusterUid: ref.cluster,
    namespace: ref.namespace,
    name: ref.name,
    kind: ref.kind,
    ...numbersOf(assessment),
    inMesh: inMesh ?? null,
    reasons: [...new Set([...notesOf(assessment.reading), ...assessment.verdict.reasons].map(fill))],
  };
}

type Numbers = Omit<
  TrafficListRow,
  keyof ClusterName | "clusterUid" | "namespace" | "name" | "kind" | "inMesh" | "reasons"
>;

function numbersOf({ reading, verdict }: Assessment): Numbers {
  const { requests, latency, tcp } = reading;
  // A row carries no age, so an old number would pass for a new one.
  const isOld = reading.staleSince !== undefined;
  const isKnown = reading.kind !== "none" && !isOld;
  const isRequested = isKnown && (requests?.rps ?? 0) > 0;
  const isIdle = isKnown && reading.kind === "idle";
  return {
    health: isOld && !isTrouble(verdict.state) ? "unknown" : verdict.state,
    rps: isRequested ? (requests?.rps ?? null) : isIdle || (isKnown && requests && !isFlowing(tcp)) ? 0 : null,
    errorRate: isRequested ? (errorShareOf(reading) ?? null) : null,
    p50: isRequested ? (latency?.p50 ?? null) : null,
    p95: isRequested ? (latency?.p95 ?? null) : null,
    p99: isRequested ? (latency?.p99 ?? null) : null,
    receivedBytesPerSecond: isKnown ? (tcp?.receivedBytesPerSecond ?? null) : null,
    sentBytesPerSecond: isKnown ? (tcp?.sentBytesPerSecond ?? null) : null,
  };
}

function clusterNames(meshes: readonly MeshView[]): ReadonlyMap<ClusterKey, ClusterName> {
  const clusters = meshes.flatMap((mesh) => mesh.clusters);
  const uses = new Map<string, number>();
  for (const { clusterId } of clusters)
    if (clusterId !== undefined) uses.set(clusterId, (uses.get(clusterId) ?? 0) + 1);
  return new Map(
    clusters.map(({ key, clusterId, context }) => {
      const isUnique = clusterId !== undefined && uses.get(clusterId) === 1;
      return [key, { cluster: isUnique ? clusterId : context, context }];
    }),
  );
}

function versionOf(cluster: ClusterView): string | undefined {
  const isDefault = (name: string | undefined) => name === "default";
  const main = cluster.controlPlanes.find(({ revision, tags }) => isDefault(revision) || tags.some(isDefault));
  return main?.version ?? istioVersions(cluster).toSorted(newestFirst)[0];
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, "en", { numeric: true });
}

function byPlace(a: TrafficListRow, b: TrafficListRow): number {
  return (
    compare(a.namespace, b.namespace) ||
    compare(a.name, b.name) ||
    compare(a.kind, b.kind) ||
    compare(a.context, b.context)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
