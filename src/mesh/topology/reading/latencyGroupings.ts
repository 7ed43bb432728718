import type { ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { EdgeLabel } from "../../telemetry/edges/edgeTable.ts";
import type { GraphView } from "../graph/graph.ts";

/**
 * Whose durations lie in one histogram. Quantiles can neither be added nor averaged, so each kind of edge asks for its own:
 *
 * - callerToService: a workload's requests to a service, whichever workload answers
 * - serviceToWorkload: a service's requests that a workload answers, whoever sends them
 * - callerToWorkload: requests to a workload that name no service
 * - appToService, serviceToApp: the same by app (canonical service)
 * - namespaces: all requests from one namespace to the services of another one, or inside
 */
export const latencyScopes = {
  callerToService: ["source workload", "service"],
  serviceToWorkload: ["service", "destination workload"],
  callerToWorkload: ["source workload", "destination workload"],
  appToService: ["source app", "service"],
  serviceToApp: ["service", "destination app"],
  namespaces: ["source namespace", "service namespace"],
} as const satisfies Readonly<Record<string, readonly (keyof typeof labelsOf)[]>>;

export type LatencyScope = keyof typeof latencyScopes;

const labelsOf = {
  "source workload": ["source_cluster", "source_workload_namespace", "source_workload"],
  "source app": ["source_cluster", "source_workload_namespace", "source_canonical_service"],
  "source namespace": ["source_cluster", "source_workload_namespace"],
  service: ["destination_cluster", "destination_service_namespace", "destination_service_name"],
  "service namespace": ["destination_cluster", "destination_service_namespace"],
  "destination workload": ["destination_cluster", "destination_workload_namespace", "destination_workload"],
  "destination app": ["destination_cluster", "destination_workload_namespace", "destination_canonical_service"],
} as const satisfies Readonly<Record<string, readonly EdgeLabel[]>>;

// Workload and versioned app name the same requests. A service's edges to others are exact only where one workload stands
// behind it: then they are that workload's.
const scopesOf: Readonly<Record<GraphView, readonly LatencyScope[]>> = {
  versionedApp: ["callerToService", "serviceToWorkload"],
  workload: ["callerToService", "serviceToWorkload"],
  app: ["appToService", "serviceToApp"],
  service: ["callerToService", "serviceToWorkload"],
  namespace: ["namespaces"],
};

/** What to ask for all of a view's edges. `callerToWorkload` is asked for apart, of the few calls that name no service. */
export function latencyGroupings(view: GraphView): readonly LatencyScope[] {
  return scopesOf[view];
}

/** The labels of a grouping, protocol included: edges are parallel by protocol. */
export function groupingLabels(scope: LatencyScope): readonly EdgeLabel[] {
  const labels: readonly EdgeLabel[] = latencyScopes[scope].flatMap((part): readonly EdgeLabel[] => labelsOf[part]);
  return [...new Set(labels), "request_protocol"];
}

/** One histogram's quantiles in seconds; NaN: nothing in it. Texts are "" where the scope does not tell them apart. */
export interface LatencyRow {
  /** Of the calls' own places (===). undefined where the scope does not tell callers apart. */
  readonly sourcePlace: ClusterPlace | undefined;
  readonly sourceNamespace: string;
  /** The workload, or in scopes by app the app. */
  readonly source: string;
  readonly destinationPlace: ClusterPlace;
  readonly serviceNamespace: string;
  readonly service: string;
  readonly destinationNamespace: string;
  /** The workload, or in scopes by app the app. */
  readonly destination: string;
  readonly protocol: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Latencies of one scope from all stores: each edge at most once. */
export interface PlacedLatency {
  readonly scope: LatencyScope;
  readonly rows: readonly LatencyRow[];
}
