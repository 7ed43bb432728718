import { say, type Message } from "../../../mesh/message.ts";
import type { ChartSeries, Grouping, TrafficChart, Unit } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { sideLabel } from "../queries/levelCharts.ts";
import { groupLabel } from "../queries/levelGroups.ts";
import type { ReadSeries } from "./chartSeries.ts";
import type { LookedFor } from "./levelAsker.ts";

interface ChartKind {
  readonly what: Message;
  readonly unit: Unit;
  readonly lookedFor: LookedFor;
  /** Groups may be added up. */
  readonly sumsMean: boolean;
  /** The label of the series of an ungrouped chart, and what its values are called, in the order to be shown. */
  readonly parts?: { readonly label: string; readonly names: Readonly<Record<string, string>> };
}

const exporter = "Istio's proxies";
const sides = (...names: readonly string[]): NonNullable<ChartKind["parts"]> => {
  return { label: sideLabel, names: Object.fromEntries(names.map((name) => [name, name])) };
};

export const chartKinds: Readonly<Record<TrafficChart, ChartKind>> = {
  requests: {
    what: say("Requests"),
    unit: "rps",
    lookedFor: { series: "istio_requests_total", exporter, capability: "http" },
    sumsMean: true,
  },
  errors: {
    what: say("Errors"),
    unit: "share",
    lookedFor: { series: "istio_requests_total", exporter, capability: "http" },
    sumsMean: false,
  },
  latency: {
    what: say("Latency"),
    unit: "seconds",
    lookedFor: { series: "istio_request_duration_milliseconds_bucket", exporter, capability: "latency" },
    sumsMean: false,
    parts: { label: "quantile", names: { "0.5": "p50", "0.95": "p95", "0.99": "p99" } },
  },
  messageBytes: {
    what: say("Bytes of requests and responses"),
    unit: "bytesPerSecond",
    lookedFor: { series: "istio_request_bytes_sum", exporter, capability: "http" },
    sumsMean: true,
    parts: sides("request", "response"),
  },
  tcpBytes: {
    what: say("TCP bytes"),
    unit: "bytesPerSecond",
    lookedFor: { series: "istio_tcp_received_bytes_total", exporter, capability: "tcp" },
    sumsMean: true,
    parts: sides("received", "sent"),
  },
  tcpConnections: {
    what: say("TCP connections"),
    unit: "perSecond",
    lookedFor: { series: "istio_tcp_connections_opened_total", exporter, capability: "tcp" },
    sumsMean: true,
    parts: sides("opened", "closed"),
  },
  grpcMessages: {
    what: say("gRPC messages"),
    unit: "perSecond",
    lookedFor: { series: "istio_request_messages_total", exporter, capability: "http" },
    sumsMean: true,
    parts: sides("request", "response"),
  },
};

/** Labels of a chart's answer. */
export function chartLabels(chart: TrafficChart, by: Grouping): readonly string[] {
  if (by !== "none") return [groupLabel];
  const { parts } = chartKinds[chart];
  return parts ? [parts.label] : [];
}

/** Named lines of an answer. Groups as they are named; the parts of an ungrouped chart in their own order. */
export function linesOf(chart: TrafficChart, by: Grouping, series: readonly ReadSeries[]): readonly ChartSeries[] {
  const { parts } = chartKinds[chart];
  if (by !== "none") return firstOfEach(series.map(({ label, points }) => ({ name: label(groupLabel), points })));
  if (!parts) return series.slice(0, 1).map(({ points }) => ({ name: "", points }));
  return Object.entries(parts.names).flatMap(([value, name]) => {
    const found = series.find(({ label }) => label(parts.label) === value);
    return found ? [{ name, points: found.points }] : [];
  });
}

function firstOfEach(series: readonly ChartSeries[]): readonly ChartSeries[] {
  const byName = new Map<string, ChartSeries>();
  for (const each of series) if (!byName.has(each.name)) byName.set(each.name, each);
  return [...byName.values()];
}
