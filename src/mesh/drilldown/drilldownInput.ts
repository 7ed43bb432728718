import type { Assessment } from "../explorer/join/assessment.ts";
import type { Format } from "../format/format.ts";
import type { Verdict } from "../health/verdict.ts";
import type { MeshView, NodeView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { TrafficConfig } from "../inventory/trafficConfig.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { MeshError } from "../meshError.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { AccessQuestion, LogQuery, ProxyStatus, Unread } from "../ports.ts";
import type { StoreEntry } from "../topology/reading/topologyReading.ts";

/** CPU and memory as metrics.k8s.io has them (a mean over its own window, mostly 15 to 60 s). */
export interface ResourceMetrics {
  /** By container; for nodes one entry with container "". */
  readonly rows: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly container: string;
    readonly cores: number;
    readonly memoryBytes: number;
  }[];
  /** Milliseconds since 1970. */
  readonly atMillis: number;
}

/** Pods on a node, of the namespaces that may be read. */
export interface NodePods {
  readonly pods: readonly KubeObject[];
  /** Why those of other namespaces are missing; undefined where all are there. */
  readonly unread: MeshError | undefined;
}

/** What a level reads of a cluster besides what is watched. Rejects with a MeshError; aborts cross untouched. */
export interface LevelReads {
  /** As people may see it (`documentOf`). A MeshError of kind "notFound" where it is gone. */
  object(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject>;
  /** All objects of a kind in a namespace, as people may see them; a MeshError of kind "notFound" where it is not served. */
  objects(
    cluster: ClusterKey,
    kind: { readonly group: string; readonly kind: string },
    namespace: string,
    signal: AbortSignal,
  ): Promise<readonly KubeObject[]>;
  /** Events about the object, newest first (at most 100). */
  events(ref: ObjectRef, signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** metrics.k8s.io; a MeshError of kind "notFound" where the API is not served. Of a namespace's pods, or one node. */
  podMetrics(cluster: ClusterKey, namespace: string, signal: AbortSignal): Promise<ResourceMetrics>;
  nodeMetrics(cluster: ClusterKey, node: string, signal: AbortSignal): Promise<ResourceMetrics>;
  /** All pods of a node, by `spec.nodeName`: those of namespaces that are not watched, too. */
  podsOfNode(cluster: ClusterKey, node: string, signal: AbortSignal): Promise<NodePods>;
  /** From istiod's debug endpoint by port-forward. */
  proxyStatus(cluster: ClusterKey, signal: AbortSignal): Promise<readonly ProxyStatus[]>;
  /** A container's log, line by line without their ends; ends with the container, or by the signal where it is followed. */
  logs(cluster: ClusterKey, query: LogQuery, signal: AbortSignal): AsyncIterable<string>;
  mayI(cluster: ClusterKey, question: AccessQuestion, signal: AbortSignal): Promise<boolean>;
}

/** What a drill-down is read from, as it is now. A LiveMesh gives it (`LiveMesh.drilldown`). */
export interface DrilldownInput {
  readonly stores: readonly StoreEntry[];
  readonly meshes: readonly MeshView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  /** Nodes that may be read, of all clusters; of the others `nodesUnread` says why (undefined: not listed yet). */
  readonly nodes: readonly NodeView[];
  readonly nodesUnread: readonly { readonly cluster: ClusterKey; readonly error: MeshError | undefined }[];
  readonly config: TrafficConfig;
  readonly unread: readonly { readonly cluster: ClusterKey; readonly unread: Unread }[];
  /** Numbers and verdict of the lists, by id; the same as the trees show. */
  assessment(id: string): Assessment;
  nodeVerdict(node: NodeView): Verdict;
  clusterHealth(key: ClusterKey): Verdict;
  readonly reads: LevelReads;
  readonly format: Format;
  /** The window of the lists' numbers. */
  readonly windowSeconds: number;
  /** Milliseconds since 1970. */
  now(): number;
}
