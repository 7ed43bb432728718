import type { ClusterKey } from "../../model/refs.ts";

// Calls: what edges are drawn from. Every request and byte is in exactly one row.

/** Which cluster an end is in. Interned: the same cluster is the same object. */
export interface ClusterPlace {
  /** Istio's cluster ID as the metrics have it, else as the connected cluster has it; "" where nothing tells. */
  readonly label: string;
  /** The connected cluster that it is; undefined where none of them is known by this label. */
  readonly key: ClusterKey | undefined;
  /** No label of any row says it: the store's own cluster was taken. */
  readonly isDerived: boolean;
}

/** One end that runs: a workload as the metrics name it. Interned. */
export interface WorkloadEnd {
  readonly place: ClusterPlace;
  /** "" and "unknown" both read "unknown". */
  readonly namespace: string;
  readonly workload: string;
  readonly app: string | undefined;
  readonly version: string | undefined;
  readonly isWaypoint: boolean;
}

/** What was called by name. Interned. */
export interface ServiceEnd {
  readonly place: ClusterPlace;
  /** From the label, else from a Kubernetes host name; "unknown" where nothing tells. */
  readonly namespace: string;
  /** `destination_service_name`: also PassthroughCluster, BlackHoleCluster, a ServiceEntry's host, "unknown". */
  readonly name: string;
}

export type MutualTls = "yes" | "no" | "unknown";

/** Rates of one protocol, one way to end, between the same ends. Interned ends; numbers are finite and not negative. */
export interface Call {
  readonly source: WorkloadEnd;
  /** undefined where no service was named (V1 and pod addresses). */
  readonly service: ServiceEnd | undefined;
  /** undefined where no workload was reached or is known. */
  readonly destination: WorkloadEnd | undefined;
  /** Lower case: "http", "grpc", "tcp", and what Istio names otherwise. */
  readonly protocol: string;
  /** "" for TCP; "0" for no response. */
  readonly code: string;
  readonly grpcStatus: string;
  /** Envoy's flags, joined by commas; "" for none. */
  readonly flags: string;
  readonly mutualTls: MutualTls;
  /** Seen by ztunnel only: bytes of whatever flowed. */
  readonly isL4: boolean;
  /** Requests per second; 0 for TCP. */
  readonly rps: number;
  /** From the source's side (telemetry.md 6.4); 0 where requests are counted. */
  readonly sentBytesPerSecond: number;
  readonly receivedBytesPerSecond: number;
}

/** "total" draws one flow once: as requests where a proxy counts them, else as bytes. */
export type AmbientTraffic = "total" | "waypoint" | "ztunnel";
