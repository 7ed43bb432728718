import type { TelemetrySource } from "../../../../../src/mesh/ports.ts";
import type { Capabilities, Capability } from "../../../../../src/mesh/telemetry/capabilities.ts";
import type {
  EdgeAnswer,
  EdgePresence,
  EdgeQuery,
  EdgeSeries,
  EdgeSeriesQuery,
  LatencyTable,
} from "../../../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../../../../src/mesh/telemetry/edges/edgeTable.ts";
import type { StoreEntry, TopologyQuery } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { storesOf } from "../../telemetry/edges/seriesText.ts";

const there: Capability = { present: true, lookedFor: [] };

export const capabilities: Capabilities = {
  ...{ dialects: ["v2"], http: there, tcp: there, latency: there, clusterLabels: there, responseFlags: there },
  ...{ kubeStateMetrics: there, cadvisor: there, nodeExporter: there, latencyUnits: ["ms"], clusterIds: [] },
  ...{ scrapeIntervalSeconds: 15, retentionSeconds: undefined, engine: "Fake", builds: [], warnings: [] },
};

export const nothingFlows: EdgePresence = {
  ...{ seriesExist: true, labelsFit: true, missingLabels: [], flowingNamespaces: [], queries: ["count(x)"] },
};

/** A store that says what it was told to, and remembers what it was asked. */
export class FakeStore implements TelemetrySource {
  readonly id: string;
  readonly label: string;
  readonly asked: EdgeQuery[] = [];
  /** Series as in seriesText.ts; an error is thrown. */
  says: string | Error = "";
  latency: (by: readonly EdgeLabel[]) => LatencyTable | undefined = () => undefined;
  missing: EdgeAnswer["missing"] = [];
  presence: (windowSeconds: number, atMillis: number) => EdgePresence = () => nothingFlows;
  series: (query: EdgeSeriesQuery) => EdgeSeries = () => {
    throw new Error("Nobody said what to answer.");
  };

  constructor(id: string, says: string | Error = "") {
    this.id = id;
    this.label = `Store ${id}`;
    this.says = says;
  }

  readonly graph = {
    edges: (query: EdgeQuery, signal: AbortSignal): Promise<EdgeAnswer> => {
      this.asked.push(query);
      signal.throwIfAborted();
      return this.says instanceof Error ? Promise.reject(this.says) : Promise.resolve(this.#answer(query));
    },
    series: (query: EdgeSeriesQuery) => Promise.resolve(this.series(query)),
    presence: ({ windowSeconds, atMillis }: Pick<EdgeQuery, "windowSeconds" | "atMillis">) =>
      Promise.resolve(this.presence(windowSeconds, atMillis)),
  };

  capabilities(): Promise<Capabilities> {
    return Promise.resolve(capabilities);
  }

  summaries(): Promise<never> {
    return Promise.reject(new Error("Nobody asks for lists here."));
  }

  dispose(): void {
    this.asked.length = 0;
  }

  #answer(query: EdgeQuery): EdgeAnswer {
    const [store] = storesOf(`store ${this.id}\n${String(this.says)}`);
    if (!store) throw new Error("There is no store.");
    const { windowSeconds, atMillis } = query;
    return {
      ...{ edges: store.edges, workloads: store.workloads, waypoints: store.waypoints, warnings: [] },
      latency: query.latencyBy.flatMap((by) => this.latency(by) ?? []),
      missing: this.missing,
      provenance: [{ sourceId: this.id, query: "sum(rate(istio_requests_total[1m]))", windowSeconds, atMillis }],
      cost: { queries: 3, bytes: 100, rows: store.edges.length, waitMillis: 1, decodeMillis: 1 },
    };
  }
}

/** A connected context whose store this is. */
export function entryOf(source: FakeStore | undefined, context: string, clusterId?: string): StoreEntry {
  return {
    source,
    capabilities: source && capabilities,
    cluster: { key: `uid of ${context}`, clusterId, context },
    status: {
      ...{ context, key: `uid of ${context}`, state: "ready", error: undefined },
      telemetry: {
        ...{ state: source ? "ready" : "none", sourceLabel: source?.label, capabilities: source && capabilities },
        ...{ steps: [], error: undefined, measuredAt: undefined, provenance: [] },
      },
    },
  };
}

/** A store that is asked without a cluster. */
export function bareEntry(source: FakeStore, scrapeIntervalSeconds: number | undefined = 15): StoreEntry {
  const told = { ...capabilities, scrapeIntervalSeconds };
  return { source, capabilities: told, cluster: undefined, status: undefined };
}

export const query: TopologyQuery = {
  ...{ view: "versionedApp", windowSeconds: 60, atMillis: undefined, isAligned: false, namespaces: undefined },
  ...{ ambient: "total", withIdleEdges: false, withLatency: false },
};
