import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import {
  both,
  countBy,
  either,
  equal,
  flowing,
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
import { byGateways, notAService, only, unknown, type SummaryScope } from "./summaryScope.ts";

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
    left: flowing(
      per(
        [...identity, ...clusters],
        oneOf("reporter", ["destination", "waypoint"]),
        matches("response_code", "0|-"),
        matches("response_flags", hasFlag("DC")),
      ),
    ),
    far: (labels, ...matchers) => notByWaypoint(per(labels, equal("reporter", "source"), ...matchers)),
    identity,
    scope,
  });
  if (scope === "service") return sumBy([...rowLabels.service, ...ending], either(once, unplacedRequests(query)));
  return withForwarded(sumBy([...rowLabels.workload, ...ending], once), ending, { metric: requests, query });
}

/** The rows of workloads and, told apart by their labels, those of gateways: one question for both. */
function withForwarded(
  workloads: string,
  labels: readonly string[],
  { metric, query }: { readonly metric: string; readonly query: SummaryScope },
): string {
  const reports = byGateways(query);
  if (!reports) return workloads;
  const passedOn = rate(select(metric, reports), query.windowSeconds);
  return either(workloads, sumBy([...rowLabels.gateway, ...labels], passedOn));
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

// The source's response flags, by what the near side makes of such a request. Envoy joins several by commas.
//
// Answered: no flag; an injected delay (DI alone), after which the request went on; retries that ran out on answers (URX
// alone). The near side saw the same code, maybe with flags of its own (503 with UC there is a plain 503 here).
// Given up: the source stopped waiting (UT, SI, DT, UMSDR). The near side sees its caller leave: code 0 with DC.
// Others never got there (FI, UF, UH, UO, NR, NC, RL, UAEX ...), or read the same at both ends (DC). UC is not told apart:
// mostly the near side's proxy died and reports nothing.
const answeredFlags = "-||DI|URX";
const gaveUpFlags = hasFlag("UT|SI|DT|UMSDR");

/** A pattern for one of these flags, alone or among others. */
function hasFlag(flags: string): string {
  return `(?:.*,)?(?:${flags})(?:,.*)?`;
}

interface Reports {
  readonly near: string;
  /** What the near side reports of callers that left; undefined where requests have no such end. */
  readonly left?: string;
  readonly far: (labels: readonly string[], ...matchers: Matcher[]) => string;
  readonly identity: readonly string[];
  readonly scope: RowScope;
}

/**
 * The near side's reports, and the far side's that have no counterpart there. Where the far side does not know the
 * destination's cluster, its series are compared without clusters and the source's cluster is assumed for them.
 */
function union({ near, left, far, identity, scope }: Reports): string {
  const compared = identityOf(scope, identity);
  const unflagged = compared.filter((label) => label !== "response_flags");
  const unended = unflagged.filter((label) => !ending.includes(label));
  const sure = (...flags: readonly Matcher[]): string =>
    far([...identity, ...clusters], ...flags, matchesNot("destination_cluster", unknown));
  const unsure = (...flags: readonly Matcher[]): string =>
    relabel(far([...identity, "source_cluster"], ...flags, matches("destination_cluster", unknown)), {
      to: "destination_cluster",
      replacement: "$1",
      from: "source_cluster",
      pattern: "(.+)",
    });
  const isAnswered = matches("response_flags", answeredFlags);
  const isOther = matchesNot("response_flags", `${answeredFlags}|${left === undefined ? "" : gaveUpFlags}`);
  const partsOf = (
    reports: typeof sure,
    places: readonly string[],
  ): readonly (readonly [string, readonly string[]])[] => {
    const gaveUp = reports(matches("response_flags", gaveUpFlags));
    return [
      [reports(isAnswered), [...unflagged, ...places]],
      ...(left === undefined
        ? []
        : [[without(gaveUp, left, [...unended, ...places]), [...compared, ...places]] as const]),
      [reports(isOther), [...compared, ...places]],
    ];
  };
  return [...partsOf(sure, clusters), ...partsOf(unsure, [])].reduce(
    (all, [reports, on]) => either(all, reports, on),
    near,
  );
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
  const rows = sumBy(rowLabels[scope], either(per(all, equal("reporter", "waypoint")), once));
  return scope === "workload" ? withForwarded(rows, [], { metric, query }) : rows;
}

function reportedByWaypoint(row: readonly string[], { always }: SummaryScope): string {
  const metrics = oneOf("__name__", [requests, "istio_tcp_received_bytes_total"]);
  return countBy(row, select("", [metrics, equal("reporter", "waypoint"), ...always]));
}
