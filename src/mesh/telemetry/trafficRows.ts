import { addRequests, noRequests } from "./requestRates.ts";
import { labelOf, type Sample } from "./sample.ts";
import { isServiceName, knownValue } from "./specialValues.ts";
import type { Latency, RequestRates, Throughput, TrafficRow } from "./summaries.ts";

export type RowScope = "service" | "workload";

/** What rows are of: what traffic goes to, or the gateway that passes it on. */
export type RowKind = RowScope | "gateway";

/** The labels that name a row: its cluster, namespace and name. */
export const rowLabels: Readonly<Record<RowKind, readonly [cluster: string, namespace: string, name: string]>> = {
  service: ["destination_cluster", "destination_service_namespace", "destination_service_name"],
  workload: ["destination_cluster", "destination_workload_namespace", "destination_workload"],
  gateway: ["source_cluster", "source_workload_namespace", "source_workload"],
};

/** Answers whose requests were counted once already; undefined where that question could not be answered. */
export interface RowAnswers {
  /** Per second, by row, request_protocol, response_code and grpc_response_status. */
  readonly requests: readonly Sample[] | undefined;
  /** Seconds, by row and `quantile` ("0.5", "0.95", "0.99"); rows without traffic are left out. */
  readonly latency: readonly Sample[] | undefined;
  /** Bytes per second, by row and `direction` ("received", "sent") from the row's own side. */
  readonly tcp: readonly Sample[] | undefined;
}

interface RowDraft {
  clusterId: string | undefined;
  namespace: string;
  name: string;
  requests?: RequestRates;
  latency?: Latency;
  tcp?: Throughput;
}

const noQuantiles: Latency = { p50: null, p95: null, p99: null };
const noBytes: Throughput = { receivedBytesPerSecond: 0, sentBytesPerSecond: 0 };
const quantileField: Readonly<Record<string, keyof Latency>> = { "0.5": "p50", "0.95": "p95", "0.99": "p99" };
const directionField: Readonly<Record<string, keyof Throughput>> = {
  received: "receivedBytesPerSecond",
  sent: "sentBytesPerSecond",
};

/**
 * Turns answers into rows. Numbers that are none (NaN, infinite) add nothing and make nothing present. An idle row gets
 * empty quantiles where durations are measured at all, because its histogram then holds nothing in the window.
 */
export function trafficRows(answers: RowAnswers, kind: RowKind): TrafficRow[] {
  const rows = new Map<string, RowDraft>();
  for (const sample of answers.requests ?? []) {
    const row = rowOf(rows, sample, kind);
    if (row) row.requests = addRequests(row.requests ?? noRequests, sample);
  }
  for (const sample of answers.latency ?? []) {
    const field = quantileField[labelOf(sample, "quantile")];
    const row = field && rowOf(rows, sample, kind);
    if (row) row.latency = { ...(row.latency ?? noQuantiles), [field]: sample.value };
  }
  for (const sample of answers.tcp ?? []) {
    const field = directionField[labelOf(sample, "direction")];
    const row = field && rowOf(rows, sample, kind);
    if (row) row.tcp = { ...(row.tcp ?? noBytes), [field]: (row.tcp ?? noBytes)[field] + sample.value };
  }
  const durationsAreMeasured = (answers.latency?.length ?? 0) > 0;
  for (const row of rows.values()) {
    if (durationsAreMeasured && row.requests?.rps === 0) row.latency ??= noQuantiles;
  }
  return [...rows.values()];
}

function rowOf(rows: Map<string, RowDraft>, sample: Sample, kind: RowKind): RowDraft | undefined {
  const [clusterLabel, namespaceLabel, nameLabel] = rowLabels[kind];
  const name = labelOf(sample, nameLabel);
  const isNamed = kind === "service" ? isServiceName(name) : knownValue(name) !== undefined;
  if (!isNamed || !Number.isFinite(sample.value)) return undefined;
  const clusterId = knownValue(sample.labels[clusterLabel]);
  const namespace = knownValue(sample.labels[namespaceLabel]) ?? "";
  const key = JSON.stringify([clusterId, namespace, name]);
  let row = rows.get(key);
  if (!row) rows.set(key, (row = { clusterId, namespace, name }));
  return row;
}
