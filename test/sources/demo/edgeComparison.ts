import { isError, outcomeOf } from "../../../src/mesh/telemetry/errorRules.ts";
import { countOnce } from "../../../src/mesh/telemetry/edges/countOnce.ts";
import type { Call, WorkloadEnd } from "../../../src/mesh/telemetry/edges/calls.ts";
import type { EdgeAnswer, LatencyTable } from "../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { EdgeLabel } from "../../../src/mesh/telemetry/edges/edgeTable.ts";
import type { Clock } from "../../../src/mesh/ports.ts";
import type { TruthEdge, TruthEnd } from "../../../src/sources/demo/telemetry/edges/edgeTruth.ts";
import { never } from "./demoShop.ts";

/** One histogram for what {@link TruthEdge} tells apart. */
export const edgeGrouping = [
  "source_cluster",
  "source_workload_namespace",
  "source_workload",
  "destination_cluster",
  "destination_service_namespace",
  "destination_service_name",
  "destination_workload_namespace",
  "destination_workload",
  "request_protocol",
] as const satisfies readonly EdgeLabel[];

export interface MeasuredEdge {
  requests: number;
  errors: number;
  sent: number;
  received: number;
}

/** The calls of one store that was found in these clusters, counted as for a picture. */
export async function countedCalls(
  answer: EdgeAnswer,
  clusterIds: readonly string[],
  clock: Clock,
): Promise<readonly Call[]> {
  const homes = clusterIds.map((clusterId) => ({ key: `key-${clusterId}`, clusterId, context: `demo-${clusterId}` }));
  const store = { ...answer, sourceId: "store", label: "A store", homes };
  const { calls, problems } = await countOnce([store], { ambient: "total" }, { clock, signal: never });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return calls;
}

export function edgesOfCalls(calls: readonly Call[]): ReadonlyMap<string, MeasuredEdge> {
  const edges = new Map<string, MeasuredEdge>();
  for (const call of calls) {
    const { source, service, destination, protocol, rps } = call;
    const service_ = service && { clusterId: service.place.label, namespace: service.namespace, name: service.name };
    const key = keyOf(endOf(source), service_, endOf(destination), protocol);
    let edge = edges.get(key);
    if (!edge) edges.set(key, (edge = { requests: 0, errors: 0, sent: 0, received: 0 }));
    edge.requests += rps;
    if (isError(outcomeOf(protocol, call.code, call.grpcStatus))) edge.errors += rps;
    edge.sent += call.sentBytesPerSecond;
    edge.received += call.receivedBytesPerSecond;
  }
  return edges;
}

export function truthKey({ source, service, destination, protocol }: TruthEdge): string {
  return keyOf(source, service, destination, protocol);
}

/** What the metrics of a dialect can tell: V1 has no gRPC status, and HTTP's is 200 whatever gRPC's is. */
export function tellable(truth: readonly TruthEdge[], dialect: Dialect): readonly TruthEdge[] {
  return truth.map((edge) => (dialect === "v1" && edge.protocol === "grpc" ? { ...edge, errorRate: 0 } : edge));
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Seconds by the same keys; `clusterId` is where a label does not tell a cluster. */
export function latencyOf(table: LatencyTable, clusterId: string): ReadonlyMap<string, Quantiles> {
  const rows = new Map<string, Quantiles>();
  for (let i = 0; i < table.length; i++) {
    const text = (label: EdgeLabel) => table.strings[table.labels[label]?.[i] ?? 0] ?? "";
    const known = (label: EdgeLabel, otherwise: string) =>
      ["", "unknown"].includes(text(label)) ? otherwise : text(label);
    const from = known("source_cluster", clusterId);
    const to = known("destination_cluster", from);
    const end = (place: string, namespace: EdgeLabel, workload: EdgeLabel): TruthEnd | undefined => {
      const name = known(workload, "");
      return name === "" ? undefined : { clusterId: place, namespace: text(namespace), workload: name };
    };
    const source = end(from, "source_workload_namespace", "source_workload");
    const namespace = text("destination_service_namespace");
    const service = { clusterId: to, namespace, name: text("destination_service_name") };
    const destination = end(to, "destination_workload_namespace", "destination_workload");
    const { p50, p95, p99 } = table;
    const quantiles = { p50: p50[i] ?? NaN, p95: p95[i] ?? NaN, p99: p99[i] ?? NaN };
    rows.set(keyOf(source, service, destination, text("request_protocol")), quantiles);
  }
  return rows;
}

function endOf(end: WorkloadEnd | undefined): TruthEnd | undefined {
  if (!end || end.workload === "unknown") return undefined;
  return { clusterId: end.place.label, namespace: end.namespace, workload: end.workload };
}

function keyOf(
  source: TruthEnd | undefined,
  service: TruthEdge["service"] | undefined,
  destination: TruthEnd | undefined,
  protocol: string,
): string {
  const text = (end: TruthEnd | undefined) => (end ? `${end.clusterId}/${end.namespace}/${end.workload}` : "unknown");
  const named = service ? `${service.clusterId}/${service.namespace}/${service.name}` : "none";
  return `${text(source)} > ${named} > ${text(destination)} : ${protocol}`;
}

/** What differs by more than `tolerance` (of the true value), in words; nothing where all is well. */
export function differences(
  truth: readonly TruthEdge[],
  edges: ReadonlyMap<string, MeasuredEdge>,
  latency: ReadonlyMap<string, Quantiles> | undefined,
  tolerance: number,
): readonly string[] {
  const wrong: string[] = [];
  const compare = (what: string, expected: number, actual: number) => {
    if (Math.abs(actual - expected) <= Math.abs(expected) * tolerance) return;
    wrong.push(`${what}: ${actual} is not ${expected}`);
  };
  const keys = new Set(truth.map(truthKey));
  for (const key of edges.keys()) if (!keys.has(key)) wrong.push(`${key}: is not in the truth`);
  for (const edge of truth) {
    const key = truthKey(edge);
    const measured = edges.get(key);
    if (!measured) {
      wrong.push(`${key}: is missing`);
      continue;
    }
    compare(`${key}, rps`, edge.rps ?? 0, measured.requests);
    compare(`${key}, errors`, edge.errorRate ?? 0, measured.requests > 0 ? measured.errors / measured.requests : 0);
    compare(`${key}, sent`, edge.sentBytesPerSecond ?? 0, measured.sent);
    compare(`${key}, received`, edge.receivedBytesPerSecond ?? 0, measured.received);
    if (!latency || edge.p95 === null) continue;
    const quantiles = latency.get(key);
    for (const name of ["p50", "p95", "p99"] as const) {
      compare(`${key}, ${name}`, edge[name] ?? NaN, quantiles?.[name] ?? NaN);
    }
  }
  return wrong;
}
