import { setImmediate } from "node:timers/promises";
import { say } from "../../../../mesh/message.ts";
import type {
  ChartAnswer,
  ChartsAnswer,
  ChartSeries,
  ResourceChart,
  ResourceChartsQuery,
  Unit,
} from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { containersOf } from "../../resources/containers.ts";
import { memoryOf, throttledShare } from "../../resources/podLoad.ts";
import { integralOf } from "../../resources/swing.ts";
import { chartTimes, ordered } from "./chartTimes.ts";
import type { LevelSource } from "./levelSource.ts";
import { coresIn, diskFilesystems, nodeLoadOf, nodeUse, placesFor, runsOf } from "./resourceRows.ts";

/** What a chart shows at one time: by series, its value. */
type Sampled = (atMillis: number) => ReadonlyMap<string, number>;

const charts: Readonly<Record<ResourceChart, { readonly unit: Unit; readonly metric: string }>> = {
  cpu: { unit: "cores", metric: "container_cpu_usage_seconds_total" },
  memory: { unit: "bytes", metric: "container_memory_working_set_bytes" },
  throttling: { unit: "share", metric: "container_cpu_cfs_throttled_periods_total" },
  nodeCpu: { unit: "share", metric: "node_cpu_seconds_total" },
  nodeMemory: { unit: "share", metric: "node_memory_MemAvailable_bytes" },
  nodeFilesystem: { unit: "share", metric: "node_filesystem_avail_bytes" },
  nodeNetwork: { unit: "bytesPerSecond", metric: "node_network_*_bytes_total" },
  nodeDisk: { unit: "share", metric: "node_disk_io_time_seconds_total" },
  nodeLoad: { unit: "count", metric: "node_load1" },
};

export async function resourceCharts(
  source: LevelSource,
  query: ResourceChartsQuery,
  signal: AbortSignal,
): Promise<ChartsAnswer<ResourceChart>> {
  signal.throwIfAborted();
  const times = chartTimes(query.range);
  const answers: ChartAnswer<ResourceChart>[] = [];
  for (const chart of query.charts) {
    const { unit, metric } = charts[chart];
    const sampled = sampledOf(source, query, chart);
    const series = sampled ? await drawn(sampled, times, signal) : [];
    const nothing = {
      what: say("CPU and memory"),
      why: say("Nothing of the kind was reported."),
      isAbsent: true as const,
    };
    const { windowSeconds, range } = query;
    answers.push({
      chart,
      by: "none",
      unit,
      series: ordered(series, chart === "cpu" || chart === "memory"),
      provenance: {
        sourceId: source.sourceId,
        query: `demo: ${metric}[${windowSeconds}s]`,
        windowSeconds,
        atMillis: range.toMillis,
      },
      missing: series.length === 0 ? [nothing] : [],
    });
  }
  signal.throwIfAborted();
  return { times, charts: answers };
}

async function drawn(sampled: Sampled, times: Float64Array, signal: AbortSignal): Promise<readonly ChartSeries[]> {
  const series = new Map<string, Float64Array>();
  for (const [i, time] of times.entries()) {
    for (const [name, value] of sampled(time * 1000)) {
      let points = series.get(name);
      if (!points) series.set(name, (points = new Float64Array(times.length).fill(NaN)));
      points[i] = value;
    }
    if (i % 16 === 15) await setImmediate();
    signal.throwIfAborted();
  }
  return [...series].map(([name, points]) => ({ name, points }));
}

type NodeChart = Extract<ResourceChart, `node${string}`>;

function isNodeChart(chart: ResourceChart): chart is NodeChart {
  return chart.startsWith("node");
}

function sampledOf(source: LevelSource, query: ResourceChartsQuery, chart: ResourceChart): Sampled | undefined {
  if (isNodeChart(chart)) return nodeSampled(source, query, chart);
  if (query.of.what === "node") return podsOfNamedNode(source, query, chart);
  return podSampled(source, { ...query, of: query.of }, chart);
}

/** CPU and memory of a node are told by its pods. */
function podsOfNamedNode(source: LevelSource, query: ResourceChartsQuery, chart: ResourceChart): Sampled | undefined {
  if (query.of.what !== "node") return undefined;
  const load = nodeLoadOf(source, query.of.node, query.cluster);
  if (!load) return undefined;
  return podSampled(source, { ...query, of: { what: "podsOfNode", node: load.node.name } }, chart);
}

type PodChartsQuery = ResourceChartsQuery & { readonly of: Exclude<ResourceChartsQuery["of"], { what: "node" }> };

function podSampled(source: LevelSource, query: PodChartsQuery, chart: ResourceChart): Sampled {
  const { of, windowSeconds } = query;
  const places = placesFor(source.history.world, of, query.cluster);
  const isOne = of.what === "pods" && of.pods.length === 1;
  const { startMillis } = source.history;
  return (atMillis) => {
    const values = new Map<string, number>();
    for (const run of runsOf(source, of, { places, atMillis })) {
      for (const container of containersOf(run.making, run.plan)) {
        const value =
          chart === "cpu"
            ? coresIn(run, container, { atMillis, windowSeconds })
            : chart === "memory"
              ? memoryOf(run, container, atMillis)
              : throttledShare(run, container);
        if (Number.isNaN(value) || atMillis <= startMillis) continue;
        const name = isOne ? container.name : run.pod;
        // Throttling of a pod is that of its most held back container; amounts add up.
        const before = values.get(name);
        values.set(
          name,
          before === undefined ? value : chart === "throttling" ? Math.max(before, value) : before + value,
        );
      }
    }
    return values;
  };
}

function nodeSampled(source: LevelSource, query: ResourceChartsQuery, chart: NodeChart): Sampled | undefined {
  if (query.of.what !== "node") return undefined;
  const load = nodeLoadOf(source, query.of.node, query.cluster);
  if (!load) return undefined;
  const { windowSeconds } = query;
  return (atMillis) => {
    const from = Math.max(source.history.startMillis, atMillis - windowSeconds * 1000);
    if (atMillis <= from) return new Map();
    const use = nodeUse(source, load, { atMillis, windowSeconds });
    switch (chart) {
      case "nodeCpu":
        return new Map([["", use.cpuShare]]);
      case "nodeMemory":
        return new Map([["", use.memoryShare]]);
      case "nodeFilesystem":
        return new Map(diskFilesystems(load).map(({ mountpoint, usedShare }) => [mountpoint, usedShare]));
      case "nodeNetwork":
        return new Map([
          ["received", use.receivedBytesPerSecond],
          ["sent", use.sentBytesPerSecond],
        ]);
      case "nodeDisk":
        return new Map([["nvme0n1", (integralOf(load.disk, from, atMillis) * 1000) / (atMillis - from)]]);
      case "nodeLoad":
        return new Map([["", use.loadPerCpu]]);
    }
  };
}
