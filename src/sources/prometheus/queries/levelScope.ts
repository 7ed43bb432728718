import type { ClusterRows, Direction, TrafficOf } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { both, equal, literalRegex, marked, matches, matchesNot, oneOf, relabel, type Matcher } from "./promql.ts";
import { notAService, unknown, type SummaryScope } from "./summaryScope.ts";

/** Whose traffic a chart is of. */
export interface LevelScope {
  readonly of: TrafficOf;
  readonly direction: Direction;
  readonly cluster: ClusterRows;
  readonly windowSeconds: number;
  /** Matchers of the user. */
  readonly always: readonly Matcher[];
}

/** The end of a request that the thing stands at. */
export type End = "source" | "destination";

export function endOf({ direction }: Pick<LevelScope, "direction">): End {
  return direction === "inbound" ? "destination" : "source";
}

/** Rows of workloads for workloads, of services for all others: namespaces and meshes are the sums of their services. */
export function rowScopeOf({ what }: TrafficOf): RowScope {
  return what === "workload" ? "workload" : "service";
}

/** As the lists ask, for the namespaces of the thing. */
export function summaryScopeOf({ of, windowSeconds, always }: LevelScope): SummaryScope {
  return { windowSeconds, always, gateways: [], namespaces: of.what === "mesh" ? undefined : [of.namespace] };
}

// Bare addresses are no services (`isServiceName`).
const addresses = "[0-9]{1,3}([.][0-9]{1,3}){3}(:[0-9]+)?|[[]?[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F.:]*]?(:[0-9]+)?";

/** Matchers of the names of what is called. */
export function calledNames(of: TrafficOf): readonly Matcher[] {
  if (of.what === "service") return [equal("destination_service_name", of.name)];
  if (of.what === "workload") return [oneOf("destination_workload", of.names)];
  return [matchesNot("destination_service_name", `${addresses}|${notAService}`)];
}

/** Matchers of the reports of what the thing sends. */
export function senders({ of, cluster }: LevelScope): readonly Matcher[] {
  // Callers without a name are in no mesh.
  const isNamed = of.what === "mesh" ? [matchesNot("source_workload", unknown)] : [];
  const names = of.what === "workload" ? [oneOf("source_workload", of.names)] : isNamed;
  const namespace = of.what === "mesh" ? [] : [equal("source_workload_namespace", of.namespace)];
  return [...names, ...namespace, ...ofCluster("source_cluster", cluster)];
}

/** What a pod's own proxy reports. */
export function podReports({ direction, cluster, always }: LevelScope, pods: readonly Matcher[]): readonly Matcher[] {
  if (direction === "outbound") {
    return [equal("reporter", "source"), ...pods, ...ofCluster("source_cluster", cluster), ...always];
  }
  return [
    oneOf("reporter", ["destination", "waypoint"]),
    ...pods,
    ...ofCluster("destination_cluster", cluster),
    ...always,
  ];
}

export function ofCluster(label: string, cluster: ClusterRows): readonly Matcher[] {
  const pattern = clusterPattern(cluster);
  return pattern === undefined ? [] : [matches(label, pattern)];
}

/** RE2; undefined where any cluster is meant. */
export function clusterPattern({ id, withUnplaced }: ClusterRows): string | undefined {
  if (id === undefined) return undefined;
  return withUnplaced ? `${literalRegex(id)}|unknown|` : literalRegex(id);
}

/** Of counted series those of a cluster. What counts once is compared among all clusters, so they are chosen afterwards. */
export function inCluster(expression: string, cluster: ClusterRows): string {
  const pattern = clusterPattern(cluster);
  if (pattern === undefined) return expression;
  const placed = relabel(expression, { to: "place", replacement: "here", from: "destination_cluster", pattern });
  return both(placed, marked("vector(1)", "place", "here"), ["place"]);
}
