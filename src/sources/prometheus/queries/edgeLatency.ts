import type { NamedWaypoint } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../../mesh/telemetry/edges/edgeTable.ts";
import { namespaceLabels, overlappingPartsOf, type EdgeSelection } from "./edgeSelection.ts";
import {
  assumeSourceCluster,
  bucketMetric,
  markedQuantiles,
  pinnedQuantiles,
  seconds,
  type PinnedLatency,
  type Unit,
} from "./latencyQueries.ts";
import { eitherOf, equal, matchesNot, literalRegex, oneOf, rate, select, sumBy, type Matcher } from "./promql.ts";

export interface LatencyScope {
  readonly selection: EdgeSelection;
  /** One histogram for each combination of these; never `reporter`. */
  readonly by: readonly EdgeLabel[];
  /** What a sidecar reports of such callers was measured by them already. */
  readonly waypoints: readonly NamedWaypoint[];
}

/** True where a waypoint and the sidecar behind it would meet in one histogram. */
export function meetsWaypoints(by: readonly EdgeLabel[]): boolean {
  return !by.includes("source_workload");
}

/** Seconds by the labels of `by`, one quantile at each of three times. */
export function pinnedEdgeLatency(scope: LatencyScope, atSeconds: number): PinnedLatency {
  return pinnedQuantiles((quantile, pin) => firstWithTraffic(quantile, scope, pin), atSeconds);
}

/** Seconds by the labels of `by` and `quantile`. */
export function edgeLatency(scope: LatencyScope): string {
  return markedQuantiles((quantile, pin) => firstWithTraffic(quantile, scope, pin));
}

/** The near side's durations where it had requests, else the source's. Buckets of both units never meet in one histogram. */
function firstWithTraffic(quantile: string, scope: LatencyScope, pin: string): string {
  const units: readonly Unit[] = ["ms", "s"];
  return [nearBuckets, farBuckets]
    .flatMap((buckets) => units.map((unit) => seconds(quantile, buckets(unit, scope, pin), unit)))
    .reduceRight((rest, first) => eitherOf([first, rest]));
}

function nearBuckets(unit: Unit, scope: LatencyScope, pin: string): string {
  const { by, waypoints } = scope;
  const names = [...new Set(waypoints.map(({ workload }) => workload))].toSorted();
  const isCounted = meetsWaypoints(by) && names.length > 0;
  const matchers = [
    oneOf("reporter", ["destination", "waypoint"]),
    ...(isCounted ? [matchesNot("source_workload", names.map(literalRegex).join("|"))] : []),
  ];
  return buckets(unit, { scope, matchers, by }, pin);
}

function farBuckets(unit: Unit, scope: LatencyScope, pin: string): string {
  const { by } = scope;
  const matchers = [equal("reporter", "source")];
  if (!by.includes("destination_cluster")) return buckets(unit, { scope, matchers, by }, pin);
  const byBoth = buckets(unit, { scope, matchers, by: [...new Set([...by, "source_cluster"] as const)] }, pin);
  return sumBy(["le", ...by], assumeSourceCluster(byBoth));
}

interface Buckets {
  readonly scope: LatencyScope;
  readonly matchers: readonly Matcher[];
  readonly by: readonly EdgeLabel[];
}

/** Parts of a selection share series; the labels that they are chosen by keep whole sums apart, of which one is taken. */
function buckets(unit: Unit, { scope: { selection }, matchers, by }: Buckets, pin: string): string {
  const parts = overlappingPartsOf(selection);
  const labels = ["le", ...(parts.length > 1 ? new Set([...by, ...namespaceLabels]) : by)];
  const sums = parts.map((part) =>
    sumBy(labels, rate(select(bucketMetric[unit], [...matchers, ...part]), selection.windowSeconds, pin)),
  );
  return parts.length > 1 ? sumBy(["le", ...by], eitherOf(sums)) : eitherOf(sums);
}
