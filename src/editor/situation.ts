import type { ClusterStatus, ConnectionState, MetricsState } from "../mesh/live/liveMesh.ts";

/** What welcome texts, context keys and the status bar depend on. */
export interface Situation {
  /** undefined while nothing has been looked at yet. */
  readonly state: ConnectionState | undefined;
  readonly metrics: MetricsState;
  readonly demo: boolean;
  /** Contexts this window is pinned to, whether reached or not. */
  readonly contexts: readonly string[];
  /** Those of them that the kubeconfig no longer has. */
  readonly gone: readonly string[];
}

export const nothingYet: Situation = { state: undefined, metrics: "unknown", demo: false, contexts: [], gone: [] };

/** Best first: one cluster that answers is enough to show rows, and the others then say their trouble in their row. */
const connectionRank: readonly ConnectionState[] = [
  "ready",
  "connecting",
  "noIstio",
  "unauthorized",
  "unreachable",
  "otherCluster",
  "noContext",
  "noKubeconfig",
];
const metricsRank: readonly MetricsState[] = ["ready", "error", "none", "unknown"];

export function connectionOf(clusters: readonly ClusterStatus[]): ConnectionState {
  return connectionRank.find((state) => clusters.some((cluster) => cluster.state === state)) ?? "connecting";
}

export function metricsOf(clusters: readonly ClusterStatus[]): MetricsState {
  return metricsRank.find((state) => clusters.some((cluster) => cluster.telemetry.state === state)) ?? "unknown";
}
