import { detailLabels, edgeLabels, type EdgeMetric } from "../../../mesh/telemetry/edges/edgeTable.ts";
import { overlappingPartsOf, partsOf, type EdgeSelection } from "./edgeSelection.ts";
import {
  countBy,
  either,
  eitherOf,
  equal,
  flowing,
  marked,
  matches,
  matchesNot,
  notEqual,
  oneOf,
  rate,
  relabel,
  select,
  sumBy,
  type Matcher,
} from "./promql.ts";
import { unknown } from "./summaryScope.ts";

// The queries behind the topology: rows as the reporters tell them. Nothing is counted once here.

export const requestMetric = "istio_requests_total";
export const bytesMetrics = {
  tcpReceived: "istio_tcp_received_bytes_total",
  tcpSent: "istio_tcp_sent_bytes_total",
} as const satisfies Readonly<Partial<Record<EdgeMetric, string>>>;

/** Labels that we add: which of the two byte counters a row is of, and "ztunnel" where that reports it. */
export const metricMark = "metric";
export const carrierMark = "carrier";

export interface RowOptions {
  readonly withIdle: boolean;
  readonly withDetails: boolean;
}

/** Requests per second by the labels of an edge. */
export function edgeRequestsQuery(selection: EdgeSelection, options: RowOptions): string {
  const rates = (matchers: readonly Matcher[]): string =>
    rate(select(requestMetric, matchers), selection.windowSeconds);
  return rows(rates, [], selection, options);
}

/**
 * Bytes per second by the labels of an edge, both counters, marked. ztunnel is told by the scrape labels of its pods:
 * `app` or `pod`.
 */
export function edgeBytesQuery(selection: EdgeSelection, options: RowOptions): string {
  const byCarrier = selection.namespaces ? carriersByLabel : carriersBySelector;
  return eitherOf(
    Object.entries(bytesMetrics).map(([mark, metric]) =>
      marked(byCarrier(metric, selection, options), metricMark, mark),
    ),
  );
}

/** Selectors cost a store nothing, but each of them repeats the matchers of a selection. */
function carriersBySelector(metric: string, selection: EdgeSelection, options: RowOptions): string {
  const of = (...kind: readonly Matcher[]): string =>
    rows((matchers) => rate(select(metric, [...kind, ...matchers]), selection.windowSeconds), [], selection, options);
  const byApp = of(equal("app", "ztunnel"));
  const byPod = of(notEqual("app", "ztunnel"), matches("pod", "ztunnel-.+"));
  return either(
    of(notEqual("app", "ztunnel"), matchesNot("pod", "ztunnel-.+")),
    marked(either(byApp, byPod), carrierMark, "ztunnel"),
  );
}

/** For namespaces, whose names would make the query too long: each series gets a label, which costs as much as its rate. */
function carriersByLabel(metric: string, selection: EdgeSelection, options: RowOptions): string {
  const ztunnel = { to: carrierMark, replacement: "ztunnel" };
  const labelled = (matchers: readonly Matcher[]): string => {
    const rates = rate(select(metric, matchers), selection.windowSeconds);
    const byPod = relabel(rates, { ...ztunnel, from: "pod", pattern: "ztunnel-.+" });
    return relabel(byPod, { ...ztunnel, from: "app", pattern: "ztunnel" });
  };
  return rows(labelled, [carrierMark], selection, options);
}

/** The sums of all parts of a selection. The host is asked for only where the namespace of the service is unknown. */
function rows(
  rates: (matchers: readonly Matcher[]) => string,
  marks: readonly string[],
  selection: EdgeSelection,
  { withIdle, withDetails }: RowOptions,
): string {
  const { placed, unplaced } = partsOf(selection);
  const summed =
    (labels: readonly string[]) =>
    (matchers: readonly Matcher[]): string => {
      const all = sumBy(labels, rates(matchers));
      return withIdle ? all : flowing(all);
    };
  const labels = [...edgeLabels, ...(withDetails ? detailLabels : []), ...marks];
  const withHost = [...new Set([...labels, "destination_service"])];
  return eitherOf([...placed.map(summed(labels)), ...unplaced.map(summed(withHost))]);
}

/** What {@link edgeNamesQuery} calls its labels; `service` and `revision` are the canonical ones, others are V1's. */
export const nameLabels = ["cluster", "namespace", "workload", "service", "revision", "name", "version"] as const;

/** Scrape labels that tell the workload of a waypoint's pod: the Gateway it serves, its own name, its app. */
export const waypointLabels = [
  "reporter",
  "namespace",
  "gateway_networking_k8s_io_gateway_name",
  "pod",
  "app",
] as const;

/** A selector sees series that lived in the last five minutes; a longer window is looked through. */
const lookbackSeconds = 300;

/**
 * The workloads at both ends and what else the metrics call them. And the pods that report as waypoint, by their scrape
 * labels.
 */
export function edgeNamesQuery(selection: EdgeSelection): string {
  const { windowSeconds, always } = selection;
  const metrics = oneOf("__name__", [requestMetric, bytesMetrics.tcpReceived]);
  const living = (matchers: readonly Matcher[]): string => {
    const series = select("", [metrics, ...matchers]);
    return windowSeconds > lookbackSeconds ? `last_over_time(${series}[${Math.ceil(windowSeconds)}s])` : series;
  };
  const parts = overlappingPartsOf(selection);
  const ends = (["source", "destination"] as const).map((end) => {
    const labels = [
      `${end}_cluster`,
      `${end}_workload_namespace`,
      `${end}_workload`,
      `${end}_canonical_service`,
      `${end}_canonical_revision`,
      `${end}_app`,
      `${end}_version`,
    ];
    const isNamed = matchesNot(`${end}_workload`, unknown);
    const found = eitherOf(parts.map((part) => countBy(labels, living([isNamed, ...part]))));
    return labels.reduce(
      (query, from, i) => relabel(query, { to: nameLabels[i] ?? from, replacement: "$1", from, pattern: "(.+)" }),
      found,
    );
  });
  const waypoints = countBy(waypointLabels, living([equal("reporter", "waypoint"), ...always]));
  return either(countBy(nameLabels, eitherOf(ends)), waypoints);
}
