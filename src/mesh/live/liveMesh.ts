import type { Disposable } from "../disposer.ts";
import type { TreeModel } from "../explorer/node.ts";
import type { MeshError } from "../meshError.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { MeshView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { Capabilities } from "../telemetry/capabilities.ts";
import type { DiscoveryStep } from "../telemetry/discovery.ts";
import type { Provenance } from "../telemetry/summaries.ts";

export type TreeName = "meshes" | "services" | "workloads";

/** What each view's welcome depends on (V4). */
export type ConnectionState =
  "noKubeconfig" | "noContext" | "connecting" | "unauthorized" | "unreachable" | "noIstio" | "ready";

export type MetricsState = "unknown" | "none" | "ready" | "error";

export interface TelemetryStatus {
  readonly state: MetricsState;
  readonly sourceLabel: string | undefined;
  readonly capabilities: Capabilities | undefined;
  readonly steps: readonly DiscoveryStep[];
  /** Why there are no numbers, or why the last ones are old. */
  readonly error: MeshError | undefined;
  /** When the shown numbers were measured (milliseconds since 1970). */
  readonly measuredAt: number | undefined;
  readonly provenance: readonly Provenance[];
}

export interface ClusterStatus {
  readonly context: string;
  /** undefined until the cluster has answered. */
  readonly key: ClusterKey | undefined;
  readonly state: ConnectionState;
  readonly error: MeshError | undefined;
  readonly telemetry: TelemetryStatus;
}

export interface ViewFilter {
  /** undefined: all that may be read. */
  readonly namespaces: readonly string[] | undefined;
  readonly inMeshOnly: boolean;
  readonly text: string;
}

export type SortOrder = "name" | "rps" | "errors" | "latency";

/** Which rows changed: ids of tree nodes, or "all" when the shape of a tree did. */
export interface LiveChange {
  readonly trees: Readonly<Partial<Record<TreeName, readonly string[] | "all">>>;
  readonly status: boolean;
}

/** A mesh kept current. Sources are asked only while somebody watches. */
export interface LiveMesh extends Disposable {
  readonly clusters: readonly ClusterStatus[];
  readonly meshes: readonly MeshView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  readonly filter: ViewFilter;
  readonly sort: SortOrder;
  tree(name: TreeName): TreeModel;
  setFilter(filter: ViewFilter): void;
  setSort(order: SortOrder): void;
  /** Holds the refresh clock running until disposed; nothing is fetched while nobody watches. */
  watch(): Disposable;
  onChange(listener: (change: LiveChange) => void): Disposable;
  /** Connects where it is not connected, and asks for new numbers now. */
  refresh(signal: AbortSignal): Promise<void>;
  /** One object as the API server has it. */
  object(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject>;
  /** Follows one object: called with each version, and with undefined when it is gone. */
  follow(ref: ObjectRef, onObject: (object: KubeObject | undefined) => void): Disposable;
  kindOf(ref: ObjectRef): KindOnServer | undefined;
  /** Numbers of pods and services that errors can be counted in, for the badge. */
  readonly trouble: { readonly failing: number; readonly degraded: number };
}
