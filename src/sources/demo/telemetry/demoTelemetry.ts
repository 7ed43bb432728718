import { say } from "../../../mesh/message.ts";
import type { Clock, FindTelemetry, TelemetrySource } from "../../../mesh/ports.ts";
import type { Capabilities, Capability } from "../../../mesh/telemetry/capabilities.ts";
import type { Summaries, SummaryQuery } from "../../../mesh/telemetry/summaries.ts";
import type { TrafficHistory } from "../traffic/trafficHistory.ts";
import { rowsOf } from "./demoRows.ts";
import { createDemoGraph } from "./edges/demoGraph.ts";
import { createDemoLevels } from "./levels/demoLevels.ts";

const sourceId = "demo";

/** One store that holds the series of all of the world's clusters; `findTelemetry` finds the same one for each. */
export function createDemoTelemetry(history: TrafficHistory, clock: Clock): FindTelemetry {
  const source: TelemetrySource = {
    id: sourceId,
    label: "Demo",
    capabilities: (signal) => {
      signal.throwIfAborted();
      return Promise.resolve(capabilitiesOf(history, clock));
    },
    summaries: (query, signal) => {
      signal.throwIfAborted();
      return Promise.resolve(summariesOf(history, query));
    },
    graph: createDemoGraph(history, sourceId),
    levels: createDemoLevels({ history, sourceId, dialect: "v2" }),
    // The simulator owns nothing that outlives its clusters.
    dispose: () => undefined,
  };
  return (_cluster, signal) => {
    signal.throwIfAborted();
    const step = { tried: say("The demo mesh"), answer: say("it brings its own numbers"), found: true };
    return Promise.resolve({ source, steps: [step] });
  };
}

function summariesOf(history: TrafficHistory, query: SummaryQuery): Summaries {
  const { services, workloads, forwarded } = rowsOf(history, query);
  const { windowSeconds, atMillis } = query;
  const names = ["istio_requests_total", "istio_request_duration_milliseconds", "istio_tcp_*_bytes_total"];
  const provenance = names.map((name) => {
    return { sourceId, query: `demo: ${name}[${windowSeconds}s]`, windowSeconds, atMillis };
  });
  return { services, workloads, forwarded, provenance, missing: [], warnings: [] };
}

function capabilitiesOf(history: TrafficHistory, clock: Clock): Capabilities {
  const { world } = history;
  const builds = new Map<string, { component: string; tag: string }>();
  const has = (component: string, tag: string) => builds.set(`${component}/${tag}`, { component, tag });
  for (const cluster of world.clusters) {
    for (const plane of cluster.controlPlanes) {
      has("pilot", plane.version);
      const { revision } = plane;
      if (world.workloads.some((plan) => plan.cluster === cluster.id && plan.revision === revision)) {
        has("proxy", plane.version);
      }
    }
  }
  const isAmbient = world.workloads.some((plan) => plan.plane === "ambient");
  if (isAmbient) has("ztunnel", world.clusters[0]?.controlPlanes[0]?.version ?? "");
  return {
    dialects: isAmbient ? ["v2", "ambient"] : ["v2"],
    http: there("istio_requests_total"),
    tcp: there("istio_tcp_sent_bytes_total", "istio_tcp_received_bytes_total"),
    latency: there("istio_request_duration_milliseconds_bucket"),
    clusterLabels: there("source_cluster", "destination_cluster"),
    responseFlags: there("response_flags"),
    kubeStateMetrics: there("kube_pod_info"),
    cadvisor: there("container_memory_working_set_bytes"),
    nodeExporter: there("node_memory_MemAvailable_bytes"),
    latencyUnits: ["ms"],
    clusterIds: world.clusters.map((cluster) => cluster.id),
    scrapeIntervalSeconds: undefined,
    retentionSeconds: Math.round((clock.now() - history.startMillis) / 1000),
    engine: "Demo",
    builds: [...builds.values()],
    warnings: [],
  };
}

function there(...lookedFor: readonly string[]): Capability {
  return { present: true, lookedFor };
}
