import type { Message } from "../message.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { Unread } from "../ports.ts";

// What the inventory answers: plain values, rebuilt only where something changed. A view that did not change keeps its
// identity (===), so that surfaces can tell by comparison what to redraw.

export type DataPlane = "sidecar" | "ambient" | "gateway" | "none";

/** Where a value comes from: set by somebody, or Istio's default because nobody set it. */
export interface Setting {
  readonly value: string;
  readonly isDefault: boolean;
}

/** Trouble that is a fact of the cluster, e.g. a control-plane container that was OOMKilled. */
export interface Problem {
  readonly severity: "warning" | "error";
  readonly words: Message;
  /** When it happened, ISO 8601, of trouble that is over and left a trace; absent for what is still so. */
  readonly happenedAt?: string;
}

export interface ControlPlane {
  readonly ref: ObjectRef;
  /** "default" for the unnamed revision; undefined where nothing tells. */
  readonly revision: string | undefined;
  readonly tags: readonly string[];
  /** E.g. "1.29.2"; undefined reads "unknown", never a guess. */
  readonly version: string | undefined;
  readonly image: string | undefined;
  /** The image is not upstream's (registry or tag suffix of a vendor). */
  readonly vendorBuild: boolean;
  /** Proxies (sidecars, gateways, waypoints) of this revision that the pods show; undefined where pods are unreadable or still being listed. */
  readonly proxies: number | undefined;
  /** undefined where it runs outside this cluster. */
  readonly replicas: Replicas | undefined;
  /** Runs outside this cluster; `ref` is then what this cluster calls it by: a Service, else the injecting webhook. */
  readonly external: boolean;
  /** Mixer runs beside it: names and labels of Telemetry V1 are to be expected. */
  readonly usesMixer?: boolean;
  /** Of these settings, "unknown" (and not a default) where the mesh configuration could not be read. */
  readonly trustDomain: Setting;
  readonly rootNamespace: Setting;
  readonly autoMtls: Setting;
  /** ALLOW_ANY or REGISTRY_ONLY. */
  readonly outboundPolicy: Setting;
  readonly problems: readonly Problem[];
}

export interface Replicas {
  readonly desired: number;
  readonly ready: number;
}

/** A component that runs on every node: istio-cni or ztunnel. */
export interface NodeAgent {
  readonly ref: ObjectRef;
  readonly version: string | undefined;
  readonly replicas: Replicas;
  readonly problems: readonly Problem[];
}

export interface GatewayView {
  /** Of its workload. */
  readonly ref: ObjectRef;
  /** What `source_workload` calls it. */
  readonly telemetryNames: readonly string[];
  readonly role: "ingress" | "egress" | "east-west" | "waypoint" | "gateway";
  readonly replicas: Replicas;
  readonly version: string | undefined;
  readonly problems: readonly Problem[];
}

export interface ClusterView {
  readonly key: ClusterKey;
  /** Kubeconfig context: the display name. */
  readonly context: string;
  /** Istio's cluster ID (istiod's CLUSTER_ID); undefined where nothing tells. */
  readonly clusterId: string | undefined;
  readonly network: string | undefined;
  readonly meshId: string | undefined;
  /** "external": it runs the control plane of another cluster; "none": no Istio here. */
  readonly role: "primary" | "remote" | "external" | "none" | "unknown";
  readonly kubernetesVersion: string;
  readonly controlPlanes: readonly ControlPlane[];
  readonly gateways: readonly GatewayView[];
  readonly cni: NodeAgent | undefined;
  readonly ztunnel: NodeAgent | undefined;
  /** Living pods by data plane; undefined where pods are unreadable, not watched or still being listed. */
  readonly pods: Readonly<Record<DataPlane, number>> | undefined;
  readonly counts: { readonly services: Counted; readonly workloads: Counted };
  readonly problems: readonly Problem[];
  /** What could not be read, so that the view is known to be partial. */
  readonly unread: readonly Unread[];
}

/** "41 of 44 in mesh". */
export interface Counted {
  /** undefined while pods are still being listed. */
  readonly inMesh: number | undefined;
  readonly all: number;
}

export interface MeshView {
  readonly id: string;
  /** The trust domain, or the mesh ID where that differs. */
  readonly name: string;
  readonly clusters: readonly ClusterView[];
  readonly topology: "single" | "primary-remote" | "multi-primary" | "external" | "ambient-multi-network" | "unknown";
  readonly services: Counted;
  readonly workloads: Counted;
  readonly problems: readonly Problem[];
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** Istio's reading: appProtocol, else the name's prefix; "tcp" where Istio would sniff or nothing tells. */
  readonly protocol: string;
}

/** A service as one cluster has it. */
export interface ServiceView {
  /** refId of the ref. */
  readonly id: string;
  readonly ref: ObjectRef;
  /** Kubernetes' type ("ClusterIP", "ExternalName" ...) or "ServiceEntry". */
  readonly type: string;
  /** Every DNS name, shortest last. A ServiceEntry has its own hosts. */
  readonly hosts: readonly string[];
  readonly ports: readonly ServicePort[];
  readonly labels: Readonly<Record<string, string>>;
  /** Ids of the workloads whose pods or entries it selects. */
  readonly workloads: readonly string[];
  /** Its annotation `health.kiali.io/rate`, as it is written. */
  readonly healthRate?: string;
  /** True if any pod behind it is in the mesh; undefined if pods are unreadable, still being listed, or there are none. */
  readonly inMesh: boolean | undefined;
  readonly dataPlanes: readonly DataPlane[];
}

/** Whatever owns pods, or a WorkloadEntry. */
export interface WorkloadView {
  readonly id: string;
  readonly ref: ObjectRef;
  /** The canonical app and version, by the label names of the settings; undefined where unlabelled. */
  readonly app: string | undefined;
  readonly version: string | undefined;
  /** Those of its pods, as its template has them: what policies select by. Absent where nothing tells. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Its annotation `health.kiali.io/rate`, as it is written. */
  readonly healthRate?: string;
  /** What `source_workload` and `destination_workload` call it. */
  readonly telemetryName: string;
  /** Further names, where Istio names the pods of a custom controller one by one. */
  readonly otherTelemetryNames?: readonly string[];
  /** `desired` falls back to the pods counted where the owner is unreadable (`ownerRead` false). */
  readonly replicas: Replicas;
  readonly ownerRead: boolean;
  /** The pods of watched namespaces. */
  readonly pods: readonly PodView[];
  /** False where only its pods' labels and annotations are read: `pods` is empty and says nothing. */
  readonly podsRead?: boolean;
  readonly dataPlane: DataPlane;
  /** undefined while its pods are still being listed and none of them is in the mesh so far. */
  readonly inMesh: boolean | undefined;
  readonly revision: string | undefined;
  /** Ids of the services that select it. */
  readonly services: readonly string[];
  readonly problems: readonly Problem[];
}

export interface PodView {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly phase: string;
  readonly isReady: boolean;
  readonly node: string | undefined;
  readonly dataPlane: DataPlane;
  readonly restarts: number;
  /** E.g. CrashLoopBackOff, OOMKilled, Evicted; undefined when all is well. */
  readonly reason: string | undefined;
  /** When the reason came up, ISO 8601. */
  readonly reasonAt: string | undefined;
  /** The container that the reason is of; absent where it is the pod's own. */
  readonly container?: string;
  /** The memory limit of that container; absent without one, and where nothing tells. */
  readonly memoryLimitBytes?: number;
}

/** What of a node troubles the pods on it. */
export type NodePressure = "MemoryPressure" | "DiskPressure" | "PIDPressure" | "NetworkUnavailable";

export interface NodeView {
  readonly id: string;
  /** Kind Node, no namespace. */
  readonly ref: ObjectRef;
  /** undefined: the node does not say (Unknown: its kubelet is silent, which `isReady` false tells). */
  readonly isReady: boolean | undefined;
  readonly pressures: readonly NodePressure[];
  readonly isUnschedulable: boolean;
  /** Cores and bytes; undefined where it does not say. */
  readonly allocatableCores: number | undefined;
  readonly allocatableBytes: number | undefined;
  readonly zone: string | undefined;
  /** InternalIP, ExternalIP and Hostname: what an exporter's `instance` may begin with. */
  readonly addresses: readonly string[];
}

/** Ids whose view changed since the last look; surfaces redraw only these. */
export interface Touched {
  readonly services: ReadonlySet<string>;
  readonly workloads: ReadonlySet<string>;
  readonly clusters: ReadonlySet<ClusterKey>;
  readonly nodes: ReadonlySet<string>;
}
