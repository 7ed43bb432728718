import { say } from "../../../mesh/message.ts";
import type { EdgeSeries, EdgeSeriesQuery } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { SeriesTable, TimeGrid } from "../decoding/seriesColumns.ts";
import { edgeLatency, type LatencyScope } from "../queries/edgeLatency.ts";
import type { EdgeAsker, EdgeReply } from "./edgeAsker.ts";

/** Prometheus gives at most 11,000 points of a series. */
const mostSteps = 10_000;

/** The times of a range. Steps are no shorter than scrapes, and no more than a store gives. */
export function stepsOf(
  { fromMillis, toMillis, stepSeconds }: EdgeSeriesQuery,
  scrapeIntervalSeconds: number | undefined,
): TimeGrid {
  const seconds = Math.max(0, (toMillis - fromMillis) / 1000);
  const step = Math.max(stepSeconds, scrapeIntervalSeconds ?? 0, Math.ceil(seconds / mostSteps), 1);
  return { first: fromMillis / 1000, step, count: Math.floor(seconds / step) + 1 };
}

/** Seconds of a whole selection at each time, from one histogram. */
export async function latencyOverTime(
  asker: EdgeAsker,
  scope: LatencyScope,
  at: TimeGrid,
  signal: AbortSignal,
): Promise<{ readonly reply: EdgeReply; readonly quantiles: EdgeSeries["latency"] }> {
  const query = edgeLatency(scope);
  const reply = await asker.ask({ what: say("Latency"), about: "latency", query, labels: ["quantile"], at }, signal);
  const { series } = reply;
  return { reply, quantiles: series && series.length > 0 ? quantilesOf(series, at.count) : undefined };
}

function quantilesOf({ strings, labels, values, length }: SeriesTable, count: number): EdgeSeries["latency"] {
  const quantile = (wanted: string): Float64Array => {
    for (let row = 0; row < length; row++) {
      if (strings[labels.get("quantile")?.[row] ?? 0] === wanted) return values.slice(row * count, (row + 1) * count);
    }
    return new Float64Array(count).fill(NaN);
  };
  return { p50: quantile("0.5"), p95: quantile("0.95"), p99: quantile("0.99") };
}
