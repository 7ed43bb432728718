import type { ChartRange } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { TimeGrid } from "../decoding/seriesColumns.ts";

/** Prometheus gives at most 11,000 points of a series. */
const mostPoints = 11_000;

/**
 * The times of a range: whole milliseconds, the last one as asked for, the others whole steps earlier. Steps are no
 * shorter than scrapes, and no more than a store gives. undefined where the range ends before it begins, or is none.
 */
export function chartTimes(range: ChartRange, scrapeIntervalSeconds: number | undefined): TimeGrid | undefined {
  const { fromMillis, toMillis, stepSeconds } = range;
  const span = toMillis - fromMillis;
  if (!Number.isFinite(span) || span < 0) return undefined;
  const wanted = Math.max(1, Number.isFinite(stepSeconds) ? stepSeconds : 1, scrapeIntervalSeconds ?? 0);
  const stepMillis = Math.max(Math.ceil(wanted * 1000), Math.ceil(span / (mostPoints - 1)));
  const count = Math.floor(span / stepMillis) + 1;
  return { first: (toMillis - (count - 1) * stepMillis) / 1000, step: stepMillis / 1000, count };
}

/** Seconds since 1970. */
export function timesOf({ first, step, count }: TimeGrid): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.round((first + i * step) * 1000) / 1000);
}

/** The part of a grid that is not in the future; undefined where all of it is. */
export function untilNow(grid: TimeGrid, nowMillis: number): TimeGrid | undefined {
  const count = Math.floor((nowMillis / 1000 - grid.first) / grid.step) + 1;
  if (count >= grid.count) return grid;
  return count > 0 ? { ...grid, count } : undefined;
}
