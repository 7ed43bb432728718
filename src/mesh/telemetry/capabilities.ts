/** Which generation of Istio's telemetry the series belong to; several may live side by side during an upgrade. */
export type Dialect = "v2" | "v1" | "ambient";

/** One thing a metrics store may or may not hold, with the series or labels that were looked for. */
export interface Capability {
  readonly present: boolean;
  readonly lookedFor: readonly string[];
}

/** What a telemetry source holds. "unknown" is undefined; nothing is assumed. */
export interface Capabilities {
  readonly dialects: readonly Dialect[];
  readonly http: Capability;
  readonly tcp: Capability;
  readonly latency: Capability;
  readonly clusterLabels: Capability;
  readonly responseFlags: Capability;
  readonly kubeStateMetrics: Capability;
  readonly cadvisor: Capability;
  readonly nodeExporter: Capability;
  /** Units of the duration histograms that exist: V2 in milliseconds, V1 in seconds. */
  readonly latencyUnits: readonly ("ms" | "s")[];
  /** The `*_cluster` label values seen; "unknown" is left out. */
  readonly clusterIds: readonly string[];
  readonly scrapeIntervalSeconds: number | undefined;
  readonly retentionSeconds: number | undefined;
  /** E.g. "Prometheus 2.42.0", "VictoriaMetrics", undefined where the server does not tell. */
  readonly engine: string | undefined;
  /** Istio's components as istio_build names them: "pilot", "proxy", "ztunnel" with their version tags. */
  readonly builds: readonly { readonly component: string; readonly tag: string }[];
  /** What the server warned of while it was asked. */
  readonly warnings: readonly string[];
}
