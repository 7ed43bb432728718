import type { ChartSet } from "../../protocol/drilldown/drilldownContract.ts";
import { translate } from "../words.ts";
import type { LevelCharts } from "./levelReader.ts";
import { wireOrigin } from "./wireLevel.ts";

/** Charts as they cross: the series of each one after the other in one array. */
export function wireCharts({ times, charts }: LevelCharts): ChartSet {
  return {
    times,
    charts: charts.map(({ id, by, unit, title, series, origin, why }) => {
      const points = new Float64Array(series.length * times.length);
      series.forEach((line, s) => points.set(line.points, s * times.length));
      return {
        ...{ id, by, unit, foreignUnit: "", title: translate(title), points },
        names: series.map(({ name }) => name),
        origin: wireOrigin(origin),
        why: why.map(translate),
      };
    }),
  };
}
