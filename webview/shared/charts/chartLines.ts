import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { type LineBook, lineStyle, restName, type LineStyle } from "./lineStyles.ts";

/** A line as it is drawn and told. `null` is a gap: no value there. */
export interface ChartLine {
  readonly name: string;
  readonly style: LineStyle;
  /** What the series says at each time; this is what is told, also where it is stacked. */
  readonly values: readonly (number | null)[];
  /** Where it is drawn: on top of those below it, or the values themselves. */
  readonly tops: readonly (number | null)[];
  /** The sum of those below it; undefined where nothing is stacked. */
  readonly bases: readonly number[] | undefined;
}

/** What may be added up: rates and sizes of parts of one whole. Shares and quantiles may not. */
export function isAdditive(offer: Pick<WireChartOffer, "unit" | "chart">): boolean {
  return offer.unit !== "share" && offer.unit !== "seconds" && offer.chart !== "nodeLoad";
}

/**
 * A chart's lines in the order of their places. Stacked, a series with a gap adds nothing there and is itself not drawn
 * there: what lies above it is the sum of what is known, and `knownAt` tells of how many.
 */
export function chartLines(chart: WireChart, points: number, isStacked: boolean, book: LineBook): ChartLine[] {
  const slots = book.place(chart.names);
  const order = chart.names
    .map((name, series) => ({ name, series, slot: slots[series] ?? series }))
    .sort((a, b) => Number(a.name === restName) - Number(b.name === restName) || a.slot - b.slot);
  let below = new Array<number>(points).fill(0);
  return order.map(({ name, series, slot }) => {
    const values = gapped(chart.points, series * points, points);
    const style = lineStyle(name, slot, chart.by === "code");
    if (!isStacked) return { name, style, values, tops: values, bases: undefined };
    const bases = below;
    const tops = values.map((value, at) => (value === null ? null : value + (bases[at] ?? 0)));
    below = bases.map((base, at) => tops[at] ?? base);
    return { name, style, values, tops, bases };
  });
}

/** How many of the lines have a value there. */
export function knownAt(lines: readonly ChartLine[], at: number): number {
  return lines.reduce((known, { values }) => known + (typeof values[at] === "number" ? 1 : 0), 0);
}

/** The sum of what is known there; NaN where nothing is. */
export function sumAt(lines: readonly ChartLine[], at: number): number {
  if (knownAt(lines, at) === 0) return NaN;
  return lines.reduce((sum, { values }) => sum + (values[at] ?? 0), 0);
}

/** The last time at which a line has a value; -1 where none has. */
export function lastKnown(lines: readonly ChartLine[], points: number): number {
  for (let at = points - 1; at >= 0; at--) if (knownAt(lines, at) > 0) return at;
  return -1;
}

export function isStacked(offer: WireChartOffer, stacked: readonly string[]): boolean {
  return stacked.includes(offer.id) && isAdditive(offer);
}

export function groupingOf(offer: WireChartOffer, by: Readonly<Record<string, Grouping>>): Grouping {
  const chosen = Object.hasOwn(by, offer.id) ? by[offer.id] : undefined;
  if (chosen !== undefined && offer.groupings.includes(chosen)) return chosen;
  return offer.groupings[0] ?? "none";
}

function gapped(points: Float64Array, from: number, length: number): (number | null)[] {
  const values = new Array<number | null>(length);
  for (let at = 0; at < length; at++) {
    const value = points[from + at] ?? NaN;
    values[at] = Number.isFinite(value) ? value : null;
  }
  return values;
}
