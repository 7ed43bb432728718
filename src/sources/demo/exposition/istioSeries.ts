import type { Dialect } from "../../../mesh/telemetry/capabilities.ts";
import { envoyBounds, logNormal, meanOf, mixerBoundsMillis, trimmedBounds, type Masses } from "../traffic/buckets.ts";
import { connectionsPerTrip, dot, type Flow } from "../traffic/flow.ts";
import type { Span, TrafficHistory } from "../traffic/trafficHistory.ts";
import { moodOf } from "../traffic/waves.ts";
import { reportsOf, ztunnelsOf } from "./reports.ts";
import { header, numberText, sample } from "./textFormat.ts";

interface Part {
  readonly flow: Flow;
  /** Index of the span the flow belongs to. */
  readonly span: number;
  readonly share: number;
  readonly isAtSource: boolean;
}

interface Series {
  readonly labels: string;
  readonly parts: Part[];
}

interface Table {
  readonly flows: readonly (readonly Flow[])[];
  readonly requests: readonly Series[];
  readonly messages: readonly Series[];
  readonly tcp: readonly Series[];
}

export interface SeriesOptions {
  readonly dialect: Dialect;
  /** Everything that Istio measures by default; else what large meshes keep of it. */
  readonly isDetailed: boolean;
}

/** Istio's request and TCP metrics as counters since time zero of the world. */
export class IstioSeries {
  readonly #history: TrafficHistory;
  readonly #options: SeriesOptions;
  #table: Table | undefined;

  constructor(history: TrafficHistory, options: SeriesOptions) {
    this.#history = history;
    this.#options = options;
  }

  *lines(atMillis: number): Generator<string, void, undefined> {
    const spans = this.#history.spans(this.#history.startMillis, atMillis);
    const table = this.#current(spans);
    yield* this.#requestLines(table, spans);
    yield* this.#tcpLines(table, spans);
  }

  #current(spans: readonly Span[]): Table {
    const isSame =
      this.#table?.flows.length === spans.length && spans.every(({ flows }, i) => flows === this.#table?.flows[i]);
    if (this.#table && isSame) return this.#table;
    const { world } = this.#history;
    const byLabels = { request: new Map<string, Series>(), tcp: new Map<string, Series>() };
    const messages = new Map<string, Series>();
    const options = { ...this.#options, world, ztunnels: ztunnelsOf(world) };
    for (const [span, { flows }] of spans.entries()) {
      for (const flow of flows) {
        for (const report of reportsOf(flow, options)) {
          const part = { flow, span, share: report.share, isAtSource: report.isAtSource };
          seriesFor(byLabels[report.protocol], report.labels).parts.push(part);
          const hasMessages = report.isGrpc && report.protocol === "request";
          if (hasMessages) seriesFor(messages, withoutEnding(report.labels)).parts.push(part);
        }
      }
    }
    const requests = [...byLabels.request.values()];
    this.#table = {
      flows: spans.map(({ flows }) => flows),
      requests,
      messages: [...messages.values()],
      tcp: [...byLabels.tcp.values()],
    };
    return this.#table;
  }

  *#requestLines({ requests, messages }: Table, spans: readonly Span[]): Generator<string, void, undefined> {
    const { dialect, isDetailed } = this.#options;
    yield header("istio_requests_total", "counter", "Requests, by who asked whom and how it ended.");
    for (const series of requests) yield sample("istio_requests_total", series.labels, amountOf(series, spans));
    if (dialect === "v1") {
      yield header("istio_request_duration_seconds", "histogram", "Seconds from request to answer.");
      for (const series of requests) yield durations(series, spans, mixer);
    } else {
      yield header("istio_request_duration_milliseconds", "histogram", "Milliseconds from request to answer.");
      for (const series of requests) yield durations(series, spans, isDetailed ? envoy : trimmedEnvoy);
      for (const direction of ["request", "response"] as const) {
        const name = `istio_${direction}_messages_total`;
        yield header(name, "counter", `Messages of gRPC in the direction of the ${direction}.`);
        for (const series of messages) yield sample(name, series.labels, amountOf(series, spans));
      }
    }
    if (!isDetailed) return;
    for (const direction of ["request", "response"] as const) {
      const name = `istio_${direction}_bytes`;
      yield header(name, "histogram", `Bytes of a ${direction}, on the wire.`);
      for (const series of requests) yield sizes(name, series, spans);
    }
  }

  *#tcpLines({ tcp }: Table, spans: readonly Span[]): Generator<string, void, undefined> {
    const connections = (series: Series) => amountOf(series, spans) * connectionsPerTrip;
    // The names are the answering side's: it receives what its clients send.
    const counters: readonly (readonly [name: string, help: string, value: (series: Series) => number])[] = [
      [
        "istio_tcp_received_bytes_total",
        "Bytes from the client.",
        (series) => amountOf(series, spans, (flow) => flow.requestBytes),
      ],
      [
        "istio_tcp_sent_bytes_total",
        "Bytes to the client.",
        (series) => amountOf(series, spans, (flow) => flow.responseBytes),
      ],
      ["istio_tcp_connections_opened_total", "Connections opened.", connections],
      ["istio_tcp_connections_closed_total", "Connections closed.", connections],
    ];
    for (const [name, help, value] of counters) {
      yield header(name, "counter", help);
      for (const series of tcp) yield sample(name, series.labels, value(series));
    }
  }
}

function seriesFor(map: Map<string, Series>, labels: string): Series {
  let series = map.get(labels);
  if (!series) map.set(labels, (series = { labels, parts: [] }));
  return series;
}

// Message metrics carry neither code nor status nor flags nor the security policy.
function withoutEnding(labels: string): string {
  return labels.replace(
    /,(?:request_protocol|response_code|grpc_response_status|response_flags|connection_security_policy)="[^"]*"/g,
    "",
  );
}

function amountOf({ parts }: Series, spans: readonly Span[], perRequest: (flow: Flow) => number = () => 1): number {
  let sum = 0;
  for (const { flow, span, share } of parts) {
    const integrals = spans[span]?.integrals;
    if (integrals) sum += dot(flow.rates, integrals) * share * perRequest(flow);
  }
  return sum;
}

interface Buckets {
  readonly name: string;
  /** The bounds as written, and the index of each among Envoy's. */
  readonly bounds: readonly { readonly text: string; readonly last: number }[];
  /** Milliseconds in one unit. */
  readonly unit: number;
}

const envoy: Buckets = {
  name: "istio_request_duration_milliseconds",
  bounds: envoyBounds.map((bound, last) => ({ text: numberText(bound), last })),
  unit: 1,
};

const trimmedEnvoy: Buckets = {
  ...envoy,
  bounds: envoy.bounds.filter(({ last }) => trimmedBounds.includes(envoyBounds[last] ?? 0)),
};

const mixer: Buckets = {
  name: "istio_request_duration_seconds",
  bounds: mixerBoundsMillis.map((bound) => ({ text: numberText(bound / 1000), last: envoyBounds.indexOf(bound) })),
  unit: 1000,
};

function durations(series: Series, spans: readonly Span[], buckets: Buckets): string {
  const counts = new Float64Array(envoyBounds.length);
  let sum = 0;
  for (const { flow, span, share, isAtSource } of series.parts) {
    const integrals = spans[span]?.integrals;
    if (!integrals) continue;
    const masses = isAtSource ? flow.sourceMillis : flow.millis;
    for (const [basis, rate] of flow.rates.entries()) {
      const amount = rate * (integrals[basis] ?? 0) * share;
      if (amount === 0) continue;
      const distribution = masses[moodOf(basis)];
      addScaled(counts, distribution, amount);
      sum += amount * meanOf(distribution);
    }
  }
  return histogram(buckets, series.labels, { counts, sum: sum / buckets.unit });
}

function sizes(name: string, series: Series, spans: readonly Span[]): string {
  const counts = new Float64Array(envoyBounds.length);
  let sum = 0;
  for (const { flow, span, share } of series.parts) {
    const integrals = spans[span]?.integrals;
    if (!integrals) continue;
    const distribution = logNormal(name === "istio_request_bytes" ? flow.requestBytes : flow.responseBytes, 0.5);
    const amount = dot(flow.rates, integrals) * share;
    addScaled(counts, distribution, amount);
    sum += amount * meanOf(distribution);
  }
  return histogram({ ...envoy, name }, series.labels, { counts, sum });
}

function addScaled(counts: Float64Array, masses: Masses, amount: number): void {
  for (let i = 0; i < counts.length; i++) counts[i] = (counts[i] ?? 0) + amount * (masses[i] ?? 0);
}

function histogram(
  { name, bounds }: Buckets,
  labels: string,
  { counts, sum }: { counts: Float64Array; sum: number },
): string {
  let out = "";
  let total = 0;
  let next = 0;
  for (const { text, last } of bounds) {
    for (; next <= last; next++) total += counts[next] ?? 0;
    out += `${name}_bucket{${labels},le="${text}"} ${numberText(total)}\n`;
  }
  for (; next < counts.length; next++) total += counts[next] ?? 0;
  const count = numberText(total);
  return `${out}${name}_bucket{${labels},le="+Inf"} ${count}\n${name}_sum{${labels}} ${numberText(sum)}\n${name}_count{${labels}} ${count}\n`;
}
