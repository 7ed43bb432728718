import type { LevelTelemetry } from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { resourceCharts } from "./demoResourceCharts.ts";
import { sparks } from "./demoSparks.ts";
import { trafficCharts } from "./demoTrafficCharts.ts";
import type { LevelSource } from "./levelSource.ts";
import { podRows } from "./podRows.ts";
import { containerRows, nodeRows } from "./resourceRows.ts";

/** Exact numbers of the demo's levels, worked out from its flows and its pods' use. */
export function createDemoLevels(source: LevelSource): LevelTelemetry {
  const soon = <Query, Answer>(answer: (source: LevelSource, query: Query) => Answer) => {
    return (query: Query, signal: AbortSignal): Promise<Answer> => {
      return new Promise((resolve) => {
        signal.throwIfAborted();
        resolve(answer(source, query));
      });
    };
  };
  return {
    trafficCharts: (query, signal) => trafficCharts(source, query, signal),
    podTraffic: soon(podRows),
    containers: soon(containerRows),
    nodes: soon(nodeRows),
    resourceCharts: (query, signal) => resourceCharts(source, query, signal),
    sparks: (query, signal) => sparks(source, query, signal),
  };
}
