import type { Health } from "../health/verdict.ts";
import type { Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Provenance } from "../telemetry/summaries.ts";

/** What the lists page shows: one row for each member of a mesh service, or for each workload. */
export type ListWhat = "services" | "workloads";

/** NaN: no data, or it does not apply. Rates per second, shares 0 to 1, seconds. */
export interface ListRow {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly context: string;
  readonly state: Health;
  readonly reasons: readonly Message[];
  /** Known, and nothing flowed in the window. */
  readonly isIdle: boolean;
  readonly rps: number;
  readonly errorRate: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  /** Of a service: in how many clusters it is. Of a workload: its pods that are ready. */
  readonly members: number;
  /** What is amiss with it or its pods by itself. */
  readonly findings: number;
  /** Kinds of configuration that act on it, each once. */
  readonly configuration: readonly string[];
  /** Requests, else bytes both ways; empty where nothing is known over time. NaN is a gap. */
  readonly spark: Float64Array | undefined;
}

export interface ListTotals {
  readonly rps: number;
  readonly errorRate: number;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
}

export interface ListValues {
  readonly what: ListWhat;
  readonly rows: readonly ListRow[];
  /** Points of each spark. */
  readonly sparkLength: number;
  readonly totals: ListTotals;
  readonly windowSeconds: number;
  /** When the numbers were measured (milliseconds since 1970). */
  readonly atMillis: number;
  /** The oldest numbers among them are old: since when. */
  readonly staleSince: number | undefined;
  readonly provenance: readonly Provenance[];
  readonly problems: readonly Message[];
}
