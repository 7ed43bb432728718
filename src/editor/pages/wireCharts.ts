import type { LevelCharts } from "../../mesh/drilldown/readCharts.ts";
import type { ChartSet } from "../../protocol/drilldown/drilldownContract.ts";
import { translate } from "../words.ts";
import { chartId } from "./wireLevel.ts";

/** Charts as they cross: the series of each one after the other in one array. Their titles are those of the offers. */
export function wireCharts({ times, charts }: LevelCharts): ChartSet {
  return {
    times,
    charts: charts.map((chart) => {
      const { by, unit, series, source, provenance, missing } = chart;
      const points = new Float64Array(series.length * times.length);
      series.forEach((line, s) => points.set(line.points.subarray(0, times.length), s * times.length));
      return {
        ...{ id: chartId(chart), by, unit, foreignUnit: "", title: "", points },
        names: series.map(({ name }) => name),
        origin: provenance ? { source, queries: [provenance.query] } : null,
        why: missing.map(({ what, why }) => `${translate(what)}: ${translate(why)}`),
        isFailed: missing.some(({ isAbsent }) => !isAbsent),
      };
    }),
  };
}
