import { say, type Message } from "../message.ts";
import type { Direction, Grouping, ResourceChart, TrafficChart, Unit } from "../telemetry/levels/levelTelemetry.ts";
import type { ChartOffer } from "./level.ts";
import type { Bounds } from "./resources/podSpec.ts";
import type { ResourceReading } from "./resources/readResources.ts";
import { errorThresholds, latencyThresholds } from "./thresholds.ts";

const ends: readonly Grouping[] = ["code", "none", "source", "version", "flags", "cluster", "protocol"];

interface Kind {
  readonly chart: TrafficChart;
  readonly title: Message;
  readonly unit: Unit;
  readonly thresholds?: readonly [number, number];
}

const kinds: readonly Kind[] = [
  { chart: "requests", title: say("Requests"), unit: "rps" },
  { chart: "errors", title: say("Errors"), unit: "share", thresholds: errorThresholds },
  { chart: "latency", title: say("Latency"), unit: "seconds", thresholds: latencyThresholds },
  { chart: "messageBytes", title: say("Request and response throughput"), unit: "bytesPerSecond" },
  { chart: "tcpBytes", title: say("TCP throughput"), unit: "bytesPerSecond" },
  { chart: "tcpConnections", title: say("TCP connections"), unit: "perSecond" },
  { chart: "grpcMessages", title: say("gRPC messages"), unit: "perSecond" },
];

const outgoingTitles: Readonly<Partial<Record<TrafficChart, Message>>> = {
  requests: say("Outgoing requests"),
  errors: say("Outgoing errors"),
  latency: say("Outgoing latency"),
  messageBytes: say("Outgoing throughput"),
  tcpBytes: say("Outgoing TCP throughput"),
};

const outgoing = kinds.flatMap((kind): readonly (readonly [Kind, Message])[] => {
  const title = outgoingTitles[kind.chart];
  return title ? [[kind, title]] : [];
});

/** Charts of what flows to a thing; of workloads, pods and nodes' pods also what they send. */
export function trafficOffers(level: "meshService" | "service" | "workload" | "pod"): readonly ChartOffer[] {
  const inbound = kinds.map((kind) => offer(kind, kind.title, "inbound"));
  if (level === "meshService" || level === "service") return inbound;
  return [...inbound, ...outgoing.map(([kind, title]) => offer(kind, title, "outbound"))];
}

function offer({ chart, unit, thresholds }: Kind, title: Message, direction: Direction): ChartOffer {
  const far: Grouping = direction === "inbound" ? "source" : "destination";
  const plain = ends.filter((by) => by !== "source" && by !== "none" && by !== "code");
  const groupings: readonly Grouping[] =
    chart === "requests"
      ? direction === "inbound"
        ? ends
        : [far, "none", ...plain]
      : ["none", far, "version", "cluster", ...(chart === "errors" ? (["protocol"] as const) : [])];
  return { chart, title, unit, direction, groupings, ...(thresholds ? { thresholds } : {}) };
}

/** Charts of CPU and memory with what limits them; none where nothing keeps them over time. */
export function resourceOffers({ hasCharts }: ResourceReading, bounds: Bounds): readonly ChartOffer[] {
  if (!hasCharts) return [];
  const lines = (limit: number, request: number) => [
    ...(Number.isNaN(limit) ? [] : [{ name: say("limit"), value: limit }]),
    ...(Number.isNaN(request) ? [] : [{ name: say("request"), value: request }]),
  ];
  return [
    {
      ...resource("cpu", say("CPU"), "cores"),
      lines: lines(bounds.cpuLimit, bounds.cpuRequest),
    },
    {
      ...resource("memory", say("Memory"), "bytes"),
      lines: lines(bounds.memoryLimit, bounds.memoryRequest),
    },
    resource("throttling", say("CPU held back"), "share"),
  ];
}

/** Charts that node exporters give. */
export function nodeOffers(): readonly ChartOffer[] {
  return [
    resource("nodeCpu", say("CPU used"), "share"),
    resource("nodeMemory", say("Memory used"), "share"),
    resource("nodeFilesystem", say("File systems used"), "share"),
    resource("nodeNetwork", say("Network"), "bytesPerSecond"),
    resource("nodeDisk", say("Disks busy"), "share"),
    resource("nodeLoad", say("Load per CPU"), "count"),
  ];
}

function resource(chart: ResourceChart, title: Message, unit: Unit): ChartOffer {
  return { chart, title, unit, direction: undefined, groupings: ["none"] };
}
