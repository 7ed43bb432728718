import { setImmediate } from "node:timers/promises";
import type { GraphTelemetry } from "../../../../mesh/ports.ts";
import type { Dialect } from "../../../../mesh/telemetry/capabilities.ts";
import type {
  EdgeAnswer,
  EdgePresence,
  EdgeQuery,
  EdgeSeries,
  EdgeSeriesQuery,
  LatencyTable,
  NamedWaypoint,
  NamedWorkload,
} from "../../../../mesh/telemetry/edges/edgeAnswer.ts";
import { detailLabels, edgeLabels, type EdgeLabel } from "../../../../mesh/telemetry/edges/edgeTable.ts";
import type { Provenance } from "../../../../mesh/telemetry/summaries.ts";
import type { TrafficHistory } from "../../traffic/trafficHistory.ts";
import { Durations, ratesOf, reportedWindow, type ReportedWindow, type SeriesRates } from "./edgeAmounts.ts";
import { edgeColumns, labelColumns, metricsOf, type EdgeRow } from "./edgeColumns.ts";
import { SeriesBook } from "./seriesBook.ts";
import { columnOf, seriesFilter } from "./seriesFilter.ts";

/** Names of what the demo answers from, as a person would look for them in a store. */
const metricNames = {
  edges: ["istio_requests_total", "istio_tcp_received_bytes_total", "istio_tcp_sent_bytes_total"],
  latency: ["istio_request_duration_milliseconds"],
} as const;

/** What proxies report of the demo's traffic, as a store has it that scraped all of them. */
export function createDemoGraph(history: TrafficHistory, sourceId: string, dialect: Dialect = "v2"): GraphTelemetry {
  const demo: Demo = { history, book: new SeriesBook(history.world, dialect), sourceId };
  return {
    edges: (query, signal) => edges(demo, query, signal),
    series: (query, signal) => series(demo, query, signal),
    presence: (query, signal) => presence(demo, query, signal),
  };
}

interface Demo {
  readonly history: TrafficHistory;
  readonly book: SeriesBook;
  readonly sourceId: string;
}

async function edges(demo: Demo, query: EdgeQuery, signal: AbortSignal): Promise<EdgeAnswer> {
  signal.throwIfAborted();
  const { book } = demo;
  const began = performance.now();
  const window = await reportedWindow(demo.history, book, query);
  const known = query.withIdle ? await knownSeries(demo, query.atMillis) : undefined;
  signal.throwIfAborted();
  const isAsked = seriesFilter(book, query);
  const rates = ratesOf(book, window);
  await setImmediate();
  const there: EdgeRow[] = [];
  for (const one of allSeries(book)) {
    if (!isAsked(one)) continue;
    for (const metric of metricsOf(book, one)) {
      const row = { series: one, metric };
      if (valueOf(rates, row) > 0 || known?.has(one) === true) there.push(row);
    }
  }
  await setImmediate();
  const labels: readonly EdgeLabel[] = query.withDetails === true ? [...edgeLabels, ...detailLabels] : edgeLabels;
  const table = { ...edgeColumns(book, there, labels), values: Float64Array.from(there, (row) => valueOf(rates, row)) };
  const latency: LatencyTable[] = [];
  for (const by of query.latencyBy) {
    await setImmediate();
    latency.push(latencyTable(demo, window, { by, isAsked }));
  }
  await setImmediate();
  const workloads = namedWorkloads(
    book,
    there.map((row) => row.series),
  );
  await setImmediate();
  signal.throwIfAborted();
  const names = [...metricNames.edges, ...(query.latencyBy.length > 0 ? metricNames.latency : [])];
  return {
    edges: table,
    latency,
    workloads,
    waypoints: namedWaypoints(window),
    provenance: provenanceOf(demo, names, query),
    missing: [],
    warnings: [],
    cost: { queries: 0, bytes: 0, rows: there.length, waitMillis: 0, decodeMillis: performance.now() - began },
  };
}

async function series(demo: Demo, query: EdgeSeriesQuery, signal: AbortSignal): Promise<EdgeSeries> {
  const { history, book, sourceId } = demo;
  const { fromMillis, toMillis, stepSeconds, windowSeconds } = query;
  const times: number[] = [];
  for (let at = fromMillis; at <= toMillis && stepSeconds > 0; at += stepSeconds * 1000) times.push(at / 1000);
  // All series are in the book before they are picked.
  await knownSeries(demo, toMillis);
  const isAsked = seriesFilter(book, query);
  const rows = [...allSeries(book)]
    .filter(isAsked)
    .flatMap((one) => metricsOf(book, one).map((metric): EdgeRow => ({ series: one, metric })));
  const points = new Float64Array(rows.length * times.length).fill(NaN);
  const latency = {
    p50: new Float64Array(times.length).fill(NaN),
    p95: new Float64Array(times.length).fill(NaN),
    p99: new Float64Array(times.length).fill(NaN),
  };
  for (const [i, time] of times.entries()) {
    const window = await reportedWindow(history, book, { windowSeconds, atMillis: time * 1000 });
    signal.throwIfAborted();
    if (window.seconds === 0) continue;
    const rates = ratesOf(book, window);
    for (const [at, row] of rows.entries()) points[at * times.length + i] = valueOf(rates, row);
    const durations = new Durations();
    for (const { parts, integrals } of window.spans) {
      for (const { flow, series: one, isAtSource, isNearest } of parts) {
        if (isNearest && book.countsRequests[one] === 1 && isAsked(one)) durations.add(flow, integrals, isAtSource);
      }
    }
    latency.p50[i] = durations.quantile(0.5);
    latency.p95[i] = durations.quantile(0.95);
    latency.p99[i] = durations.quantile(0.99);
    await setImmediate();
  }
  signal.throwIfAborted();
  return {
    edges: { ...edgeColumns(book, rows, edgeLabels), times: Float64Array.from(times), points },
    latency: latency.p50.some((value) => !Number.isNaN(value)) ? latency : undefined,
    provenance: [...metricNames.edges, ...metricNames.latency].map((name) => {
      return { sourceId, query: `demo: ${name}[${windowSeconds}s]`, windowSeconds, atMillis: toMillis };
    }),
    missing: [],
  };
}

async function presence(
  demo: Demo,
  query: Pick<EdgeQuery, "windowSeconds" | "atMillis">,
  signal: AbortSignal,
): Promise<EdgePresence> {
  const { history, book } = demo;
  const rates = ratesOf(book, await reportedWindow(history, book, query));
  const known = await knownSeries(demo, query.atMillis);
  signal.throwIfAborted();
  const column = columnOf("destination_service_namespace");
  const flowing = [...known].filter((one) => (rates.requests[one] ?? 0) > 0);
  const namespaces = new Set(flowing.map((one) => book.strings[book.labelOf(one, column)] ?? ""));
  return {
    seriesExist: known.size > 0,
    labelsFit: true,
    missingLabels: [],
    flowingNamespaces: [...namespaces]
      .filter((name) => name !== "" && name !== "unknown")
      .sort()
      .slice(0, 50),
    queries: metricNames.edges.map((name) => `demo: ${name}[${query.windowSeconds}s]`),
  };
}

function* allSeries(book: SeriesBook): Generator<number, void, undefined> {
  for (let one = 0; one < book.length; one++) yield one;
}

/** Everything that was reported by then, whether or not anything flows in a window. */
async function knownSeries({ history, book }: Demo, atMillis: number): Promise<ReadonlySet<number>> {
  const known = new Set<number>();
  for (const { flows } of history.spans(history.startMillis, atMillis)) {
    for (const { series: one } of await book.partsOf(flows)) known.add(one);
  }
  return known;
}

// The answering side receives what its client sends: telemetry.md 6.4.
function valueOf(rates: SeriesRates, { series: one, metric }: EdgeRow): number {
  switch (metric) {
    case "requests":
      return rates.requests[one] ?? 0;
    case "tcpReceived":
      return rates.fromClient[one] ?? 0;
    case "tcpSent":
      return rates.toClient[one] ?? 0;
  }
}

function latencyTable(
  { book }: Demo,
  { spans }: ReportedWindow,
  { by, isAsked }: { readonly by: readonly EdgeLabel[]; readonly isAsked: (series: number) => boolean },
): LatencyTable {
  const columns = by.map(columnOf);
  const rows = new Map<string, { first: number; durations: Durations }>();
  for (const { parts, integrals } of spans) {
    for (const { flow, series: one, isAtSource, isNearest } of parts) {
      if (!isNearest || book.countsRequests[one] !== 1 || !isAsked(one)) continue;
      const key = columns.map((column) => book.labelOf(one, column)).join();
      let row = rows.get(key);
      if (!row) rows.set(key, (row = { first: one, durations: new Durations() }));
      row.durations.add(flow, integrals, isAtSource);
    }
  }
  const all = [...rows.values()];
  const quantiles = (q: number) => Float64Array.from(all, ({ durations }) => durations.quantile(q));
  const labels = labelColumns(
    book,
    all.map(({ first }) => first),
    by,
  );
  const strings = book.strings.slice();
  return { by, length: all.length, strings, labels, p50: quantiles(0.5), p95: quantiles(0.95), p99: quantiles(0.99) };
}

function namedWorkloads(book: SeriesBook, all: readonly number[]): readonly NamedWorkload[] {
  const named = new Map<string, NamedWorkload>();
  for (const end of ["source", "destination"] as const) {
    const columns = [
      columnOf(`${end}_cluster`),
      columnOf(`${end}_workload_namespace`),
      columnOf(`${end}_workload`),
      columnOf(`${end}_canonical_service`),
      columnOf(`${end}_canonical_revision`),
    ];
    for (const one of all) {
      const ids = columns.map((column) => book.labelOf(one, column));
      const key = ids.join();
      if (named.has(key)) continue;
      const [clusterId = "", namespace = "", workload = "", app = "", version = ""] = ids.map(
        (id) => book.strings[id] ?? "",
      );
      if (workload !== "" && workload !== "unknown") named.set(key, { clusterId, namespace, workload, app, version });
    }
  }
  return [...named.values()];
}

function namedWaypoints({ spans }: ReportedWindow): readonly NamedWaypoint[] {
  const named = new Map<string, NamedWaypoint>();
  for (const { parts } of spans) {
    for (const { flow } of parts) {
      if (!flow.waypoint) continue;
      const { namespace, name: workload } = flow.waypoint;
      named.set(`${namespace}/${workload}`, { namespace, workload });
    }
  }
  return [...named.values()];
}

function provenanceOf(
  { sourceId }: Demo,
  names: readonly string[],
  { windowSeconds, atMillis }: EdgeQuery,
): readonly Provenance[] {
  return names.map((name) => ({ sourceId, query: `demo: ${name}[${windowSeconds}s]`, windowSeconds, atMillis }));
}
