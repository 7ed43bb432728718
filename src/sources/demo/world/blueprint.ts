import type { PlantedFault } from "./faults.ts";

// The demo world in few words: what Kubernetes objects, traffic and metrics are all made from.

export type Protocol = "http" | "grpc" | "tcp";
export type Plane = "sidecar" | "ambient" | "gateway" | "waypoint" | "none";
export type OwnerKind = "Deployment" | "StatefulSet" | "DaemonSet" | "Rollout" | "CronJob";

/** Istio's cluster ID. */
export type ClusterId = string;

export interface ClusterPlan {
  readonly id: ClusterId;
  /** The kubeconfig context's name. */
  readonly context: string;
  readonly kubernetesVersion: string;
  readonly network: string;
  readonly region: string;
  readonly nodes: readonly NodePlan[];
  readonly controlPlanes: readonly ControlPlanePlan[];
  readonly namespaces: readonly NamespacePlan[];
}

export interface NodePlan {
  readonly name: string;
  readonly zone: string;
  readonly isUnderMemoryPressure: boolean;
}

export interface ControlPlanePlan {
  readonly revision: string;
  readonly version: string;
  readonly tags: readonly string[];
}

export interface NamespacePlan {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface PortPlan {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** A Kubernetes Service in one cluster; it selects the pods whose label `app` is its own. */
export interface ServicePlan {
  readonly cluster: ClusterId;
  readonly namespace: string;
  readonly name: string;
  readonly app: string;
  readonly ports: readonly PortPlan[];
  readonly isHeadless: boolean;
  /** Name of the waypoint its requests pass, in the same namespace. */
  readonly waypoint: string | undefined;
}

/** One pod of a workload is sick: it sits on the node under pressure, runs out of memory and fails requests. */
export interface Sickness {
  readonly pod: number;
  readonly failingShare: readonly [calm: number, busy: number];
  /** It is the node that is at fault: the pod itself would be well, and is not restarted. */
  readonly isByNode?: true;
}

/** A pod whose main container was ended for its memory before time zero, and has been well since. */
export interface PastKill {
  readonly pod: number;
  readonly restarts: number;
  /** When it was started again, in seconds before time zero. */
  readonly secondsBefore: number;
}

export interface WorkloadPlan {
  readonly cluster: ClusterId;
  readonly namespace: string;
  readonly name: string;
  readonly kind: OwnerKind;
  readonly app: string;
  readonly version: string | undefined;
  readonly plane: Plane;
  /** The revision whose proxy it runs; "" where it runs none. */
  readonly revision: string;
  readonly replicas: number;
  readonly image: string;
  readonly ports: readonly PortPlan[];
  /** Median time to answer, in milliseconds. */
  readonly medianMillis: number;
  /** Share of requests answered 500, and 404, when nothing is wrong. */
  readonly failingShare: number;
  readonly notFoundShare: number;
  readonly sickness: Sickness | undefined;
  readonly killed?: PastKill;
  readonly schedule: string | undefined;
  /** Labels of its pods beside `app` and `version`. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Something outside the mesh's clusters: known through a ServiceEntry, or one of Envoy's catch-all clusters. */
export interface ExternalPlan {
  readonly namespace: string;
  readonly host: string;
  /** What callers ask for where `host` is PassthroughCluster or BlackHoleCluster; undefined for a ServiceEntry. */
  readonly requestedHost?: string;
  /** How requests are answered; 200 unless told. */
  readonly code?: number;
  readonly port: PortPlan;
  readonly medianMillis: number;
}

/** Who asks whom. Either a share of what the caller is asked itself, or a demand of its own. */
export interface CallPlan {
  readonly cluster: ClusterId;
  /** Workload that calls, in its cluster. */
  readonly from: { readonly namespace: string; readonly workload: string };
  /** A service, or the host of an {@link ExternalPlan}. */
  readonly to: { readonly namespace: string; readonly service: string; readonly port: number };
  /** Calls made for each request that the caller gets. */
  readonly perRequest: number;
  /** Calls per second that start here, with the index of the demand they follow. */
  readonly demand: { readonly index: number; readonly perSecond: number } | undefined;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export interface World {
  readonly seed: number;
  readonly clusters: readonly ClusterPlan[];
  readonly services: readonly ServicePlan[];
  readonly workloads: readonly WorkloadPlan[];
  readonly externals: readonly ExternalPlan[];
  readonly calls: readonly CallPlan[];
  /** The trouble that was planted, if any. */
  readonly fault?: PlantedFault | undefined;
  /** How many independent demands there are. */
  readonly demands: number;
}

export function workloadId(cluster: ClusterId, namespace: string, name: string): string {
  return `${cluster}/${namespace}/${name}`;
}

export function idOf(plan: { cluster: ClusterId; namespace: string; name: string }): string {
  return workloadId(plan.cluster, plan.namespace, plan.name);
}
