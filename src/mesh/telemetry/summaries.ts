import type { Message } from "../message.ts";

export interface SummaryQuery {
  /** The window of the rates. */
  readonly windowSeconds: number;
  /** Evaluated at this time (milliseconds since 1970). The source aligns it to its own step where that helps. */
  readonly atMillis: number;
  /** Only these namespaces (of the destination, of the gateway); undefined asks for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Gateways whose forwarded traffic is wanted: nothing in the metrics tells them from other callers. */
  readonly gateways?: readonly WorkloadName[];
}

/** A workload as the metrics name it (`source_workload` and its namespace). */
export interface WorkloadName {
  readonly namespace: string;
  readonly name: string;
}

/** How one answer came about; every number can show it. */
export interface Provenance {
  readonly sourceId: string;
  readonly query: string;
  readonly windowSeconds: number;
  readonly atMillis: number;
}

/** Something that should be in an answer and is not. */
export interface Missing {
  readonly what: Message;
  readonly why: Message;
  /** Which part of which rows; undefined: of all. What gateways forward comes with the workloads. */
  readonly about?: "requests" | "latency" | "tcp";
  readonly rows?: "services" | "workloads";
  /** The source holds no such series at all, so nothing was missed. Else the question failed. */
  readonly isAbsent?: true;
}

/**
 * HTTP and gRPC towards the thing named by the row, each request counted once. `errors` by Foreyard's rule: HTTP 5xx
 * and "no response", gRPC status other than 0; 4xx apart. All per second.
 */
export interface RequestRates {
  readonly rps: number;
  readonly errorsPerSecond: number;
  readonly clientErrorsPerSecond: number;
  /** Of rps, those that are gRPC. */
  readonly grpcPerSecond: number;
  /** Of rps and errorsPerSecond, per protocol, for verdicts per protocol. */
  readonly grpcErrorsPerSecond: number;
  /** Of errorsPerSecond, those without any response (code 0). */
  readonly noResponsePerSecond: number;
  /** Of rps, by protocol and code, all that did not go plainly well; absent where there is none, and in mere sums. */
  readonly endings?: Endings;
}

/** Per second, by "http 404", "http -" (no response), "grpc 14", "grpc 503"; never "http 200" and "grpc 0". */
export type Endings = Readonly<Record<string, number>>;

/** Seconds; null where the histogram holds nothing in the window. Never an average of quantiles. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/**
 * From the row's own side. Istio's names fit it: `istio_tcp_received_bytes_total` is what the callers sent, whichever end
 * reports it, and a gateway's callers are its downstream.
 */
export interface Throughput {
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
}

/**
 * One service or workload as the metrics name it. `clusterId` is Istio's cluster ID from the `*_cluster` label of the
 * row's own side; undefined where the label is absent or "unknown" (the source's own cluster is meant then).
 * An absent part says: no such series. A present part with zeros says: series are there, nothing flowed.
 */
export interface TrafficRow {
  readonly clusterId: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly requests?: RequestRates;
  readonly latency?: Latency;
  readonly tcp?: Throughput;
}

export interface Summaries {
  /** Rows by `destination_service_name`. */
  readonly services: readonly TrafficRow[];
  /** Rows by `destination_workload`: inbound traffic. */
  readonly workloads: readonly TrafficRow[];
  /**
   * Rows by `source_workload`, of the gateways asked for: what each passes on or answers itself, as it reports it. The
   * services behind count the same requests: never add these to theirs.
   */
  readonly forwarded: readonly TrafficRow[];
  readonly provenance: readonly Provenance[];
  readonly missing: readonly Missing[];
  /** Why the answer may be incomplete, in the source's own words: what is absent may flow, what flows may be more. */
  readonly warnings: readonly string[];
}
