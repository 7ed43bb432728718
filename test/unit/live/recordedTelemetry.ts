import type { FindTelemetry, FoundTelemetry, TelemetrySource } from "../../../src/mesh/ports.ts";
import { say } from "../../../src/mesh/message.ts";
import type { Capabilities, Capability } from "../../../src/mesh/telemetry/capabilities.ts";
import type { Summaries, SummaryQuery, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";

const present: Capability = { present: true, lookedFor: ["istio_requests_total"] };
const absent: Capability = { present: false, lookedFor: ["node_load1"] };

export const someCapabilities: Capabilities = {
  dialects: ["v2"],
  http: present,
  tcp: present,
  latency: present,
  clusterLabels: absent,
  responseFlags: present,
  kubeStateMetrics: absent,
  cadvisor: absent,
  nodeExporter: absent,
  latencyUnits: ["ms"],
  clusterIds: [],
  scrapeIntervalSeconds: 15,
  retentionSeconds: undefined,
  engine: "Prometheus 3.5.0",
  builds: [],
  warnings: [],
};

export function aRow(namespace: string, name: string, rps: number): TrafficRow {
  const none = { errorsPerSecond: 0, clientErrorsPerSecond: 0, grpcPerSecond: 0, grpcErrorsPerSecond: 0 };
  const latency = { p50: 0.01, p95: 0.02, p99: 0.03 };
  return { clusterId: undefined, namespace, name, requests: { rps, ...none, noResponsePerSecond: 0 }, latency };
}

/** A metrics store in memory; what it holds and whether it answers is the test's to say. */
export class RecordedTelemetry implements TelemetrySource {
  readonly id: string;
  readonly label = "Prometheus monitoring/prometheus";
  rows: readonly TrafficRow[];
  /** Thrown by `summaries` while set. */
  failure: Error | undefined;
  capabilityFailure: Error | undefined;
  /** While true, summaries are answered only by `release`. */
  isHeld = false;
  readonly queries: SummaryQuery[] = [];
  disposals = 0;
  #waiting: (() => void)[] = [];

  constructor(id: string, rows: readonly TrafficRow[] = []) {
    this.id = id;
    this.rows = rows;
  }

  readonly find: FindTelemetry = () => Promise.resolve(this.found);

  get found(): FoundTelemetry {
    return { source: this, steps: [{ tried: say("The setting"), answer: say("There."), found: true }] };
  }

  async capabilities(signal: AbortSignal): Promise<Capabilities> {
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.capabilityFailure) throw this.capabilityFailure;
    return someCapabilities;
  }

  async summaries(query: SummaryQuery, signal: AbortSignal): Promise<Summaries> {
    this.queries.push(query);
    if (this.isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    await Promise.resolve();
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    const { windowSeconds, atMillis } = query;
    const provenance = [{ sourceId: this.id, query: "sum(rate(istio_requests_total[1m]))", windowSeconds, atMillis }];
    return { services: this.rows, workloads: [], forwarded: [], provenance, missing: [], warnings: [] };
  }

  release(): void {
    this.isHeld = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  dispose(): void {
    this.disposals++;
  }
}

export const findNothing: FindTelemetry = () =>
  Promise.resolve({
    source: undefined,
    steps: [{ tried: say("Services named prometheus"), answer: say("None."), found: false }],
  });
