import type { ClusterView, NodeAgent } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { componentVerdict } from "../clusterFacts.ts";
import type { Row } from "../trees/lazyTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "../trees/nodeId.ts";
import { firstThree, plainly, readyFact } from "./rowFacts.ts";
import { noteFacts, reasonFacts } from "../tooltip.ts";
import type { ExplorerWorld } from "../world.ts";

/** Proxies of a cluster by kind, and below it what runs on every node. */
export function dataPlaneRow(cluster: ClusterView, parentId: string, world: ExplorerWorld): Row {
  const id = childId(parentId, "dataPlane");
  const agents = agentsOf(cluster);
  return {
    node: {
      id,
      parentId,
      kind: "dataPlane",
      label: say("Data plane"),
      facts: firstThree(dataPlaneFacts(cluster, world)),
      state: undefined,
      tokens: ["fy.dataPlane"],
      hasChildren: agents.length > 0,
    },
    open: () => {
      const now = world.place(cluster.key).cluster ?? cluster;
      return agentsOf(now).map(({ role, agent }) => agentRow(role, agent, { parentId: id, world }));
    },
    facts: () => dataPlaneTooltip(cluster, world),
  };
}

interface Agent {
  readonly role: "cni" | "ztunnel";
  readonly agent: NodeAgent;
}

function agentsOf({ cni, ztunnel }: ClusterView): readonly Agent[] {
  return [
    ...(cni ? [{ role: "cni", agent: cni } as const] : []),
    ...(ztunnel ? [{ role: "ztunnel", agent: ztunnel } as const] : []),
  ];
}

function agentRow(role: Agent["role"], agent: NodeAgent, around: { parentId: string; world: ExplorerWorld }): Row {
  const { parentId, world } = around;
  const verdict = componentVerdict(agent, world);
  const version = agent.version === undefined ? say("version unknown") : plainly(agent.version);
  return {
    node: {
      id: childId(parentId, role),
      parentId,
      kind: "nodeAgent",
      label: agent.ref.name,
      facts: [version, readyFact(agent.replicas, world.format)],
      state: verdict.state,
      ref: agent.ref,
      tokens: ["fy.nodeAgent", "fy.drill", "fy.document"],
      hasChildren: false,
    },
    facts: () => [
      ...reasonFacts(verdict),
      { name: say("Runs on"), value: say("every node, {0}", agent.ref.namespace) },
      { name: say("Version"), value: version },
      { name: say("Replicas"), value: readyFact(agent.replicas, world.format) },
      ...noteFacts(agent.ref, world),
    ],
  };
}

function dataPlaneFacts(cluster: ClusterView, { format }: ExplorerWorld): readonly Message[] {
  const facts: Message[] = [];
  const { pods, ztunnel } = cluster;
  if (!pods) facts.push(isAwaitingPods(cluster) ? say("pods are being listed") : say("pods not readable"));
  else if (pods.sidecar === 1) facts.push(say("1 sidecar"));
  else if (pods.sidecar > 1 || !ztunnel) facts.push(say("{0} sidecars", format.count(pods.sidecar)));
  if (ztunnel) {
    facts.push(say("ztunnel {0} of {1}", format.count(ztunnel.replicas.ready), format.count(ztunnel.replicas.desired)));
  }
  const waypoints = cluster.gateways.filter(({ role }) => role === "waypoint").length;
  if (waypoints === 1) facts.push(say("1 waypoint"));
  if (waypoints > 1) facts.push(say("{0} waypoints", format.count(waypoints)));
  return facts;
}

function isAwaitingPods({ counts }: ClusterView): boolean {
  return counts.workloads.inMesh === undefined;
}

function dataPlaneTooltip(cluster: ClusterView, { format }: ExplorerWorld): readonly Fact[] {
  const { pods } = cluster;
  if (!pods) {
    const why = isAwaitingPods(cluster) ? say("pods are being listed") : say("unknown: pods cannot be read");
    return [{ name: say("Pods"), value: why }];
  }
  return [
    { name: say("Pods with a sidecar"), value: plainly(format.count(pods.sidecar)) },
    { name: say("Pods in ambient"), value: plainly(format.count(pods.ambient)) },
    { name: say("Gateway pods"), value: plainly(format.count(pods.gateway)) },
    { name: say("Pods outside the mesh"), value: plainly(format.count(pods.none)) },
  ];
}
