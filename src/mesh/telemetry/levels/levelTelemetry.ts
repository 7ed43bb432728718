import type { Message } from "../../message.ts";
import type { Missing, Provenance } from "../summaries.ts";

// What the levels of a drill-down ask a metrics store for: charts of one thing's traffic, the numbers of its pods, and
// what exporters know of pods and nodes.

/** What numbers are in. Rates are per second; shares are fractions of 0 to 1. */
export const units = ["rps", "share", "seconds", "bytes", "bytesPerSecond", "cores", "perSecond", "count"] as const;
export type Unit = (typeof units)[number];

/** Which cluster's rows of a store are meant, by Istio's cluster ID. */
export interface ClusterRows {
  /** undefined: whatever the label says. */
  readonly id: string | undefined;
  /** Rows whose label is absent, empty or "unknown" belong to it, too: the store's own cluster. */
  readonly withUnplaced: boolean;
}

/** Whose traffic. Names are those that the metrics use. */
export type TrafficOf =
  | { readonly what: "mesh" }
  | { readonly what: "namespace"; readonly namespace: string }
  | { readonly what: "service"; readonly namespace: string; readonly name: string }
  /** Several names where Istio names the pods of a custom controller one by one. */
  | { readonly what: "workload"; readonly namespace: string; readonly names: readonly string[] }
  /** By the scrape labels `namespace` and `pod`: what this pod's own proxy reports. */
  | { readonly what: "pod"; readonly namespace: string; readonly name: string };

/** inbound: what goes to it. outbound: what it sends (workloads, pods and gateways). */
export type Direction = "inbound" | "outbound";

/**
 * What splits a chart into its series. "version" is the canonical revision of the end that the chart is of; "source" and
 * "destination" are workloads ("namespace/name"), for services without a workload behind them their names; "code" is the
 * response code, with the gRPC status where that is not 0 ("200 · gRPC 14"); "cluster" that of the other end.
 */
export const groupings = [
  "none",
  "version",
  "source",
  "destination",
  "code",
  "flags",
  "cluster",
  "protocol",
  "pod",
  "namespace",
] as const;
export type Grouping = (typeof groupings)[number];

/**
 * - requests: requests per second, each counted once by the rule of the lists (`rps`)
 * - errors: share of failed requests, by Foreyard's rule (5xx, no response, gRPC status other than 0) (`share`)
 * - latency: series "p50", "p95", "p99" (`seconds`); grouped: the p95 of each group
 * - messageBytes: request and response bytes per second; series "request" and "response" where not grouped, else both
 *   together by group (`bytesPerSecond`)
 * - tcpBytes: series "received" and "sent" from the thing's own side, else both together by group (`bytesPerSecond`)
 * - tcpConnections: series "opened" and "closed", else opened by group (`perSecond`)
 * - grpcMessages: series "request" and "response" messages, else both together by group (`perSecond`)
 */
export const trafficCharts = [
  "requests",
  "errors",
  "latency",
  "messageBytes",
  "tcpBytes",
  "tcpConnections",
  "grpcMessages",
] as const;
export type TrafficChart = (typeof trafficCharts)[number];

/** A range and its steps. The last time is exactly `toMillis`; times before are whole steps earlier. */
export interface ChartRange {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepSeconds: number;
}

export interface TrafficChartsQuery {
  readonly of: TrafficOf;
  readonly direction: Direction;
  readonly cluster: ClusterRows;
  readonly charts: readonly { readonly chart: TrafficChart; readonly by: Grouping }[];
  /** Of the rates. */
  readonly windowSeconds: number;
  readonly range: ChartRange;
}

/** One line of a chart. `points[i]` is the value at the chart's `times[i]`; NaN where there is none: a gap. */
export interface ChartSeries {
  /** What tells it apart in its chart: the value of the grouping's label, "p95", "received" ... ; "" for the only one. */
  readonly name: string;
  readonly points: Float64Array;
}

/** One chart by one query. */
export interface ChartAnswer<Name extends string = string> {
  readonly chart: Name;
  readonly by: Grouping;
  readonly unit: Unit;
  /** Most first by their last value; at most 50, and the rest in one series named "…". */
  readonly series: readonly ChartSeries[];
  /**
   * The query as it was asked; run at a time of the range as an instant query, it returns the value shown there. undefined
   * where none was asked.
   */
  readonly provenance: Provenance | undefined;
  /** Why it is empty or partial. */
  readonly missing: readonly Missing[];
}

export interface ChartsAnswer<Name extends string = string> {
  /** Seconds since 1970, ascending, evenly spaced; those of all charts. */
  readonly times: Float64Array;
  /** One for each that was asked for, in that order. A failed one has no series and says why. */
  readonly charts: readonly ChartAnswer<Name>[];
}

/** What pods themselves report, at one time. V2 sidecars, gateways and waypoints only; others have no row. */
export interface PodTrafficQuery {
  readonly namespace: string;
  readonly pods: readonly string[];
  /** Whose pods; undefined: of any. Where two clusters have a pod of one name and nothing is said, it has no row. */
  readonly cluster?: ClusterRows;
  /** They are gateways, whose inbound requests are those that they pass on: nothing in the metrics tells. */
  readonly areGateways?: true;
  readonly windowSeconds: number;
  readonly atMillis: number;
}

export interface PodTrafficRow {
  readonly namespace: string;
  readonly pod: string;
  /** Inbound requests per second that its proxy reports, and of these the failed ones; NaN where only TCP is reported. */
  readonly rps: number;
  readonly errorsPerSecond: number;
  /** Seconds; NaN where nothing is known. */
  readonly p95: number;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
}

/** Rows of numbers with where they come from. */
export interface RowsAnswer<Row> {
  readonly rows: readonly Row[];
  readonly provenance: readonly Provenance[];
  readonly missing: readonly Missing[];
}

/** Whose CPU and memory. Pods by namespace and name, or all pods of a node. */
export type ResourcesOf =
  | { readonly what: "pods"; readonly namespace: string; readonly pods: readonly string[] }
  | { readonly what: "podsOfNode"; readonly node: string };

export interface ResourceQuery {
  readonly of: ResourcesOf;
  /** Only series of this cluster where a store holds several and labels them; undefined: all are of one. */
  readonly cluster: ClusterRows | undefined;
  readonly windowSeconds: number;
  readonly atMillis: number;
}

/** One container as cAdvisor and kube-state-metrics tell of it. NaN: not told. */
export interface ContainerUse {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly cores: number;
  /** Working set: what the kernel's limit and eviction count, and `kubectl top` shows. */
  readonly memoryBytes: number;
  /** Share of the CPU periods in which it was held back; NaN without a CPU limit. */
  readonly throttledShare: number;
}

/**
 * - cpu: cores by container of one pod, or by pod of several (`cores`)
 * - memory: working set likewise (`bytes`)
 * - throttling: share of CPU periods held back (`share`)
 * - nodeCpu, nodeMemory, nodeFilesystem: used share (`share`), fullest file system by `mountpoint`
 * - nodeNetwork: series "received" and "sent" (`bytesPerSecond`); nodeDisk: busy share by device (`share`)
 * - nodeLoad: load of one minute per CPU (`count`)
 */
export const resourceCharts = [
  "cpu",
  "memory",
  "throttling",
  "nodeCpu",
  "nodeMemory",
  "nodeFilesystem",
  "nodeNetwork",
  "nodeDisk",
  "nodeLoad",
] as const;
export type ResourceChart = (typeof resourceCharts)[number];

export interface ResourceChartsQuery {
  readonly of: ResourcesOf | { readonly what: "node"; readonly node: NodeName };
  readonly cluster: ClusterRows | undefined;
  readonly charts: readonly ResourceChart[];
  readonly windowSeconds: number;
  readonly range: ChartRange;
}

/** What a node's series may be joined by (telemetry.md 10): its name, `node_uname_info`'s nodename, its addresses. */
export interface NodeName {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** One node at one time. NaN: not told. */
export interface NodeUse {
  readonly node: string;
  /** Used shares, 0 to 1. `filesystemShare` is that of the fullest one. */
  readonly cpuShare: number;
  readonly memoryShare: number;
  readonly filesystemShare: number;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  readonly loadPerCpu: number;
}

export interface NodeQuery {
  readonly nodes: readonly NodeName[];
  readonly cluster: ClusterRows | undefined;
  readonly windowSeconds: number;
  readonly atMillis: number;
}

/** A small line for every row of a list, by a constant number of queries. */
export interface SparkQuery {
  readonly rows: "services" | "workloads";
  readonly namespaces: readonly string[] | undefined;
  readonly windowSeconds: number;
  readonly range: ChartRange;
}

/** Requests per second, and bytes per second where a row has no requests. Named as the metrics name them. */
export interface SparkRow {
  readonly clusterId: string | undefined;
  readonly namespace: string;
  readonly name: string;
  readonly unit: "rps" | "bytesPerSecond";
  readonly points: Float64Array;
}

/**
 * Asked by the levels and the lists page. Failures of single questions are in `missing`; rejects with a MeshError where
 * nothing could be asked. Each chart is one query, `podTraffic` at most three, `containers` at most three, `nodes` at
 * most six, `sparks` at most two.
 */
export interface LevelTelemetry {
  /**
   * The queries behind ungrouped charts at one time, by chart, in the order of the charts: for numbers that are known
   * already. Asks the store for nothing but what it is, and for that once. Absent where a store has no language of its own.
   */
  trafficQueries?(
    query: Omit<TrafficChartsQuery, "charts" | "range"> & {
      readonly charts: readonly TrafficChart[];
      readonly atMillis: number;
    },
    signal: AbortSignal,
  ): Promise<readonly Provenance[]>;
  trafficCharts(query: TrafficChartsQuery, signal: AbortSignal): Promise<ChartsAnswer<TrafficChart>>;
  podTraffic(query: PodTrafficQuery, signal: AbortSignal): Promise<RowsAnswer<PodTrafficRow>>;
  containers(query: ResourceQuery, signal: AbortSignal): Promise<RowsAnswer<ContainerUse>>;
  nodes(query: NodeQuery, signal: AbortSignal): Promise<RowsAnswer<NodeUse>>;
  resourceCharts(query: ResourceChartsQuery, signal: AbortSignal): Promise<ChartsAnswer<ResourceChart>>;
  sparks(query: SparkQuery, signal: AbortSignal): Promise<RowsAnswer<SparkRow> & { readonly times: Float64Array }>;
}

/** An exporter that would give numbers that are missing, and which. */
export interface Gain {
  /** "kube-state-metrics", "cAdvisor", "node-exporter", "metrics.k8s.io". */
  readonly from: string;
  readonly what: Message;
}
