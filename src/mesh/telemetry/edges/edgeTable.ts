/**
 * The labels of Istio's standard metrics that tell one edge from another (istio_stats). In V1 the same names stand for
 * the same things; those that it lacks are "".
 */
export const edgeLabels = [
  "reporter",
  "source_cluster",
  "source_workload_namespace",
  "source_workload",
  "destination_cluster",
  "destination_service_namespace",
  "destination_service_name",
  "destination_workload_namespace",
  "destination_workload",
  "request_protocol",
  "response_code",
  "grpc_response_status",
  "response_flags",
  "connection_security_policy",
] as const;

/** Labels that are asked for where an answer needs them: a host to tell a namespace by, and those of one selection. */
export const detailLabels = ["destination_service", "source_principal", "destination_principal"] as const;

/** What makes workloads one app: asked for where latencies are grouped by it, never with rows. V1 has no such labels. */
export const appLabels = ["source_canonical_service", "destination_canonical_service"] as const;

export type EdgeLabel = (typeof edgeLabels)[number] | (typeof detailLabels)[number] | (typeof appLabels)[number];

/**
 * What a row's value counts. `received` and `sent` are Istio's names: `istio_tcp_received_bytes_total` is what the
 * source sent, whichever end reports it (telemetry.md 6.4).
 */
export const edgeMetrics = ["requests", "tcpReceived", "tcpSent"] as const;
export type EdgeMetric = (typeof edgeMetrics)[number];

/** Who saw the bytes of a row: ztunnel reports all of an ambient workload's flows as TCP; others are Envoys. */
export type Carrier = "envoy" | "ztunnel";

/**
 * Series as a store gives them, column by column: row i of every column belongs together. Nothing is counted once yet:
 * both ends of a request have a row each.
 */
export interface EdgeTable {
  readonly length: number;
  /** What the columns point to; the first one is "". */
  readonly strings: readonly string[];
  /** Indexes into `strings`; a label that was not asked for has no column. */
  readonly labels: Readonly<Partial<Record<EdgeLabel, Uint32Array>>>;
  /** Indexes into `edgeMetrics`. */
  readonly metric: Uint8Array;
  /** 1 where ztunnel reports. */
  readonly ztunnel: Uint8Array;
  /** Per second: requests or bytes. NaN, infinite and negative values may occur: unchecked input. */
  readonly values: Float64Array;
}

/** The same over time: `points[row * times.length + i]` is the value at `times[i]`, NaN where there is none. */
export interface EdgeRange extends Omit<EdgeTable, "values"> {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  readonly points: Float64Array;
}
