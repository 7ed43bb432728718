import { setImmediate } from "node:timers/promises";
import { say } from "../../../../mesh/message.ts";
import type {
  ChartAnswer,
  ChartsAnswer,
  ChartSeries,
  Grouping,
  TrafficChart,
  TrafficChartsQuery,
  Unit,
} from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { connectionsPerTrip } from "../../traffic/flow.ts";
import { chartTimes, ordered } from "./chartTimes.ts";
import { partsOf, unknown, type Counted } from "./countedFlows.ts";
import type { LevelSource } from "./levelSource.ts";
import { durationsIn, LinearSums, rateIn, SumsByEra, type EraWindow, type Measure } from "./linearSums.ts";

interface Shape {
  readonly unit: Unit;
  readonly counted: Counted;
  /** The metric that a person would look for in a store. */
  readonly metric: string;
  /** Lines of the chart where it is not grouped; grouped, they are added up where they have one unit. */
  readonly lines: readonly { readonly name: string; readonly value: Value }[];
  readonly grouped: Value;
  readonly canSum: boolean;
  readonly only?: "grpc";
}

/** A number of one series in a window; NaN where there is none. */
type Value = (window: EraWindow, name: string) => number;

const rate =
  (measure: Measure, factor = 1): Value =>
  (window, name) =>
    (rateIn(window, name, measure) ?? NaN) * factor;

const plus =
  (a: Value, b: Value): Value =>
  (window, name) =>
    a(window, name) + b(window, name);

const errorShare: Value = (window, name) => {
  const requests = rateIn(window, name, "requests") ?? 0;
  return requests > 0 ? (rateIn(window, name, "errors") ?? 0) / requests : NaN;
};

const quantile =
  (q: number, bounds?: readonly number[]): Value =>
  (window, name) =>
    window.seconds > 0 ? durationsIn(window, [name]).quantile(q, bounds) : NaN;

function shapeOf(chart: TrafficChart, isInbound: boolean, bounds: readonly number[] | undefined): Shape {
  const requests = { counted: "requests", canSum: true } as const;
  const bytes = { counted: "bytes", canSum: true } as const;
  switch (chart) {
    case "requests": {
      const value = rate("requests");
      return { ...requests, unit: "rps", metric: "istio_requests_total", ...only(value) };
    }
    case "errors":
      return { ...requests, unit: "share", metric: "istio_requests_total", ...only(errorShare), canSum: false };
    case "latency":
      return {
        ...requests,
        unit: "seconds",
        metric: "istio_request_duration_milliseconds",
        lines: [0.5, 0.95, 0.99].map((q) => ({ name: `p${q * 100}`, value: quantile(q, bounds) })),
        grouped: quantile(0.95, bounds),
        canSum: false,
      };
    case "messageBytes":
      return {
        ...requests,
        unit: "bytesPerSecond",
        metric: "istio_request_bytes, istio_response_bytes",
        ...pair(["request", rate("requestBytes")], ["response", rate("responseBytes")]),
      };
    case "tcpBytes": {
      const [received, sent] = [rate("tripRequestBytes"), rate("tripResponseBytes")];
      return {
        ...bytes,
        unit: "bytesPerSecond",
        metric: "istio_tcp_received_bytes_total, istio_tcp_sent_bytes_total",
        // From its own side: what a caller receives is what the other one sends.
        ...pair(["received", isInbound ? received : sent], ["sent", isInbound ? sent : received]),
      };
    }
    case "tcpConnections": {
      const opened = rate("requests", connectionsPerTrip);
      return {
        ...bytes,
        unit: "perSecond",
        metric: "istio_tcp_connections_opened_total, istio_tcp_connections_closed_total",
        ...pair(["opened", opened], ["closed", opened]),
        grouped: opened,
      };
    }
    case "grpcMessages":
      return {
        ...requests,
        unit: "perSecond",
        metric: "istio_request_messages_total, istio_response_messages_total",
        ...pair(["request", rate("requests")], ["response", rate("requests")]),
        only: "grpc",
      };
  }
}

function only(value: Value): Pick<Shape, "lines" | "grouped"> {
  return { lines: [{ name: "", value }], grouped: value };
}

function pair(...[a, b]: [readonly [string, Value], readonly [string, Value]]): Pick<Shape, "lines" | "grouped"> {
  const lines = [a, b].map(([name, value]) => ({ name, value }));
  return { lines, grouped: plus(a[1], b[1]) };
}

export async function trafficCharts(
  source: LevelSource,
  query: TrafficChartsQuery,
  signal: AbortSignal,
): Promise<ChartsAnswer<TrafficChart>> {
  signal.throwIfAborted();
  const times = chartTimes(query.range);
  const charts: ChartAnswer<TrafficChart>[] = [];
  for (const asked of query.charts) {
    charts.push(await trafficChart(source, query, { ...asked, times }, signal));
  }
  signal.throwIfAborted();
  return { times, charts };
}

interface Asked {
  readonly chart: TrafficChart;
  readonly by: Grouping;
  readonly times: Float64Array;
}

async function trafficChart(
  { history, sourceId, dialect, boundsMillis }: LevelSource,
  query: TrafficChartsQuery,
  { chart, by, times }: Asked,
  signal: AbortSignal,
): Promise<ChartAnswer<TrafficChart>> {
  const shape = shapeOf(chart, query.direction === "inbound", boundsMillis);
  const { windowSeconds, range } = query;
  const { seed } = history.world;
  const sums = new SumsByEra(history, (flows) => {
    const named = new Map<string, LinearSums>();
    for (const flow of flows) {
      if (shape.only !== undefined && (flow.protocol !== shape.only || dialect === "v1")) continue;
      for (const told of partsOf(flow, query, { by, counted: shape.counted, dialect, seed })) {
        // Times of pods are told by their own proxies alone; messages are counted before they end.
        if (chart === "latency" && by === "pod" && told.name === unknown) continue;
        const part = chart === "grpcMessages" && by === "code" ? { ...told, name: unknown } : told;
        let own = named.get(part.name);
        if (!own) named.set(part.name, (own = new LinearSums()));
        own.add(part);
      }
    }
    return named;
  });
  const isGrouped = by !== "none";
  const names = [...sums.namesBy(range.toMillis)];
  const lines = isGrouped
    ? names.map((name) => ({ name, of: name, value: shape.grouped }))
    : shape.lines.flatMap(({ name, value }) => names.map((of) => ({ name, of, value })));
  const series = lines.map(({ name }): ChartSeries => ({ name, points: new Float64Array(times.length) }));
  for (const [i, time] of times.entries()) {
    const window = sums.window(time * 1000, windowSeconds);
    for (const [at, { of, value }] of lines.entries()) {
      const points = series[at]?.points;
      if (points) points[i] = value(window, of);
    }
    if (i % 16 === 15) await setImmediate();
    signal.throwIfAborted();
  }
  const nothing = { what: say("Traffic"), why: say("Nothing of the kind was reported."), isAbsent: true as const };
  return {
    chart,
    by,
    unit: shape.unit,
    series: isGrouped ? ordered(series, shape.canSum) : series,
    provenance: {
      sourceId,
      query: `demo: ${shape.metric}[${windowSeconds}s]${isGrouped ? ` by ${by}` : ""}`,
      windowSeconds,
      atMillis: range.toMillis,
    },
    missing: series.length === 0 ? [nothing] : [],
  };
}
