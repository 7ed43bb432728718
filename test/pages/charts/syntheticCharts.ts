import type { Grouping, Unit } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartValues } from "../../../webview/shared/charts/chartValues.ts";

/** Sunday 22 November 2026, 12:00 UTC, in seconds since 1970. */
export const lastTime = Date.UTC(2026, 10, 22, 12, 0, 0) / 1000;

interface Kind {
  readonly title: string;
  readonly chart: WireChartOffer["chart"];
  readonly unit: Unit;
  readonly scale: number;
  readonly names: readonly string[];
  readonly by: Grouping;
  readonly thresholds?: readonly [number, number];
  readonly lines?: WireChartOffer["lines"];
}

const kinds: readonly Kind[] = [
  {
    title: "Requests",
    chart: "requests",
    unit: "rps",
    scale: 240,
    names: ["200", "201", "301", "404", "500", "503"],
    by: "code",
  },
  {
    title: "Errors",
    chart: "errors",
    unit: "share",
    scale: 0.04,
    names: ["v1", "v2", "v3", "v4", "v5", "v6"],
    by: "version",
    thresholds: [0.0001, 0.02],
  },
  {
    title: "Latency",
    chart: "latency",
    unit: "seconds",
    scale: 0.4,
    names: ["p50", "p95", "p99", "p50b", "p95b", "p99b"],
    by: "none",
    thresholds: [0.35, 0.6],
  },
  {
    title: "Request and response bytes",
    chart: "messageBytes",
    unit: "bytesPerSecond",
    scale: 4e6,
    names: ["a", "b", "c", "d", "e", "f"],
    by: "source",
  },
  {
    title: "CPU",
    chart: "cpu",
    unit: "cores",
    scale: 0.6,
    names: ["p1", "p2", "p3", "p4", "p5", "p6"],
    by: "pod",
    lines: [
      { name: "limit", value: 1 },
      { name: "request", value: 0.25 },
    ],
  },
  {
    title: "Memory",
    chart: "memory",
    unit: "bytes",
    scale: 3e8,
    names: ["p1", "p2", "p3", "p4", "p5", "p6"],
    by: "pod",
    lines: [{ name: "limit", value: 5e8 }],
  },
];

export interface SyntheticOptions {
  readonly charts?: number;
  readonly series?: number;
  readonly points?: number;
  /** Another value gives another reading. */
  readonly tick?: number;
}

/** Charts as a service's level offers them, made by a rule: smooth, different, always the same. */
export function syntheticCharts(options: SyntheticOptions = {}): ChartValues {
  const { charts = 12, series = 6, points = 360, tick = 0 } = options;
  const times = Float64Array.from({ length: points }, (_, at) => lastTime - (points - 1 - at - tick) * 10);
  const offers: WireChartOffer[] = [];
  const values = new Map<string, WireChart>();
  for (let index = 0; index < charts; index++) {
    const kind = kinds[index % kinds.length];
    if (!kind) continue;
    const id = `${kind.chart}.${index}`;
    offers.push({
      id,
      chart: kind.chart,
      title: index < kinds.length ? kind.title : `${kind.title} ${index}`,
      unit: kind.unit,
      direction: "inbound",
      groupings: [kind.by, "none", "source", "version"].filter((by, at, all) => all.indexOf(by) === at) as Grouping[],
      thresholds: kind.thresholds ?? null,
      lines: kind.lines ?? [],
    });
    const names = kind.names.slice(0, series);
    values.set(id, {
      id,
      by: kind.by,
      unit: kind.unit,
      foreignUnit: "",
      title: kind.title,
      names,
      points: pointsOf(names.length, points, kind.scale, index + tick),
      origin: {
        source: "Prometheus monitoring/prometheus-k8s",
        queries: [`sum(rate(istio_requests_total{chart="${index}"}[1m])) by (response_code)`],
      },
      why: [],
    });
  }
  return { offers, times, charts: values };
}

function pointsOf(series: number, points: number, scale: number, phase: number): Float64Array {
  return Float64Array.from({ length: series * points }, (_, place) => {
    const line = Math.floor(place / points);
    const at = (place % points) + phase * 3;
    const share = 1 / (line + 1);
    return scale * share * (0.6 + 0.3 * Math.sin(at / 23 + line) + 0.03 * Math.sin(at * 1.7 + line * 2));
  });
}
