import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { either, equal, marked, oneOf, rate, relabel, select, sumBy, type Matcher } from "./promql.ts";
import { byGateways, only, type SummaryScope } from "./summaryScope.ts";

/** A question for three neighbouring seconds, whose answers are the three quantiles at one and the same time. */
export interface PinnedLatency {
  readonly query: string;
  /** Seconds since 1970, by quantile. */
  readonly times: Readonly<Record<string, number>>;
}

/**
 * Seconds by row, one quantile at each time. The histograms are pinned to `atSeconds` by `@`, so the server sums them up
 * once and not once per quantile, which is nearly all of the work. The times themselves lie well in the past, because
 * some stores alter the newest points of a range.
 */
export function pinnedLatencyQuery(scope: RowScope, query: SummaryScope, atSeconds: number): PinnedLatency {
  return pinnedQuantiles((quantile, pin) => firstWithTraffic(quantile, scope, { query, pin }), atSeconds);
}

/** The same as an instant query, for stores that do not know `@`: seconds by row and `quantile`. */
export function latencyQuery(scope: RowScope, query: SummaryScope): string {
  return markedQuantiles((quantile, pin) => firstWithTraffic(quantile, scope, { query, pin }));
}

/** Writes the seconds of one quantile, of histograms that are pinned by `pin` where it is not "". */
export type WriteQuantile = (quantile: string, pin: string) => string;

export function pinnedQuantiles(write: WriteQuantile, atSeconds: number): PinnedLatency {
  const first = Math.floor(atSeconds) - 600;
  const quantile = `0.5 + 0.45 * (time() >= bool ${first + 1}) + 0.04 * (time() >= bool ${first + 2})`;
  return {
    query: write(quantile, ` @ ${atSeconds}`),
    times: { "0.5": first, "0.95": first + 1, "0.99": first + 2 },
  };
}

export function markedQuantiles(write: WriteQuantile): string {
  return ["0.5", "0.95", "0.99"]
    .map((quantile) => marked(write(quantile, ""), "quantile", quantile))
    .reduce((all, next) => either(all, next));
}

interface Histograms {
  readonly query: SummaryScope;
  /** `@` and a time, or nothing. */
  readonly pin: string;
}

/** The near side's durations where it had requests, else the source's. Buckets of both units never meet in one histogram. */
function firstWithTraffic(quantile: string, scope: RowScope, histograms: Histograms): string {
  const reports = scope === "workload" ? byGateways(histograms.query) : undefined;
  const forwarded = (unit: Unit): readonly string[] => (reports ? [gatewayBuckets(unit, reports, histograms)] : []);
  return [
    ...units.map((unit) => seconds(quantile, nearBuckets(unit, scope, histograms), unit)),
    ...units.map((unit) => seconds(quantile, farBuckets(unit, scope, histograms), unit)),
    ...units.flatMap((unit) => forwarded(unit).map((buckets) => seconds(quantile, buckets, unit))),
  ].reduce((all, next) => either(all, next));
}

export type Unit = "ms" | "s";
const units: readonly Unit[] = ["ms", "s"];
export const bucketMetric: Readonly<Record<Unit, string>> = {
  ms: "istio_request_duration_milliseconds_bucket",
  s: "istio_request_duration_seconds_bucket",
};

/** An empty histogram gives NaN, which is left out. */
export function seconds(quantile: string, buckets: string, unit: Unit): string {
  return `(histogram_quantile(${quantile}, ${buckets})${unit === "ms" ? " / 1000" : ""} >= 0)`;
}

function nearBuckets(unit: Unit, scope: RowScope, { query, pin }: Histograms): string {
  const matchers = [oneOf("reporter", ["destination", "waypoint"]), ...only(scope, query), ...query.always];
  return sumBy(["le", ...rowLabels[scope]], rate(select(bucketMetric[unit], matchers), query.windowSeconds, pin));
}

function farBuckets(unit: Unit, scope: RowScope, { query, pin }: Histograms): string {
  const matchers = [equal("reporter", "source"), ...only(scope, query), ...query.always];
  const buckets = rate(select(bucketMetric[unit], matchers), query.windowSeconds, pin);
  const byBothClusters = sumBy(["le", "source_cluster", ...rowLabels[scope]], buckets);
  return sumBy(["le", ...rowLabels[scope]], assumeSourceCluster(byBothClusters));
}

function gatewayBuckets(unit: Unit, reports: readonly Matcher[], { query, pin }: Histograms): string {
  return sumBy(["le", ...rowLabels.gateway], rate(select(bucketMetric[unit], reports), query.windowSeconds, pin));
}

/** Where the destination's cluster is unknown, the source's is assumed; the joined label keeps the series apart. */
export function assumeSourceCluster(expression: string): string {
  const joined = `label_join(${expression},"clusters","/","destination_cluster","source_cluster")`;
  const pattern = "(?:unknown)?/(.+)";
  return relabel(joined, { to: "destination_cluster", replacement: "$1", from: "clusters", pattern });
}
