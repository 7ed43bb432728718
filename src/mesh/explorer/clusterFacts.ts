import { worstOf, type Verdict } from "../health/verdict.ts";
import { componentHealth, problemVerdicts, type Judging } from "../health/workloadHealth.ts";
import type { ClusterView } from "../inventory/views.ts";

/** A cluster by what runs the mesh in it: control planes, node agents, gateways. Services are not its business. */
export function clusterHealth(cluster: ClusterView, judging: Judging): Verdict {
  const agents = [cluster.cni, cluster.ztunnel].flatMap((agent) => agent ?? []);
  const parts = [...cluster.controlPlanes, ...agents, ...cluster.gateways].map(({ replicas, problems }) =>
    componentHealth(replicas, problems, judging),
  );
  return worstOf([...parts, ...problemVerdicts(cluster.problems, judging.nowMillis)]);
}

/** The versions of the control planes of a cluster, each once; empty where none is known. */
export function istioVersions(cluster: ClusterView): readonly string[] {
  return [...new Set(cluster.controlPlanes.flatMap(({ version }) => version ?? []))];
}

/** What carries the traffic of a cluster's pods: "sidecar", "ambient" or both; undefined where pods cannot be seen. */
export function dataPlanesOf({ pods, ztunnel }: ClusterView): readonly ("sidecar" | "ambient")[] | undefined {
  if (!pods) return undefined;
  const planes: ("sidecar" | "ambient")[] = [];
  if (pods.sidecar > 0) planes.push("sidecar");
  if (pods.ambient > 0 || ztunnel) planes.push("ambient");
  return planes;
}
