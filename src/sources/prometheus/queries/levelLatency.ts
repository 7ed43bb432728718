import type { Grouping } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { bucketMetric, markedQuantiles, seconds, type Unit } from "./latencyQueries.ts";
import { labelsRead, named, summed, type GroupScope } from "./levelGroups.ts";
import {
  calledNames,
  clusterPattern,
  endOf,
  ofCluster,
  podReports,
  rowScopeOf,
  senders,
  summaryScopeOf,
  type LevelScope,
} from "./levelScope.ts";
import { eitherOf, equal, matches, oneOf, rate, select, sumBy, type Matcher } from "./promql.ts";
import { only, unknown } from "./summaryScope.ts";

/** Seconds by `quantile`; where grouped, the 0.95 quantile of each group. Each from one histogram for what is shown. */
export function latencyChart(scope: LevelScope, by: Grouping): string {
  const groups: GroupScope = { by, end: endOf(scope), ofWorkload: rowScopeOf(scope.of) === "workload" };
  const write = (quantile: string): string => firstWithTraffic(quantile, scope, groups);
  return by === "none" ? markedQuantiles(write) : write("0.95");
}

/** As in the lists: the near side's durations where it had requests, else the source's; buckets of both units apart. */
function firstWithTraffic(quantile: string, scope: LevelScope, groups: GroupScope): string {
  const units: readonly Unit[] = ["ms", "s"];
  const parts = selections(scope, groups).flatMap((selectors) =>
    units.map((unit) => seconds(quantile, histogram(unit, selectors, scope, groups), unit)),
  );
  return eitherOf(parts);
}

/** Selectors of series of one histogram; none of them finds what another one does. */
type Selectors = readonly (readonly Matcher[])[];

function selections(scope: LevelScope, { by }: GroupScope): readonly Selectors[] {
  const { of, direction, cluster, always } = scope;
  if (of.what === "pod") {
    return [[podReports(scope, [equal("namespace", of.namespace), equal("pod", of.name)])]];
  }
  const reportersOfPods = by === "pod" ? ["destination"] : ["destination", "waypoint"];
  const near = oneOf("reporter", reportersOfPods);
  const far = equal("reporter", "source");
  if (direction === "outbound") {
    const rest = [...senders(scope), ...always];
    return [[[far, ...rest]], ...(by === "pod" ? [] : [[[near, ...rest]]])];
  }
  const rest = [...only(rowScopeOf(of), summaryScopeOf(scope), calledNames(of)), ...always];
  const nears = [[near, ...rest, ...ofCluster("destination_cluster", cluster)]];
  return by === "pod" ? [nears] : [nears, farSelectors([far, ...rest], scope)];
}

/** Where the source does not know the destination's cluster, its own is assumed. */
function farSelectors(matchers: readonly Matcher[], { cluster }: LevelScope): Selectors {
  if (clusterPattern(cluster) === undefined) return [matchers];
  return [
    [...matchers, ...ofCluster("destination_cluster", { ...cluster, withUnplaced: false })],
    [...matchers, matches("destination_cluster", unknown), ...ofCluster("source_cluster", cluster)],
  ];
}

function histogram(unit: Unit, selectors: Selectors, { windowSeconds }: LevelScope, groups: GroupScope): string {
  const rates = eitherOf(selectors.map((matchers) => rate(select(bucketMetric[unit], matchers), windowSeconds)));
  if (groups.by === "none") return summed(rates, groups, "le");
  // Labels are written for sums, not for each pod's series.
  return sumBy(["le", "group"], named(sumBy(["le", ...labelsRead(groups)], rates), groups));
}
