import type { Missing, Provenance } from "../summaries.ts";
import type { EdgeLabel, EdgeRange, EdgeTable } from "./edgeTable.ts";

/** Rows whose label has one of these values. */
export interface LabelFilter {
  readonly label: EdgeLabel;
  readonly anyOf: readonly string[];
}

export interface EdgeQuery {
  readonly windowSeconds: number;
  /** Evaluated exactly then (milliseconds since 1970); callers align it where they want to. */
  readonly atMillis: number;
  /** Rows with one end in one of these namespaces (workload's or service's); undefined asks for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Also series that are there with nothing in the window. */
  readonly withIdle: boolean;
  /** All of these must hold; empty or absent for all rows. For one selection. */
  readonly where?: readonly LabelFilter[];
  /** Also the columns of `detailLabels`. For one selection only: principals multiply the rows. */
  readonly withDetails?: boolean;
  /** One latency table for each grouping, in this order; empty for none. Groupings never hold `reporter`. */
  readonly latencyBy: readonly (readonly EdgeLabel[])[];
}

/** Seconds, from one histogram for each row, summed over everything that the row stands for. NaN: nothing in it. */
export interface LatencyTable {
  readonly by: readonly EdgeLabel[];
  readonly length: number;
  readonly strings: readonly string[];
  readonly labels: Readonly<Partial<Record<EdgeLabel, Uint32Array>>>;
  readonly p50: Float64Array;
  readonly p95: Float64Array;
  readonly p99: Float64Array;
}

/** What the metrics know of a workload besides its name. Values may be "", "unknown" or "latest", as proxies tell them. */
export interface NamedWorkload {
  readonly clusterId: string;
  readonly namespace: string;
  readonly workload: string;
  /** Canonical service, else the V1 label `app`. */
  readonly app: string;
  /** Canonical revision, else the V1 label `version`. */
  readonly version: string;
}

/** A workload whose proxies report as waypoint. */
export interface NamedWaypoint {
  readonly namespace: string;
  readonly workload: string;
}

/** How long each part of an answer took, and how much came: shown to people who wonder. */
export interface EdgeCost {
  readonly queries: number;
  readonly bytes: number;
  readonly rows: number;
  /** Until the last byte came, of all queries together (they overlap). */
  readonly waitMillis: number;
  readonly decodeMillis: number;
}

export interface EdgeAnswer {
  readonly edges: EdgeTable;
  /** One for each grouping asked for; a failed one is missing and named in `missing`. */
  readonly latency: readonly LatencyTable[];
  readonly workloads: readonly NamedWorkload[];
  readonly waypoints: readonly NamedWaypoint[];
  readonly provenance: readonly Provenance[];
  /** Questions that failed, and series that could not be read (each said once, with how many). */
  readonly missing: readonly Missing[];
  readonly warnings: readonly string[];
  readonly cost: EdgeCost;
}

export interface EdgeSeriesQuery extends Pick<EdgeQuery, "windowSeconds" | "namespaces" | "where"> {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepSeconds: number;
}

/** Seconds since 1970 and seconds of latency; NaN where there is none. Times are those of `edges`. */
export interface EdgeSeries {
  readonly edges: EdgeRange;
  readonly latency: { readonly p50: Float64Array; readonly p95: Float64Array; readonly p99: Float64Array } | undefined;
  readonly provenance: readonly Provenance[];
  readonly missing: readonly Missing[];
}

/** Why an answer without rows has none. */
export interface EdgePresence {
  /** Series of Istio's request or TCP metrics at all, in any window. */
  readonly seriesExist: boolean;
  /** They carry the labels that name both ends. */
  readonly labelsFit: boolean;
  readonly missingLabels: readonly string[];
  /** Namespaces with traffic in the window, whatever was asked for (at most 50). */
  readonly flowingNamespaces: readonly string[];
  /** What was asked to find out, ready to be run by a person. */
  readonly queries: readonly string[];
}
