import type { Grouping, TrafficChart } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import {
  counted,
  requestsOnce,
  requestsSent,
  tcpOnce,
  tcpSent,
  type CountedMetric,
  type Part,
} from "./istioQueries.ts";
import { labelsKept, summed, type GroupScope } from "./levelGroups.ts";
import { latencyChart } from "./levelLatency.ts";
import {
  calledNames,
  endOf,
  inCluster,
  podReports,
  rowScopeOf,
  senders,
  summaryScopeOf,
  type LevelScope,
} from "./levelScope.ts";
import { either, equal, marked, rate, relabel, select, sumBy } from "./promql.ts";

/**
 * How a query repeats a long expression: as its text, or by a name where a store has names. VictoriaMetrics has them, and
 * refuses queries of more than 16 KiB.
 */
export type Repeat = (expression: string, write: (repeated: string) => string) => string;
export const byText: Repeat = (expression, write) => write(expression);
export const byName: Repeat = (expression, write) => `WITH (counted = ${expression}) ${write("counted")}`;

/** The label that tells the two series of an ungrouped chart apart. */
export const sideLabel = "side";

/** PromQL of one chart: one series, or several by `group`, `side` or `quantile`. */
export function trafficChartQuery(chart: TrafficChart, by: Grouping, scope: LevelScope, repeat: Repeat): string {
  switch (chart) {
    case "requests":
      return total(counted.requests, by, scope);
    case "errors":
      return errorShare(by, scope, repeat);
    case "latency":
      return latencyChart(scope, by);
    case "messageBytes":
      return sides({ request: counted.requestBytes, response: counted.responseBytes }, by, scope);
    case "grpcMessages":
      return sides({ request: counted.requestMessages, response: counted.responseMessages }, by, scope);
    case "tcpBytes":
      return tcpBytes(by, scope);
    case "tcpConnections":
      return tcpConnections(by, scope);
  }
}

function groupsOf(by: Grouping, scope: LevelScope, protocol?: "tcp" | "grpc"): GroupScope {
  const ofWorkload = rowScopeOf(scope.of) === "workload";
  return { by, end: endOf(scope), ofWorkload, ...(protocol && { protocol }) };
}

function partOf(groups: GroupScope, scope: LevelScope): Part {
  const { kept, near } = labelsKept(groups);
  const named = scope.direction === "inbound" ? calledNames(scope.of) : senders(scope);
  return { named, kept, keptNear: near };
}

/** Series of a metric, each request once. */
function once(metric: CountedMetric, groups: GroupScope, scope: LevelScope): string {
  const pod = ofPod(metric.name, scope);
  if (pod !== undefined) return pod;
  const part = partOf(groups, scope);
  const query = summaryScopeOf(scope);
  if (scope.direction === "outbound") return requestsSent(query, part, metric);
  return inCluster(requestsOnce(rowScopeOf(scope.of), query, part, metric), scope.cluster);
}

function onceTcp(metric: string, groups: GroupScope, scope: LevelScope): string {
  const pod = ofPod(metric, scope);
  if (pod !== undefined) return pod;
  const part = partOf(groups, scope);
  const query = summaryScopeOf(scope);
  if (scope.direction === "outbound") return tcpSent(metric, query, part);
  return inCluster(tcpOnce(metric, rowScopeOf(scope.of), query, part), scope.cluster);
}

function ofPod(metric: string, scope: LevelScope): string | undefined {
  const { of, windowSeconds } = scope;
  if (of.what !== "pod") return undefined;
  const matchers = podReports(scope, [equal("namespace", of.namespace), equal("pod", of.name)]);
  return rate(select(metric, matchers), windowSeconds);
}

function total(metric: CountedMetric, by: Grouping, scope: LevelScope): string {
  const groups = groupsOf(by, scope, metric.ending.length > 0 ? undefined : "grpc");
  return summed(once(metric, groups, scope), groups);
}

/**
 * The failed of all. Each series counts 1 or 0 times for the sum above the line, so that it is 0 where none failed, and
 * nothing at all where nothing was reported; 0 of 0 is NaN.
 */
function errorShare(by: Grouping, scope: LevelScope, repeat: Repeat): string {
  const groups = groupsOf(by, scope);
  const weights = either(marked("vector(1)", "failed", "yes"), marked("vector(0)", "failed", "no"));
  return repeat(once(counted.requests, groups, scope), (requests) => {
    const failed = `(${withFailed(requests)} * on (failed) group_left () ${weights})`;
    return `${summed(failed, groups)} / ${summed(requests, groups)}`;
  });
}

/** Foreyard's rule (`outcomeOf`): the HTTP code decides first, then any gRPC status other than 0. */
function withFailed(expression: string): string {
  const how = `label_join(${expression},"how",";","request_protocol","response_code","grpc_response_status")`;
  const steps: readonly (readonly [failed: string, pattern: string])[] = [
    ["no", ".*"],
    ["yes", "grpc;.*;.+"],
    ["no", "grpc;.*;(?:0|unknown)"],
    ["no", ".*;4[0-9][0-9];.*"],
    ["yes", ".*;(?:0|-|5[0-9][0-9]);.*"],
  ];
  return steps.reduce(
    (all, [replacement, pattern]) => relabel(all, { to: "failed", replacement, from: "how", pattern }),
    how,
  );
}

function sides(metrics: Readonly<Record<string, CountedMetric>>, by: Grouping, scope: LevelScope): string {
  return bySide(
    Object.entries(metrics).map(([side, metric]) => [side, total(metric, by, scope)]),
    by,
  );
}

/**
 * Istio's names are the server's: what it received its callers sent. Who sends sees it the other way round.
 */
function tcpBytes(by: Grouping, scope: LevelScope): string {
  const [received, sent] = ["istio_tcp_received_bytes_total", "istio_tcp_sent_bytes_total"];
  const groups = groupsOf(by, scope, "tcp");
  const own = scope.direction === "inbound" ? { received, sent } : { received: sent, sent: received };
  return bySide(
    Object.entries(own).map(([side, metric]) => [side, summed(onceTcp(metric, groups, scope), groups)]),
    by,
  );
}

function tcpConnections(by: Grouping, scope: LevelScope): string {
  const groups = groupsOf(by, scope, "tcp");
  const rates = (what: string): string => summed(onceTcp(`istio_tcp_connections_${what}_total`, groups, scope), groups);
  if (by !== "none") return rates("opened");
  return bySide(
    ["opened", "closed"].map((side) => [side, rates(side)]),
    by,
  );
}

/** Both as series of their own, or both together by group. */
function bySide(parts: readonly (readonly [side: string, query: string])[], by: Grouping): string {
  const both = parts.map(([side, query]) => marked(query, sideLabel, side)).reduce((all, next) => either(all, next));
  return by === "none" ? both : sumBy(["group"], both);
}
