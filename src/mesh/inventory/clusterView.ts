import type { ClusterFeed } from "./clusterFeed.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { ClusterView } from "./views.ts";
import type { WorkloadRecord } from "./workloadRecord.ts";

export interface InventoriedCluster {
  readonly key: ClusterKey;
  /** Kubeconfig context: the display name. */
  readonly context: string;
  readonly kubernetesVersion: string;
}

export interface ClusterParts {
  readonly cluster: InventoriedCluster;
  readonly feed: ClusterFeed;
  readonly gateways: readonly WorkloadRecord[];
  readonly counts: ClusterView["counts"];
}

export function clusterView({ cluster, feed, counts }: ClusterParts): ClusterView {
  return {
    key: cluster.key,
    context: cluster.context,
    clusterId: undefined,
    network: undefined,
    meshId: undefined,
    role: "unknown",
    kubernetesVersion: cluster.kubernetesVersion,
    controlPlanes: [],
    gateways: [],
    cni: undefined,
    ztunnel: undefined,
    pods: feed.pods.isReadable ? { ...feed.tally.planes } : undefined,
    counts,
    problems: [],
    unread: feed.unread(),
  };
}
