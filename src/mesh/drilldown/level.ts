import type { Health } from "../health/verdict.ts";
import type { Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Direction, Grouping, ResourceChart, TrafficChart, Unit } from "../telemetry/levels/levelTelemetry.ts";
import type { Provenance } from "../telemetry/summaries.ts";

// The levels of a drill-down as values: mesh › namespace › mesh service › service › workload › pod › node.

/** The breadcrumb's levels, in order; each may be skipped. `rule` and `policy` are where a search for a cause may end. */
export const levelNames = ["mesh", "namespace", "meshService", "service", "workload", "pod", "node"] as const;
export type LevelName = (typeof levelNames)[number];

/**
 * One thing at one level. `ref.cluster` is "" for what spans clusters: the mesh (kind "Mesh", named by its id), a
 * namespace of the mesh (kind "Namespace"), a mesh service (kind "Service", by namespace and name). Workloads are of any
 * kind, those of the control plane, gateways, waypoints, ztunnel and CNI included.
 */
export interface LevelRef {
  readonly level: LevelName;
  readonly ref: ObjectRef;
}

/** How somebody came to a level: what was chosen on each level above it, at most one each, in the breadcrumb's order. */
export type LevelPath = readonly LevelRef[];

/** Where a number comes from, and the query that returns it; several where it is made of several. */
export interface Origin {
  /** "Prometheus monitoring/prometheus-k8s", "metrics.k8s.io of prod-eu", "Kubernetes API of prod-eu". */
  readonly source: string;
  readonly provenance: readonly Provenance[];
}

/** A sentence with a place it leads to. */
export interface LevelReason {
  readonly words: Message;
  readonly to: LevelRef | undefined;
}

/** A number with a name. NaN: no data, and `why` says what is missing and what would give it. */
export interface Figure {
  readonly id: string;
  readonly title: Message;
  readonly value: number;
  readonly unit: Unit;
  /** What it is measured against, in the same unit: a limit, else a request. */
  readonly limit?: number;
  readonly request?: number;
  readonly isIdle?: true;
  readonly why: Message | undefined;
  readonly origin: Origin | undefined;
}

/** What a cell of a table holds. Names are exactly as the cluster spells them. */
export type Cell =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "words"; readonly words: Message }
  | { readonly is: "state"; readonly state: Health; readonly words?: Message }
  /** NaN: no data. */
  | {
      readonly is: "number";
      readonly value: number;
      readonly unit: Unit;
      readonly limit?: number;
      readonly isIdle?: true;
    }
  /** Milliseconds since 1970; NaN: never or not known. */
  | { readonly is: "time"; readonly atMillis: number };

export interface Column {
  readonly id: string;
  readonly title: Message;
  /** Text columns are sorted by name, others by value; no data last. */
  readonly isNumber: boolean;
}

export interface TableRow {
  /** Where a click leads; undefined for what is no level (a container, a condition, an event). */
  readonly to: LevelRef | undefined;
  /** The object behind it, for its actions. */
  readonly ref: ObjectRef | undefined;
  readonly cells: readonly Cell[];
  /** How much of the trouble it explains, 0 to 1; 0 for none. */
  readonly share: number;
}

export interface LevelTable {
  readonly id: string;
  readonly title: Message;
  readonly columns: readonly Column[];
  /** In the order to be shown first: most suspicious, else worst, else by name. */
  readonly rows: readonly TableRow[];
  /** Why it is empty or partial. */
  readonly why: Message | undefined;
}

/** Something below that explains what is wrong here. Most first. */
export interface Suspect {
  readonly level: LevelName | "rule" | "policy";
  readonly to: LevelRef | undefined;
  readonly ref: ObjectRef;
  readonly name: string;
  /** Of the trouble of the level it is named at, 0 to 1. */
  readonly share: number;
  readonly reason: Message;
}

/** Where following the first suspect ends. */
export interface Cause {
  readonly level: LevelName | "rule" | "policy";
  readonly ref: ObjectRef;
  readonly reason: Message;
}

/** A fact and its value; several values are shown one below the other. */
export interface LevelFact {
  readonly name: Message;
  readonly values: readonly (string | Message)[];
  /** Milliseconds since 1970. */
  readonly atMillis?: number;
  readonly to?: LevelRef;
}

export interface FactGroup {
  readonly title: Message;
  readonly facts: readonly LevelFact[];
}

/** A chart that a level offers; read when it is looked at. */
export interface ChartOffer {
  readonly chart: TrafficChart | ResourceChart;
  readonly title: Message;
  readonly unit: Unit;
  readonly direction: Direction | undefined;
  /** What it may be grouped by, the one to begin with first. */
  readonly groupings: readonly Grouping[];
  /** From this value on it is orange, and red (backyards.md R-13). */
  readonly thresholds?: readonly [warning: number, error: number];
  /** Limits and requests drawn as lines. */
  readonly lines?: readonly { readonly name: Message; readonly value: number }[];
}

/** One selector of the breadcrumb: what is chosen on its level, and what else may be. */
export interface Crumb {
  readonly level: LevelName;
  readonly chosen: { readonly to: LevelRef; readonly name: string; readonly state: Health } | undefined;
  /** Worst first, then by name; empty where the level above it leaves nothing to choose. */
  readonly choices: readonly { readonly to: LevelRef; readonly name: string; readonly state: Health }[];
}

/** Something that is amiss by itself, with the object that says so. */
export interface LevelFinding {
  readonly severity: "info" | "warning" | "error";
  readonly words: Message;
  readonly ref: ObjectRef | undefined;
}

/** What can be done with the thing of a level; the surface knows how. In this order. */
export const levelActions = [
  "openYaml",
  "describe",
  "validate",
  "logs",
  "previousLogs",
  "copyName",
  "copyCommand",
  "showTopology",
  "revealInTree",
  "openPrometheus",
  "openGrafana",
] as const;
export type LevelAction = (typeof levelActions)[number];

/** One level as it was read. */
export interface LevelReading {
  readonly at: LevelRef;
  readonly path: LevelPath;
  /** gone: it was there and is no longer; what is shown was read last. unreadable: `problems` says which permission. */
  readonly presence: "there" | "gone" | "unreadable";
  readonly title: string;
  /** "Workload", "shop", the context ... */
  readonly subtitle: readonly (string | Message)[];
  readonly state: Health;
  /** Why, worst first; links lead down the chain. */
  readonly reasons: readonly LevelReason[];
  readonly crumbs: readonly Crumb[];
  readonly figures: readonly Figure[];
  readonly suspects: readonly Suspect[];
  readonly charts: readonly ChartOffer[];
  /** The next level first, then containers, events, pods of the node ... */
  readonly tables: readonly LevelTable[];
  readonly facts: readonly FactGroup[];
  readonly configuration: readonly ObjectRef[];
  readonly findings: readonly LevelFinding[];
  readonly actions: readonly LevelAction[];
  /** What could not be read, and what would be gained by which exporter or permission. */
  readonly problems: readonly Message[];
  /** When the numbers are of (milliseconds since 1970), and the window of their rates. */
  readonly atMillis: number;
  readonly windowSeconds: number;
  /** Old numbers: since when. */
  readonly staleSince: number | undefined;
}
