import { noteVerdicts } from "../health/notes.ts";
import { withReasons, worstOf, type Verdict } from "../health/verdict.ts";
import { componentHealth, nodeReasonsOf, problemVerdicts } from "../health/workloadHealth.ts";
import type { ClusterView, ControlPlane, GatewayView, NodeAgent, PodView } from "../inventory/views.ts";
import { refId } from "../model/refs.ts";
import type { ExplorerWorld } from "./world.ts";

/** What runs the mesh in a cluster. */
export type Component = Pick<ControlPlane | GatewayView | NodeAgent, "ref" | "replicas" | "problems">;

/** A component by its replicas and problems; what troubles the nodes below it is told with that. */
export function componentVerdict(component: Component, world: ExplorerWorld): Verdict {
  return withReasons(ownVerdict(component, world), nodeReasonsOf(podsOf(component, world), world));
}

/** Several as one. Where they share a node, its trouble is told once. */
export function componentsVerdict(components: readonly Component[], world: ExplorerWorld): Verdict {
  const own = worstOf(components.map((component) => ownVerdict(component, world)));
  const pods = components.flatMap((component) => podsOf(component, world));
  return withReasons(own, nodeReasonsOf(pods, world));
}

/**
 * A cluster by what runs the mesh in it: control planes, node agents, gateways. Services are not its business, and nodes
 * are where a control plane or a gateway is on them; node agents are on all.
 */
export function clusterHealth(cluster: ClusterView, world: ExplorerWorld): Verdict {
  const agents = [cluster.cni, cluster.ztunnel].flatMap((agent) => agent ?? []);
  return worstOf([
    componentsVerdict([...cluster.controlPlanes, ...cluster.gateways], world),
    ...agents.map((agent) => ownVerdict(agent, world)),
    ...problemVerdicts(cluster.problems, world.nowMillis),
  ]);
}

function ownVerdict({ ref, replicas, problems }: Component, world: ExplorerWorld): Verdict {
  return worstOf([componentHealth(replicas, problems, world), ...noteVerdicts(ref, world.notes)]);
}

function podsOf({ ref }: Component, world: ExplorerWorld): readonly PodView[] {
  return world.workloads.get(refId(ref))?.pods ?? [];
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
