import { csvText, type CsvCell } from "../../../src/mesh/format/csv.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";

/** One chart: a row for each time (UTC), a column for each series, named with its unit; an empty cell is a gap. */
export function chartCsv(chart: WireChart, times: Float64Array): string {
  return csvText(rows());

  function* rows(): Generator<readonly CsvCell[]> {
    yield ["time", ...chart.names.map((name) => `${name === "" ? chart.title : name} (${unitOf(chart)})`)];
    for (let at = 0; at < times.length; at++) {
      yield [timeText(times[at]), ...chart.names.map((_, series) => chart.points[series * times.length + at])];
    }
  }
}

/** All charts in one table: a row for each value that is known. */
export function chartsCsv(
  offers: readonly WireChartOffer[],
  charts: ReadonlyMap<string, WireChart>,
  times: Float64Array,
): string {
  return csvText(rows());

  function* rows(): Generator<readonly CsvCell[]> {
    yield ["time", "chart", "direction", "by", "series", "unit", "value"];
    for (const offer of offers) {
      const chart = charts.get(offer.id);
      if (!chart) continue;
      const about = [offer.title, offer.direction ?? "", chart.by];
      for (const [series, name] of chart.names.entries()) {
        for (let at = 0; at < times.length; at++) {
          const value = chart.points[series * times.length + at];
          if (!Number.isFinite(value)) continue;
          yield [timeText(times[at]), ...about, name, unitOf(chart), value];
        }
      }
    }
  }
}

function unitOf({ unit, foreignUnit }: WireChart): string {
  return foreignUnit === "" ? unit : foreignUnit;
}

function timeText(seconds: number | undefined): string {
  const millis = (seconds ?? NaN) * 1000;
  return Number.isFinite(millis) ? new Date(millis).toISOString() : "";
}
