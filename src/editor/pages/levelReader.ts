import type { DrilldownInput } from "../../mesh/drilldown/drilldownInput.ts";
import type { LevelPath, LevelReading } from "../../mesh/drilldown/level.ts";
import type { LevelTime } from "../../mesh/drilldown/levelQuestion.ts";
import { readCharts, type AskedChart, type LevelCharts } from "../../mesh/drilldown/readCharts.ts";
import { readLevel } from "../../mesh/drilldown/readLevel.ts";
import { resourceCharts, trafficCharts, type Grouping } from "../../mesh/telemetry/levels/levelTelemetry.ts";

export interface ChartsWanted extends LevelTime {
  readonly rangeSeconds: number;
  /** Ids are those of offers (`chartId`). */
  readonly charts: readonly { readonly id: string; readonly by: Grouping }[];
}

/** What a page's levels and charts are read by. */
export interface LevelReader {
  level(input: DrilldownInput, path: LevelPath, time: LevelTime, signal: AbortSignal): Promise<LevelReading>;
  charts(input: DrilldownInput, path: LevelPath, wanted: ChartsWanted, signal: AbortSignal): Promise<LevelCharts>;
}

const chartSteps = 120;
const leastStepSeconds = 15;

export const levelReader: LevelReader = {
  level: (input, path, time, signal) => readLevel(input, path, { ...time, signal }),
  charts: (input, path, { windowSeconds, atMillis, rangeSeconds, charts }, signal) => {
    const toMillis = atMillis ?? input.now();
    const stepSeconds = Math.max(leastStepSeconds, Math.ceil(rangeSeconds / chartSteps));
    const range = { fromMillis: toMillis - rangeSeconds * 1000, toMillis, stepSeconds };
    const asked = charts.flatMap(({ id, by }) => askedChart(id, by) ?? []);
    return readCharts(input, path, asked, { windowSeconds, range, signal });
  },
};

function askedChart(id: string, by: Grouping): AskedChart | undefined {
  const [name, way] = id.split(" ");
  const chart = [...trafficCharts, ...resourceCharts].find((each) => each === name);
  const direction = (["inbound", "outbound"] as const).find((each) => each === way);
  return chart && { chart, direction, by };
}
