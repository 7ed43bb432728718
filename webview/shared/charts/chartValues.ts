import type { Grouping, Unit } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";

/** What `<fy-charts>` draws: offers in the order of the page, and what was read of them so far. */
export interface ChartValues {
  readonly offers: readonly WireChartOffer[];
  /** Seconds since 1970, of all charts. */
  readonly times: Float64Array;
  /** By the offer's id; an offer without one is loading, or was not asked for yet. */
  readonly charts: ReadonlyMap<string, WireChart>;
}

/** What a person has chosen; kept with the page's state. Ids are those of offers. */
export interface ChartsState {
  readonly by: Readonly<Record<string, Grouping>>;
  readonly stacked: readonly string[];
  /** Shown as tables instead of lines. */
  readonly tables: readonly string[];
}

/** Events of `<fy-charts>`; they bubble and are composed. */
export interface ChartsEvents {
  /** Another choice: the page keeps it, and reads charts whose grouping changed. */
  "fy-charts-state": CustomEvent<ChartsState>;
  /** A drag chose this window. */
  "fy-charts-range": CustomEvent<{ readonly fromMillis: number; readonly toMillis: number }>;
  "fy-charts-csv": CustomEvent<{ readonly name: string; readonly text: string }>;
  /** Copy a query, or open it where a store's page is known. */
  "fy-charts-query": CustomEvent<{ readonly query: string; readonly act: "copy" | "prometheus" | "grafana" }>;
  /** These offers came into view and have no values yet. */
  "fy-charts-wanted": CustomEvent<{ readonly ids: readonly string[] }>;
}

/** A mark on the time axis of all charts, e.g. a restart or a change. */
export interface ChartMark {
  readonly atMillis: number;
  readonly words: string;
}

/** How a number of a unit reads; made of `createFormat`. */
export type WriteUnit = (value: number, unit: Unit) => string;
