import type { TrafficRow } from "../../mesh/telemetry/summaries.ts";
import type { DemoMesh } from "./demoMesh.ts";
import { edgeTruth, type EdgeTruthQuery, type TruthEdge } from "./telemetry/edges/edgeTruth.ts";
import { rowsOf, type RowQuery } from "./telemetry/demoRows.ts";

/** The exact numbers of one thing in a window. null: nothing of the kind flowed at all. */
export interface TruthRow {
  readonly clusterId: string;
  readonly namespace: string;
  readonly name: string;
  readonly rps: number | null;
  /** Fraction 0 to 1: HTTP 5xx, no response, gRPC status other than 0. */
  readonly errorRate: number | null;
  /** Seconds. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly receivedBytesPerSecond: number | null;
  readonly sentBytesPerSecond: number | null;
}

export interface Truth {
  readonly services: readonly TruthRow[];
  readonly workloads: readonly TruthRow[];
  readonly forwarded: readonly TruthRow[];
  readonly pods: readonly TruthRow[];
  /** Of the whole mesh, whatever namespaces were asked for. */
  readonly edges: readonly TruthEdge[];
}

/** What really flowed towards services, workloads and pods, for tests that measure it in another way. */
export function demoTruth({ history }: Pick<DemoMesh, "history">, query: RowQuery & EdgeTruthQuery): Truth {
  const { services, workloads, forwarded, pods } = rowsOf(history, query, true);
  return {
    services: services.map(truthOf),
    workloads: workloads.map(truthOf),
    forwarded: forwarded.map(truthOf),
    pods: pods.map(truthOf),
    edges: edgeTruth(history, query),
  };
}

function truthOf({ clusterId = "", namespace, name, requests, latency, tcp }: TrafficRow): TruthRow {
  return {
    clusterId,
    namespace,
    name,
    rps: requests?.rps ?? null,
    errorRate: requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : null,
    p50: latency?.p50 ?? null,
    p95: latency?.p95 ?? null,
    p99: latency?.p99 ?? null,
    receivedBytesPerSecond: tcp?.receivedBytesPerSecond ?? null,
    sentBytesPerSecond: tcp?.sentBytesPerSecond ?? null,
  };
}
