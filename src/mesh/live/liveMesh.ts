import type { Disposable } from "../disposer.ts";
import type { ContextFacts } from "./doctorFacts.ts";
import type { Assessment } from "../explorer/join/assessment.ts";
import type { NotesOf } from "../health/notes.ts";
import type { TreeModel } from "../explorer/node.ts";
import type { Verdict } from "../health/verdict.ts";
import type { MeshError } from "../meshError.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { FeedOfCluster } from "../validation/live/liveFeed.ts";
import type { MeshView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { Capabilities } from "../telemetry/capabilities.ts";
import type { DiscoveryStep } from "../telemetry/discovery.ts";
import type { Provenance } from "../telemetry/summaries.ts";
import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import type { TopologyInput } from "../topology/reading/topologyReading.ts";

export type TreeName = "meshes" | "services" | "workloads";

export interface ObjectFeeding extends Disposable {
  readonly isIn: boolean;
}

/** What each view's welcome depends on (V4). */
export type ConnectionState =
  | "noKubeconfig"
  | "noContext"
  | "connecting"
  | "unauthorized"
  | "unreachable"
  /** The context led to one cluster before and leads to another one now; nothing of that is shown. */
  | "otherCluster"
  | "noIstio"
  | "ready";

/** Anything but "ready" says of numbers that are there (`measuredAt`) that they are old. */
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
  /** undefined until the cluster has answered, and while another one answers in its place. */
  readonly key: ClusterKey | undefined;
  /** In the state "otherCluster" only: where the context leads now. */
  readonly foundKey?: ClusterKey;
  readonly state: ConnectionState;
  readonly error: MeshError | undefined;
  readonly telemetry: TelemetryStatus;
}

/** How much of a cluster is being read. */
export interface ClusterScope {
  readonly context: string;
  /** All namespaces, sorted; undefined until listed, and where they may not be. */
  readonly namespaces: readonly string[] | undefined;
  /**
   * The namespaces whose pods are watched: the filter's, else those of the mesh, else the context's. undefined while
   * that is not known yet.
   */
  readonly selected: readonly string[] | undefined;
  /**
   * Everything has been listed once, what is listed slowly included, and numbers are asked for of all that was; counts
   * over all namespaces hold.
   */
  readonly isComplete: boolean;
}

export interface ViewFilter {
  /** Whose rows are shown and whose pods are watched. undefined: rows of all, pods of the mesh's namespaces only. */
  readonly namespaces: readonly string[] | undefined;
  readonly inMeshOnly: boolean;
  readonly text: string;
}

export type SortOrder = "name" | "rps" | "errors" | "latency";

/** Which rows changed: ids of tree nodes, or "all" when the shape of a tree did. */
export interface LiveChange {
  readonly trees: Readonly<Partial<Record<TreeName, readonly string[] | "all">>>;
  readonly status: boolean;
  /** Configuration that acts on traffic is another than before. */
  readonly config?: true;
  /** Nodes are others than before. */
  readonly nodes?: true;
}

/**
 * A mesh kept current. Nothing is asked before the first `watch` or `refresh`; from then on changes in the clusters are
 * followed until `dispose`, and metrics and slow lists are asked for only while somebody watches.
 */
export interface LiveMesh extends Disposable {
  /** In the order of the options; an entry is the same object until something in it changes. */
  readonly clusters: readonly ClusterStatus[];
  readonly scopes: readonly ClusterScope[];
  readonly meshes: readonly MeshView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  readonly filter: ViewFilter;
  readonly sort: SortOrder;
  /** What flows to a service or workload, and what is thought of it. An unknown id has no data. */
  assessment(id: string): Assessment;
  /** What is thought of a cluster: of its control planes, node agents and gateways. */
  clusterHealth(key: ClusterKey): Verdict;
  tree(name: TreeName): TreeModel;
  setFilter(filter: ViewFilter): void;
  setSort(order: SortOrder): void;
  /** What is known of resources from elsewhere, as a reason of health; give a new function when it may answer otherwise. */
  setNotes?(notes: NotesOf): void;
  /** Shows the next rows of the group that the given "more" row ends; does nothing for other rows. */
  showMore?(tree: TreeName, id: string): void;
  /** Holds the refresh clock running until disposed; nothing is fetched while nobody watches. */
  watch(): Disposable;
  onChange(listener: (change: LiveChange) => void): Disposable;
  /**
   * Connects where it is not connected, mends what ended, and asks for new numbers now. Resolves when every cluster has
   * answered or failed (lists may still arrive, see `scopes`); how it went is in `clusters`. Rejects only by the signal.
   */
  refresh(signal: AbortSignal): Promise<void>;
  /** Tries every context step by step, for Doctor. Rejects only by the signal and by bugs. */
  diagnose(signal: AbortSignal): Promise<readonly ContextFacts[]>;
  /** One object, as people may see it (`documentOf`): managedFields left out, a Secret's values hidden. */
  object(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject>;
  /**
   * Follows one object: called with each version (as `object` gives it), with undefined when it is gone, and with a
   * MeshError when it cannot be read; after an error that the source retries, versions may follow.
   */
  follow(ref: ObjectRef, onObject: (object: KubeObject | MeshError | undefined) => void): Disposable;
  /**
   * What a picture of the mesh is read from, as it is now: every context with its own store, and what the inventory
   * knows. From the first time on, configuration that acts on traffic is read, too, and `onChange` tells of it. Stores are looked for while somebody watches, and are no longer to be asked after `dispose`.
   */
  topology(): TopologyInput;
  /**
   * Reads that configuration from now on. Resolves when each cluster has listed it, or will not; somebody has to watch or
   * refresh meanwhile. Rejects only by the signal.
   */
  readConfig(signal: AbortSignal): Promise<void>;
  /** What a level of the drill-down is read from, as it is now. Configuration is read from the first time on, too. */
  drilldown(): DrilldownInput;
  /**
   * Feeds what validation reads of every connected cluster, from now on until disposed; a cluster that is exchanged under
   * its context is forgotten. `isIn`: everything has been listed once, or is known not to come.
   */
  feedObjects(feedOf: FeedOfCluster): ObjectFeeding;
  kindOf(ref: ObjectRef): KindOnServer | undefined;
  /** Services that are failing and degraded, for the badge. */
  readonly trouble: { readonly failing: number; readonly degraded: number };
}
