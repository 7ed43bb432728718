import type { Health } from "../../mesh/health/verdict.ts";
import type { LevelAction, LevelName, LevelPath, LevelRef } from "../../mesh/drilldown/level.ts";
import type {
  Direction,
  Grouping,
  ResourceChart,
  TrafficChart,
  Unit,
} from "../../mesh/telemetry/levels/levelTelemetry.ts";
import type { MetadataSeverity } from "../../mesh/metadata/providers.ts";

// As `level.ts` has it, with sentences in the user's language. Numbers are numbers, NaN is no data.

export interface WireReason {
  readonly words: string;
  readonly to: LevelRef | null;
}

/** A query a person may run: copied as it is, and opened where a store's own page is known. */
export interface WireOrigin {
  readonly source: string;
  readonly queries: readonly string[];
}

export interface WireFigure {
  readonly id: string;
  readonly title: string;
  readonly value: number;
  readonly unit: Unit;
  readonly limit: number;
  readonly request: number;
  readonly isIdle: boolean;
  /** "" where nothing is missing. */
  readonly why: string;
  readonly origin: WireOrigin | null;
}

export type WireCell =
  | { readonly is: "text"; readonly text: string }
  | { readonly is: "state"; readonly state: Health; readonly text: string }
  | {
      readonly is: "number";
      readonly value: number;
      readonly unit: Unit;
      readonly limit: number;
      readonly isIdle: boolean;
    }
  | { readonly is: "time"; readonly atMillis: number };

export interface WireTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly { readonly id: string; readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly {
    readonly to: LevelRef | null;
    /** What `action.run` names it by; "" where nothing can be done with it. */
    readonly id: string;
    readonly cells: readonly WireCell[];
    readonly share: number;
  }[];
  readonly why: string;
}

export interface WireSuspect {
  readonly level: LevelName | "rule" | "policy";
  readonly to: LevelRef | null;
  /** For `link.follow` where it is no level: its YAML. */
  readonly id: string;
  readonly name: string;
  readonly share: number;
  readonly reason: string;
}

export interface WireFact {
  readonly name: string;
  readonly values: readonly string[];
  /** NaN: none. */
  readonly atMillis: number;
  readonly to: LevelRef | null;
}

export interface WireChartOffer {
  /** Unique on its level: chart and direction. */
  readonly id: string;
  readonly chart: TrafficChart | ResourceChart;
  readonly title: string;
  readonly unit: Unit;
  readonly direction: Direction | null;
  readonly groupings: readonly Grouping[];
  readonly thresholds: readonly [warning: number, error: number] | null;
  readonly lines: readonly { readonly name: string; readonly value: number }[];
}

export interface WireChoice {
  readonly to: LevelRef;
  readonly name: string;
  readonly state: Health;
}

export interface WireCrumb {
  readonly level: LevelName;
  readonly chosen: WireChoice | null;
  readonly choices: readonly WireChoice[];
}

export interface WireAction {
  readonly action: LevelAction;
  readonly title: string;
  readonly detail: string;
}

/** A link to a live object. */
export interface WireLink {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

export interface WireCard {
  readonly providerId: string;
  readonly summary: string;
  readonly severity: MetadataSeverity;
  readonly data: readonly { readonly name: string; readonly value: string }[];
  readonly raw: readonly { readonly name: string; readonly value: string }[];
  readonly actions: readonly { readonly id: string; readonly title: string }[];
  /** "" where all is well. */
  readonly failure: string;
}

export interface Level {
  readonly at: LevelRef;
  readonly path: LevelPath;
  readonly presence: "there" | "gone" | "unreadable";
  readonly title: string;
  readonly subtitle: string;
  readonly state: Health;
  readonly reasons: readonly WireReason[];
  readonly crumbs: readonly WireCrumb[];
  readonly figures: readonly WireFigure[];
  readonly suspects: readonly WireSuspect[];
  readonly charts: readonly WireChartOffer[];
  readonly tables: readonly WireTable[];
  readonly facts: readonly { readonly title: string; readonly facts: readonly WireFact[] }[];
  readonly configuration: readonly WireLink[];
  readonly findings: readonly {
    readonly severity: MetadataSeverity;
    readonly words: string;
    readonly link: WireLink | null;
  }[];
  readonly actions: readonly WireAction[];
  readonly problems: readonly string[];
  readonly atMillis: number;
  readonly windowSeconds: number;
  /** NaN: not stale. */
  readonly staleSince: number;
}

/** Lines of one chart. `points` holds the series one after the other: `points[s * times.length + i]`; NaN is a gap. */
export interface WireChart {
  readonly id: string;
  readonly by: Grouping;
  readonly unit: Unit;
  /** The unit of a third party's chart; "" for ours. */
  readonly foreignUnit: string;
  readonly title: string;
  readonly names: readonly string[];
  readonly points: Float64Array;
  readonly origin: WireOrigin | null;
  /** Why it is empty or partial. */
  readonly why: readonly string[];
  /** Something could not be asked: that it is empty says nothing of what there is. */
  readonly isFailed?: boolean;
}

export interface ChartSet {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  readonly charts: readonly WireChart[];
}

/** What is looked at; one place for all of the page's requests. */
export interface LevelParams {
  readonly path: LevelPath;
  /** Of the rates. */
  readonly windowSeconds: number;
  /** Milliseconds since 1970; null: now. */
  readonly atMillis: number | null;
}

export interface ChartParams extends LevelParams {
  /** How far charts reach back from the time. */
  readonly rangeSeconds: number;
  readonly charts: readonly { readonly id: string; readonly by: Grouping }[];
}

export interface DrilldownFacts {
  readonly meshId: string;
  readonly meshName: string;
  readonly locale: string;
  readonly translations: Readonly<Record<string, string>>;
  readonly isDemo: boolean;
  /** Seconds; null where the store does not tell. */
  readonly retentionSeconds: number | null;
  readonly defaults: { readonly windowSeconds: number; readonly refreshSeconds: number; readonly rangeSeconds: number };
  /** What somebody asked to see; null: the mesh. */
  readonly path: LevelPath | null;
}

export interface DrilldownContract {
  readonly requests: {
    /** The first request: the page is ready. */
    "page.open": { params: Record<string, never>; result: DrilldownFacts };
    /** Reads one level: the last of the path. One is in flight; a new one cancels the last. */
    "level.load": { params: LevelParams; result: Level };
    "charts.load": { params: ChartParams; result: ChartSet };
    /** Cards and charts of third parties. */
    "cards.load": {
      params: LevelParams & { rangeSeconds: number };
      result: { cards: readonly WireCard[]; charts: ChartSet };
    };
    /** Does one of the actions with the level, or with a row of one of its tables where `row` is not "". */
    "action.run": { params: { path: LevelPath; action: LevelAction; row: string }; result: null };
    /** Opens a configuration object, a finding's, a suspect's, or runs an action of a card by its id. */
    "link.follow": { params: { path: LevelPath; id: string }; result: null };
    "text.copy": { params: { text: string }; result: null };
    /** Opens this query in the store's own page (`tool` "prometheus") or in Grafana, where known. */
    "query.open": { params: { path: LevelPath; query: string; tool: "prometheus" | "grafana" }; result: null };
    /** Saves through the editor's dialog. */
    "csv.save": { params: { name: string; text: string }; result: { saved: boolean } };
    "way.take": { params: { way: string }; result: null };
  };
  readonly events: {
    /** Somebody asked to see this. */
    "path.show": { readonly path: LevelPath };
    "mesh.changed": { readonly meshId: string };
    /** The inventory changed below what is shown: read again. */
    "level.changed": Record<string, never>;
  };
}
