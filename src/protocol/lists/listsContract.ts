import type { LevelAction, LevelPath } from "../../mesh/drilldown/level.ts";

/** Which list the page shows. */
export type ListWhat = "services" | "workloads";

/** Columns of numbers, in the order of the page's own; NaN is no data. Names are promises to saved settings. */
export const listNumbers = [
  "rps",
  "errorRate",
  "p50",
  "p95",
  "p99",
  "receivedBytesPerSecond",
  "sentBytesPerSecond",
  "members",
  "findings",
] as const;
export type ListNumber = (typeof listNumbers)[number];

/**
 * A list column by column: entry i of every column belongs together; texts are indexes into `strings`, whose first is "".
 * One row per mesh service and cluster, or per workload.
 */
export interface ListSnapshot {
  readonly what: ListWhat;
  readonly length: number;
  readonly strings: readonly string[];
  readonly ids: Uint32Array;
  readonly names: Uint32Array;
  readonly namespaces: Uint32Array;
  /** Contexts. */
  readonly clusters: Uint32Array;
  /** Kubernetes kinds; "Service" and "ServiceEntry" for services. */
  readonly kinds: Uint32Array;
  /** Indexes into `healthStates` of mesh/health; 0 failing, 1 degraded, 2 healthy, 3 idle, 4 unknown. */
  readonly states: Uint8Array;
  /** 1 idle: known, and nothing flowed in the window. Last in every order of a number. */
  readonly idle: Uint8Array;
  readonly reasons: Uint32Array;
  /** Kinds of configuration that act on it: "VirtualService, DestinationRule". */
  readonly configuration: Uint32Array;
  /** What third parties say in one line each. */
  readonly notes: Uint32Array;
  readonly numbers: Readonly<Record<ListNumber, Float64Array>>;
  /** `sparks[i * sparkLength + t]`; NaN is a gap. Requests, or bytes where a row has no requests. */
  readonly sparkLength: number;
  readonly sparks: Float64Array;
  readonly totals: {
    readonly rps: number;
    readonly errorRate: number;
    readonly receivedBytesPerSecond: number;
    readonly sentBytesPerSecond: number;
  };
  readonly windowSeconds: number;
  readonly atMillis: number;
  /** NaN: not stale. */
  readonly staleSince: number;
  readonly queries: readonly string[];
  readonly problems: readonly string[];
}

export interface ListsFacts {
  readonly meshId: string;
  readonly meshName: string;
  readonly locale: string;
  readonly translations: Readonly<Record<string, string>>;
  readonly refreshSeconds: number;
  readonly what: ListWhat;
}

export interface ListsContract {
  readonly requests: {
    "page.open": { params: Record<string, never>; result: ListsFacts };
    "list.load": { params: { what: ListWhat }; result: ListSnapshot };
    /** Opens the drill-down, or does one of the actions with the row. */
    "row.open": { params: { id: string }; result: null };
    "row.act": { params: { id: string; action: LevelAction }; result: null };
    "text.copy": { params: { text: string }; result: null };
    "csv.save": { params: { name: string; text: string }; result: { saved: boolean } };
  };
  readonly events: {
    "mesh.changed": { readonly meshId: string };
    "list.changed": Record<string, never>;
    "list.show": { readonly what: ListWhat; readonly path: LevelPath | null };
  };
}
