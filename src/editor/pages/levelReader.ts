import type { DrilldownInput } from "../../mesh/drilldown/drilldownInput.ts";
import type { LevelPath, LevelReading, Origin } from "../../mesh/drilldown/level.ts";
import type { LevelTime } from "../../mesh/drilldown/levelQuestion.ts";
import { readLevel } from "../../mesh/drilldown/readLevel.ts";
import type { Message } from "../../mesh/message.ts";
import type { ChartSeries, Grouping, Unit } from "../../mesh/telemetry/levels/levelTelemetry.ts";

export interface ChartsWanted extends LevelTime {
  readonly rangeSeconds: number;
  readonly charts: readonly { readonly id: string; readonly by: Grouping }[];
}

export interface LevelCharts {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  readonly charts: readonly {
    readonly id: string;
    readonly by: Grouping;
    readonly unit: Unit;
    readonly title: Message;
    readonly series: readonly ChartSeries[];
    readonly origin: Origin | undefined;
    readonly why: readonly Message[];
  }[];
}

/** What a page's levels and charts are read by. */
export interface LevelReader {
  level(input: DrilldownInput, path: LevelPath, time: LevelTime, signal: AbortSignal): Promise<LevelReading>;
  charts(input: DrilldownInput, path: LevelPath, wanted: ChartsWanted, signal: AbortSignal): Promise<LevelCharts>;
}

export const levelReader: LevelReader = {
  level: (input, path, time, signal) => readLevel(input, path, { ...time, signal }),
  charts: () => Promise.resolve({ times: new Float64Array(0), charts: [] }),
};
