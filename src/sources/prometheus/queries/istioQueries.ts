import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import {
  both,
  countBy,
  either,
  eitherIgnoring,
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
  withoutIgnoring,
  type Matcher,
} from "./promql.ts";
import { byGateways, only, unknown, type SummaryScope } from "./summaryScope.ts";

// The queries behind the lists. Each request is counted once, by the server, so that an answer has a few series per row
// whatever the number of callers. The rule: a series' identity (who, whom, how it ended) counts once; the waypoint's or
// destination's report beats the source's; what only one side reports is added.

/** Metrics whose series are counted once by one rule, and the labels that say how each ended. */
export interface CountedMetric {
  readonly name: string;
  readonly ending: readonly string[];
}

const requests = "istio_requests_total";
const serviceName = ["destination_service_namespace", "destination_service_name"];
const workloadName = ["destination_workload_namespace", "destination_workload"];
const caller = ["source_workload_namespace", "source_workload"];
const ending = ["request_protocol", "response_code", "grpc_response_status"];
export const counted = {
  requests: { name: requests, ending },
  requestBytes: { name: "istio_request_bytes_sum", ending },
  responseBytes: { name: "istio_response_bytes_sum", ending },
  requestMessages: { name: "istio_request_messages_total", ending: [] },
  responseMessages: { name: "istio_response_messages_total", ending: [] },
} as const satisfies Readonly<Record<string, CountedMetric>>;
const clusters = ["source_cluster", "destination_cluster"];

/** Identity of a series. Versions, apps and principals are left out: they follow from the workload. */
const peers = [...caller, ...serviceName, ...workloadName, "response_flags"];

/** Which of the rows of a scope are asked for, and what is told of their series besides who, whom and how it ended. */
export interface Part {
  /** Hold for every series of the rows that are meant. */
  readonly named: readonly Matcher[];
  /** Labels that are kept but tell no series apart: versions follow from the workload. */
  readonly kept: readonly string[];
  /** The same, of what the destination's own proxies report alone: others do not know them. */
  readonly keptNear?: readonly string[];
}

/** Requests per second by row, protocol, code and gRPC status. */
export function requestsQuery(scope: RowScope, query: SummaryScope): string {
  const rows = sumBy([...rowLabels[scope], ...ending], requestsOnce(scope, query));
  return scope === "service" ? rows : withForwarded(rows, ending, { metric: requests, query });
}

/**
 * Requests per second (or another metric that is counted with them), each once, by all that tells series apart. Without
 * `part` all rows of the scope, as the lists ask for them.
 */
export function requestsOnce(
  scope: RowScope,
  query: SummaryScope,
  part?: Part,
  metric: CountedMetric = counted.requests,
): string {
  const { ending } = metric;
  const identity = [...peers, ...ending];
  const isPlaced = matchesNot("destination_service_namespace", unknown);
  const placed = scope === "service" && !query.namespaces ? [isPlaced] : [];
  const { named = [], kept = [], keptNear = [] } = part ?? {};
  const rates = (of: readonly Matcher[], ...matchers: Matcher[]): string =>
    rate(
      select(metric.name, [...matchers, ...only(scope, query, of), ...placed, ...query.always]),
      query.windowSeconds,
    );
  const per = (labels: readonly string[], ...matchers: Matcher[]): string =>
    sumBy([...labels, ...kept], rates(named, ...matchers));
  const whole = [...identity, ...clusters];
  const waypoint = per(whole, equal("reporter", "waypoint"));

  // A sidecar behind a waypoint reports the waypoint as its caller: the same request once more.
  const destination = without(
    per([...whole, ...keptNear], equal("reporter", "destination")),
    waypointWorkloads(query),
    caller,
  );
  // A caller whose requests pass a waypoint may name another workload than the one the waypoint chose. A service's
  // name is the same at all of them.
  const atWaypoint = rates(scope === "service" ? named : [], equal("reporter", "waypoint"));
  const notByWaypoint = (reported: string): string =>
    without(reported, atWaypoint, [...caller, ...serviceName, ...ending]);
  const extra = [...kept, ...keptNear];
  const left = flowing(
    per(
      whole,
      oneOf("reporter", ["destination", "waypoint"]),
      matches("response_code", "0|-"),
      matches("response_flags", hasFlag("DC")),
    ),
  );
  const once = union({
    near: eitherIgnoring(waypoint, destination, [...unlikeIn(scope), ...extra]),
    ...(ending.length > 0 && { left }),
    far: (labels, ...matchers) => notByWaypoint(per(labels, equal("reporter", "source"), ...matchers)),
    identity,
    scope,
    extra,
  });
  return scope === "service" ? either(once, unplacedRequests(query, part, metric)) : once;
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
  const rows = (metric: string): string => {
    const summed = sumBy(rowLabels[scope], tcpOnce(metric, scope, query));
    return scope === "workload" ? withForwarded(summed, [], { metric, query }) : summed;
  };
  const received = marked(rows("istio_tcp_received_bytes_total"), "direction", "received");
  const sent = marked(rows("istio_tcp_sent_bytes_total"), "direction", "sent");
  return either(received, sent);
}

/** Labels that tell nothing apart in a scope: two services may share a workload, and each side names another one of them. */
function unlikeIn(scope: RowScope): readonly string[] {
  return scope === "service" ? [] : serviceName;
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
  /** Labels that are kept besides. */
  readonly extra: readonly string[];
}

/**
 * The near side's reports, and the far side's that have no counterpart there. Where the far side does not know the
 * destination's cluster, its series are compared without clusters and the source's cluster is assumed for them.
 */
function union({ near, left, far, identity, scope, extra }: Reports): string {
  const unlike = [...unlikeIn(scope), ...extra];
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
  ): readonly (readonly [reports: string, ignored: readonly string[]])[] => {
    const gaveUp = reports(matches("response_flags", gaveUpFlags));
    const ignored = [...unlike, ...places];
    const unflagged = [...ignored, "response_flags"];
    return [
      [reports(isAnswered), unflagged],
      ...(left === undefined ? [] : [[withoutIgnoring(gaveUp, left, [...unflagged, ...ending]), ignored] as const]),
      [reports(isOther), ignored],
    ];
  };
  return [...partsOf(sure, []), ...partsOf(unsure, clusters)].reduce(
    (all, [reports, ignored]) => eitherIgnoring(all, reports, ignored),
    near,
  );
}

/**
 * What is sent, as the senders' own proxies report it. Of a sender without one (in ambient mode) what waypoints and
 * destinations tell.
 */
export function requestsSent(query: SummaryScope, part: Part, metric: CountedMetric = counted.requests): string {
  const { named, kept, keptNear = [] } = part;
  const whole = [...peers, ...metric.ending, ...clusters, ...kept];
  const per = (reporter: string, labels: readonly string[] = whole): string => {
    const matchers = [equal("reporter", reporter), ...named, ...query.always];
    return sumBy(labels, rate(select(metric.name, matchers), query.windowSeconds));
  };
  const told = eitherIgnoring(per("waypoint"), per("destination"), kept);
  return either(per("source", [...whole, ...keptNear]), told, [...caller, "source_cluster"]);
}

/** The same of TCP. What passes a waypoint its sender's ztunnel tells of as bytes to the waypoint. */
export function tcpSent(metric: string, query: SummaryScope, part: Part): string {
  const { named, kept, keptNear = [] } = part;
  const whole = [...peers, ...clusters, ...kept];
  const per = (reporter: string, labels: readonly string[]): string => {
    const matchers = [equal("reporter", reporter), ...named, ...query.always];
    return sumBy(labels, rate(select(metric, matchers), query.windowSeconds));
  };
  const callers = [...caller, ...serviceName];
  const sent = without(per("source", [...whole, ...keptNear]), reportedByWaypoint(callers, query), callers);
  return either(sent, per("waypoint", whole));
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
function unplacedRequests(query: SummaryScope, part: Part | undefined, metric: CountedMetric): string {
  const { ending } = metric;
  const { namespaces, always, windowSeconds } = query;
  const hosts = namespaces?.map((namespace) => `[^.]+\\.${literalRegex(namespace)}\\.svc(?:\\..*)?`);
  const matchers = [
    equal("reporter", "source"),
    matches("destination_service_namespace", unknown),
    ...only("service", { namespaces: undefined }, part?.named),
    ...(hosts ? [matches("destination_service", hosts.join("|"))] : []),
  ];
  const told = part ? [...caller, ...workloadName, "response_flags", ...part.kept] : [];
  const kept = ["destination_service", "destination_service_name", "source_cluster", ...ending, ...told];
  const reported = sumBy(kept, rate(select(metric.name, [...matchers, ...always]), windowSeconds));
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
export function tcpOnce(metric: string, scope: RowScope, query: SummaryScope, part?: Part): string {
  const { named = [], kept = [], keptNear = [] } = part ?? {};
  const asked = [...only(scope, query, named), ...query.always];
  const per = (labels: readonly string[], ...matchers: Matcher[]): string =>
    sumBy([...labels, ...kept], rate(select(metric, [...matchers, ...asked]), query.windowSeconds));
  const all = [...peers, ...clusters];
  const near = [...all, ...keptNear];
  const row = scope === "service" ? serviceName : workloadName;
  const behindWaypoint = reportedByWaypoint(row, query);
  const callers = [...caller, ...row];
  const spokenAsHttp = countBy(callers, select(requests, [equal("reporter", "source"), ...asked]));
  const destination = per(near, equal("reporter", "destination"));
  const compared = scope === "service" ? peers : peers.filter((label) => !serviceName.includes(label));
  const nears = [
    without(without(destination, spokenAsHttp, callers), behindWaypoint, row),
    both(destination, per(all, equal("reporter", "source")), compared),
    per(near, equal("reporter", "destination"), notEqual("connection_security_policy", "mutual_tls")),
  ];
  const extra = [...kept, ...keptNear];
  const once = union({
    near: nears.reduce((left, right) => either(left, right)),
    far: (labels, ...matchers) => without(per(labels, equal("reporter", "source"), ...matchers), behindWaypoint, row),
    identity: peers,
    scope,
    extra,
  });
  return either(per(all, equal("reporter", "waypoint")), once);
}

function reportedByWaypoint(row: readonly string[], { always }: SummaryScope): string {
  const metrics = oneOf("__name__", [requests, "istio_tcp_received_bytes_total"]);
  return countBy(row, select("", [metrics, equal("reporter", "waypoint"), ...always]));
}
