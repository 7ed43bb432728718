import type { ChartSeries } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { SeriesTable } from "../decoding/seriesColumns.ts";

/** One series of an answer. */
export interface ReadSeries {
  readonly label: (name: string) => string;
  /** NaN where there is none. */
  readonly points: Float64Array;
}

/** The series of an answer to a question for `count` times; at most `length` of the points have a place in the answer. */
export function seriesIn({ strings, labels, values, length }: SeriesTable, count: number, total = count): ReadSeries[] {
  return Array.from({ length }, (_, row) => {
    const points = new Float64Array(total).fill(NaN);
    for (let i = 0; i < count; i++) {
      const value = values[row * count + i] ?? NaN;
      if (Number.isFinite(value)) points[i] = value;
    }
    return { label: (name) => strings[labels.get(name)?.[row] ?? 0] ?? "", points };
  });
}

/** So many lines of a chart at most; more nobody can tell apart. */
export const mostSeries = 50;
export const restName = "…";

export interface Ranked {
  readonly series: readonly ChartSeries[];
  /** How many were left out. */
  readonly left: number;
}

/** Most first by the last value; too many are one sum, or are left out where a sum means nothing. */
export function ranked(series: readonly ChartSeries[], sumsMean: boolean): Ranked {
  const sorted = series
    .map((each) => ({ each, last: each.points.at(-1) ?? NaN, most: mostOf(each.points) }))
    .toSorted((a, b) => descending(a.last, b.last) || descending(a.most, b.most) || byName(a.each, b.each))
    .map(({ each }) => each);
  if (sorted.length <= mostSeries) return { series: sorted, left: 0 };
  const rest = sorted.slice(mostSeries);
  const shown = sorted.slice(0, mostSeries);
  if (!sumsMean) return { series: shown, left: rest.length };
  return { series: [...shown, { name: restName, points: sumOf(rest.map(({ points }) => points)) }], left: 0 };
}

/** Where none of them has a value there is none. */
export function sumOf(lines: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(lines[0]?.length ?? 0).fill(NaN);
  for (const points of lines) {
    for (let i = 0; i < sum.length; i++) {
      const value = points[i] ?? NaN;
      const before = sum[i] ?? NaN;
      if (!Number.isNaN(value)) sum[i] = Number.isNaN(before) ? value : before + value;
    }
  }
  return sum;
}

function mostOf(points: Float64Array): number {
  return points.reduce((most, value) => (value > most || Number.isNaN(most) ? value : most), NaN);
}

/** No value comes last. */
function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return b - a;
}

function byName(a: ChartSeries, b: ChartSeries): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
