import { rowLabels, type RowScope } from "../../mesh/telemetry/trafficRows.ts";
import {
  both,
  countBy,
  either,
  equal,
  marked,
  matches,
  literalRegex,
  matchesNot,
  notEqual,
  oneOf,
  rate,
  relabel,
  select,
  sumBy,
  without,
  type Matcher,
} from "./promql.ts";
import { notAService, only, unknown, type SummaryScope } from "./summaryScope.ts";

// The queries behind the lists. Each request is counted once, by the server, so that an answer has a few series per row
// whatever the number of callers. The rule: a series' identity (who, whom, how it ended) counts once; the waypoint's or
// destination's report beats the source's; what only one side reports is added.

const requests = "istio_requests_total";
const serviceName = ["destination_service_namespace", "destination_service_name"];
const workloadName = ["destination_workload_namespace", "destination_workload"];
const caller = ["source_workload_namespace", "source_workload"];
const ending = ["request_protocol", "response_code", "grpc_response_status"];
const clusters = ["source_cluster", "destination_cluster"];

/** Identity of a series. Versions, apps and principals are left out: they follow from the workload. */
const peers = [...caller, ...serviceName, ...workloadName, "response_flags"];

/** Requests per second by row, protocol, code and gRPC status. */
export function requestsQuery(scope: RowScope, query: SummaryScope): string {
  const identity = [...peers, ...ending];
  const placed = scope === "service" ? [matchesNot("destination_service_namespace", unknown)] : [];
  const asked = [...only(scope, query), ...placed, ...query.always];
  const per = (labels: readonly string[], ...matchers: Matcher[]): string =>
    sumBy(labels, rate(select(requests, [...matchers, ...asked]), query.windowSeconds));
  const waypoint = per([...identity, ...clusters], equal("reporter", "waypoint"));

  // A sidecar behind a waypoint reports the waypoint as its caller: the same request once more.
  const destination = without(
    per([...identity, ...clusters], equal("reporter", "destination")),
    waypointWorkloads(query),
    caller,
  );
  // A caller whose requests pass a waypoint may name another workload than the one the waypoint chose.
  const notByWaypoint = (reported: string): string =>
    without(reported, waypoint, [...caller, ...serviceName, ...ending]);
  const once = union({
    near: either(waypoint, destination, [...identityOf(scope, identity), ...clusters]),
    far: (labels, ...matchers) => notByWaypoint(per(labels, equal("reporter", "source"), ...matchers)),
    identity,
    scope,
  });
  return sumBy([...rowLabels[scope], ...ending], scope === "service" ? either(once, unplacedRequests(query)) : once);
}

/** Bytes per second by row and direction, from the row's side: what it received its callers sent. */
export function tcpQuery(scope: RowScope, query: SummaryScope): string {
  const received = marked(bytes("istio_tcp_received_bytes_total", scope, query), "direction", "received");
  const sent = marked(bytes("istio_tcp_sent_bytes_total", scope, query), "direction", "sent");
  return either(received, sent);
}

/** What tells series of one scope apart. Two services may share a workload, and each side names another one of them. */
function identityOf(scope: RowScope, labels: readonly string[]): readonly string[] {
  return scope === "service" ? labels : labels.filter((label) => !serviceName.includes(label));
}

interface Reports {
  readonly near: string;
  readonly far: (labels: readonly string[], ...matchers: Matcher[]) => string;
  readonly identity: readonly string[];
  readonly scope: RowScope;
}

/**
 * The near side's reports, and the far side's that have no counterpart there. Flag "-" at the far side means that an
 * answer came back, so the near side saw the request too, maybe with flags of its own (503 with UC there is a plain 503
 * here). Where the far side does not know the destination's cluster, its series are compared without clusters and the
 * source's cluster is assumed for them.
 */
function union({ near, far, identity, scope }: Reports): string {
  const compared = identityOf(scope, identity);
  const unflagged = compared.filter((label) => label !== "response_flags");
  const isAnswered = matches("response_flags", "-|");
  const isFlagged = matchesNot("response_flags", "-|");
  const sure = (flags: Matcher): string =>
    far([...identity, ...clusters], flags, matchesNot("destination_cluster", unknown));
  const unsure = (flags: Matcher): string =>
    relabel(far([...identity, "source_cluster"], flags, matches("destination_cluster", unknown)), {
      to: "destination_cluster",
      replacement: "$1",
      from: "source_cluster",
      pattern: "(.+)",
    });
  const parts: readonly (readonly [reports: string, on: readonly string[]])[] = [
    [sure(isAnswered), [...unflagged, ...clusters]],
    [sure(isFlagged), [...compared, ...clusters]],
    [unsure(isAnswered), unflagged],
    [unsure(isFlagged), compared],
  ];
  return parts.reduce((all, [reports, on]) => either(all, reports, on), near);
}

/** Names of the workloads that are waypoints, as callers, read off the pods that report as one. */
function waypointWorkloads({ always }: SummaryScope): string {
  const pods = select(requests, [equal("reporter", "waypoint"), notEqual("pod", ""), ...always]);
  const named = relabel(countBy(["namespace", "pod"], pods), {
    to: "source_workload",
    replacement: "$1",
    from: "pod",
    pattern: "(.+)-[^-]+-[^-]+",
  });
  return relabel(named, { to: "source_workload_namespace", replacement: "$1", from: "namespace", pattern: "(.+)" });
}

/**
 * Older proxies do not know the namespace of a request that reached nobody, or of an external host. A Kubernetes
 * host name tells it; other hosts stay without one, and are asked for only where all namespaces are.
 */
function unplacedRequests({ namespaces, always, windowSeconds }: SummaryScope): string {
  const hosts = namespaces?.map((namespace) => `[^.]+\\.${literalRegex(namespace)}\\.svc(?:\\..*)?`);
  const matchers = [
    equal("reporter", "source"),
    matches("destination_service_namespace", unknown),
    matchesNot("destination_service_name", notAService),
    ...(hosts ? [matches("destination_service", hosts.join("|"))] : []),
  ];
  const kept = ["destination_service", "destination_service_name", "source_cluster", ...ending];
  const reported = sumBy(kept, rate(select(requests, [...matchers, ...always]), windowSeconds));
  const inCluster = relabel(reported, {
    to: "destination_cluster",
    replacement: "$1",
    from: "source_cluster",
    pattern: "(.+)",
  });
  return relabel(inCluster, {
    to: "destination_service_namespace",
    replacement: "$1",
    from: "destination_service",
    pattern: "[^.]+\\.([^.]+)\\.svc(?:\\..*)?",
  });
}

/**
 * Bytes once, and only of flows that nobody tells as HTTP. The L4 proxies of ambient workloads report every flow as TCP.
 * What a waypoint reports has two such legs (client to waypoint, seen by the source only; waypoint to server, seen by the
 * destination only), and what a sidecar or gateway sends over mTLS has one, seen by the destination only. So of such rows
 * and callers only what both ends report counts, and what came in plain text.
 */
function bytes(metric: string, scope: RowScope, query: SummaryScope): string {
  const per = (labels: readonly string[], ...matchers: Matcher[]): string =>
    sumBy(labels, rate(select(metric, [...matchers, ...only(scope, query), ...query.always]), query.windowSeconds));
  const all = [...peers, ...clusters];
  const row = scope === "service" ? serviceName : workloadName;
  const behindWaypoint = reportedByWaypoint(row, query);
  const callers = [...caller, ...row];
  const spokenAsHttp = countBy(
    callers,
    select(requests, [equal("reporter", "source"), ...only(scope, query), ...query.always]),
  );
  const destination = per(all, equal("reporter", "destination"));
  const near = [
    without(without(destination, spokenAsHttp, callers), behindWaypoint, row),
    both(destination, per(all, equal("reporter", "source")), identityOf(scope, peers)),
    per(all, equal("reporter", "destination"), notEqual("connection_security_policy", "mutual_tls")),
  ];
  const once = union({
    near: near.reduce((left, right) => either(left, right)),
    far: (labels, ...matchers) => without(per(labels, equal("reporter", "source"), ...matchers), behindWaypoint, row),
    identity: peers,
    scope,
  });
  return sumBy(rowLabels[scope], either(per(all, equal("reporter", "waypoint")), once));
}

function reportedByWaypoint(row: readonly string[], { always }: SummaryScope): string {
  const metrics = oneOf("__name__", [requests, "istio_tcp_received_bytes_total"]);
  return countBy(row, select("", [metrics, equal("reporter", "waypoint"), ...always]));
}
