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
import {
  countBy,
  either,
  eitherOf,
  equal,
  flowing,
  matches,
  oneOf,
  rate,
  select,
  sumBy,
  without,
  type Matcher,
} from "./promql.ts";
import { only, unknown } from "./summaryScope.ts";

/** Seconds by `quantile`; where grouped, the 0.95 quantile of each group. Each from one histogram for what is shown. */
export function latencyChart(scope: LevelScope, by: Grouping): string {
  const groups: GroupScope = { by, end: endOf(scope), ofWorkload: rowScopeOf(scope.of) === "workload" };
  const write = (quantile: string): string => firstWithTraffic(quantile, scope, groups);
  return by === "none" ? markedQuantiles(write) : write("0.95");
}

const units: readonly Unit[] = ["ms", "s"];

/**
 * As in the lists: the near side's durations where it had requests, else the source's; buckets of both units apart. Sums
 * of many services or workloads ask so for each caller of each service, and for each sender.
 */
function firstWithTraffic(quantile: string, scope: LevelScope, groups: GroupScope): string {
  const chosen = selections(scope, groups);
  const [first, second] = chosen;
  if (first && second && (scope.of.what === "mesh" || scope.of.what === "namespace")) {
    return eitherOf(units.map((unit) => seconds(quantile, ofBoth(unit, { first, second }, scope, groups), unit)));
  }
  const parts = chosen.flatMap((selectors) =>
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

function histogram(unit: Unit, selectors: Selectors, scope: LevelScope, groups: GroupScope): string {
  const rates = ratesOf(unit, selectors, scope);
  if (groups.by === "none") return summed(rates, groups, "le");
  // Labels are written for sums, not for each pod's series.
  return sumBy(["le", "group"], named(sumBy(["le", ...labelsRead(groups)], rates), groups));
}

const callers = ["source_workload_namespace", "source_workload"];
const calls = [...callers, "destination_service_namespace", "destination_service_name"];

/** Of the second only what the first does not tell of. */
interface Sides {
  readonly first: Selectors;
  readonly second: Selectors;
}

function ofBoth(unit: Unit, { first, second }: Sides, scope: LevelScope, groups: GroupScope): string {
  const read = labelsRead(groups);
  const compared = scope.direction === "inbound" ? calls : callers;
  const all = first.map((matchers) => [...matchers, equal("le", "+Inf")]);
  const told = countBy(compared, flowing(ratesOf(unit, all, scope)));
  const others = sumBy(["le", ...new Set([...compared, ...read])], ratesOf(unit, second, scope));
  const both = either(sumBy(["le", ...read], ratesOf(unit, first, scope)), without(others, told, compared));
  return groups.by === "none" ? summed(both, groups, "le") : sumBy(["le", "group"], named(both, groups));
}

function ratesOf(unit: Unit, selectors: Selectors, { windowSeconds }: LevelScope): string {
  return eitherOf(selectors.map((matchers) => rate(select(bucketMetric[unit], matchers), windowSeconds)));
}
