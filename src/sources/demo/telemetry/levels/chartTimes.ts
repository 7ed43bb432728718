import type { ChartRange, ChartSeries } from "../../../../mesh/telemetry/levels/levelTelemetry.ts";

/** Seconds since 1970: the last one is the range's end, those before are whole steps earlier. */
export function chartTimes({ fromMillis, toMillis, stepSeconds }: ChartRange): Float64Array {
  if (!(stepSeconds > 0) || !(toMillis >= fromMillis)) return new Float64Array(0);
  const steps = Math.floor((toMillis - fromMillis) / (stepSeconds * 1000));
  return Float64Array.from({ length: steps + 1 }, (_, i) => (toMillis - (steps - i) * stepSeconds * 1000) / 1000);
}

const mostSeries = 50;

/** Most first by their last value, and what is too much to show in one. */
export function ordered(series: readonly ChartSeries[], canSum: boolean): readonly ChartSeries[] {
  const last = ({ points }: ChartSeries) => points.findLast((value) => !Number.isNaN(value)) ?? -1;
  const sorted = [...series].sort((a, b) => last(b) - last(a) || (a.name < b.name ? -1 : 1));
  if (sorted.length <= mostSeries) return sorted;
  const shown = sorted.slice(0, mostSeries);
  if (!canSum) return shown;
  const rest = sorted.slice(mostSeries);
  const points = (rest[0]?.points ?? new Float64Array(0)).map((_, i) => {
    const values = rest.flatMap((one) => {
      const value = one.points[i] ?? NaN;
      return Number.isNaN(value) ? [] : [value];
    });
    return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0);
  });
  return [...shown, { name: "…", points }];
}
