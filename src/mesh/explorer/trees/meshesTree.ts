import { isTrouble, worstOf, type Health, type Verdict } from "../../health/verdict.ts";
import { problemVerdicts } from "../../health/workloadHealth.ts";
import type { ClusterView, MeshView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { clusterHealth, dataPlanesOf, istioVersions } from "../clusterFacts.ts";
import { controlPlanesRow } from "../rows/controlPlaneRows.ts";
import { dataPlaneRow } from "../rows/dataPlaneRow.ts";
import { unreachableRows, unreadRow } from "../rows/failureRows.ts";
import { gatewaysRow } from "../rows/gatewayRows.ts";
import type { Row } from "./lazyTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "./nodeId.ts";
import { firstThree, plainly } from "../rows/rowFacts.ts";
import { telemetryRow } from "../rows/telemetryRows.ts";
import { reasonFacts, verdictFacts } from "../tooltip.ts";
import type { ExplorerWorld } from "../world.ts";

/** Meshes › clusters › what runs the mesh there. */
export function meshRows(world: ExplorerWorld): readonly Row[] {
  return [...unreachableRows(world), ...world.meshes.map((mesh) => meshRow(mesh, world))];
}

function meshRow(mesh: MeshView, world: ExplorerWorld): Row {
  const { format } = world;
  const id = childId(undefined, "mesh", mesh.id);
  const clusters = mesh.clusters.length;
  const { inMesh, all } = mesh.services;
  const verdict = worstOf([
    ...mesh.clusters.map((cluster) => clusterHealth(cluster, world)),
    ...problemVerdicts(mesh.problems, world.nowMillis),
  ]);
  return {
    node: {
      id,
      parentId: undefined,
      kind: "mesh",
      label: mesh.name,
      facts: [
        clusters === 1 ? say("1 cluster") : say("{0} clusters", format.count(clusters)),
        say("{0} of {1} services in mesh", format.count(inMesh), format.count(all)),
        ...findingFacts(verdict, world),
      ],
      state: troubleOf(verdict),
      drill: { cluster: "", group: "", kind: "Mesh", namespace: "", name: mesh.id },
      tokens: ["fy.mesh.root", "fy.drill"],
      hasChildren: true,
      isOpen: true,
    },
    open: () => {
      const now = world.meshes.find((other) => other.id === mesh.id) ?? mesh;
      return now.clusters.map((cluster) => clusterRow(cluster, id, world));
    },
    facts: () => [
      { name: say("Mesh"), value: plainly(mesh.name) },
      { name: say("Topology"), value: topologyWords(mesh.topology) },
      ...healthFacts(verdict),
      { name: say("Services"), value: say("{0} of {1} in mesh", format.count(inMesh), format.count(all)) },
      {
        name: say("Workloads"),
        value: say("{0} of {1} in mesh", format.count(mesh.workloads.inMesh), format.count(mesh.workloads.all)),
      },
    ],
  };
}

/** What is amiss: itself where it is one thing, else how many there are. */
function findingFacts({ state, reasons }: Verdict, { format }: ExplorerWorld): readonly Message[] {
  if (!isTrouble(state) && state !== "healthy") return [];
  if (reasons.length === 0) return [];
  const [first] = reasons;
  return first && reasons.length === 1 ? [first] : [say("{0} findings", format.count(reasons.length))];
}

// A row in trouble shows its state by itself, which heads the tooltip.
function healthFacts(verdict: Verdict): readonly Fact[] {
  return isTrouble(verdict.state) ? reasonFacts(verdict) : verdictFacts(verdict);
}

/** A row shows its kind's icon while all is well. */
function troubleOf({ state }: Verdict): Health | undefined {
  return isTrouble(state) ? state : undefined;
}

function clusterRow(cluster: ClusterView, parentId: string, world: ExplorerWorld): Row {
  const id = childId(parentId, "cluster", cluster.key);
  const verdict = clusterHealth(cluster, world);
  const current = () => world.place(cluster.key).cluster ?? cluster;
  return {
    node: {
      id,
      parentId,
      kind: "cluster",
      label: cluster.context,
      facts: firstThree([...clusterFacts(cluster, world), ...findingFacts(verdict, world)]),
      state: troubleOf(verdict),
      tokens: ["fy.cluster"],
      hasChildren: true,
      isOpen: world.meshes.length === 1 && world.meshes[0]?.clusters.length === 1,
    },
    open: () => clusterChildren(current(), id, world),
    facts: () => clusterTooltip(current(), world),
  };
}

function clusterChildren(cluster: ClusterView, id: string, world: ExplorerWorld): readonly Row[] {
  return [
    ...(cluster.unread.length > 0 ? [unreadRow(cluster, cluster.unread, id)] : []),
    ...problemRows(cluster, id),
    ...controlPlanesRow(cluster, id, world),
    dataPlaneRow(cluster, id, world),
    ...gatewaysRow(cluster, id, world),
    roleRow(cluster, id),
    telemetryRow(cluster.key, id, world),
  ];
}

// What troubles the cluster as a whole: no row of its own has it.
function problemRows({ problems }: ClusterView, parentId: string): readonly Row[] {
  return problems.map(({ severity, words }, index) => ({
    node: {
      id: childId(parentId, "problem", String(index)),
      parentId,
      kind: "failure" as const,
      label: words,
      facts: [],
      state: severity === "error" ? ("failing" as const) : ("degraded" as const),
      tokens: ["fy.problem"],
      hasChildren: false,
    },
    facts: () => [{ name: say("Problem"), value: words }],
  }));
}

function roleRow(cluster: ClusterView, parentId: string): Row {
  return {
    node: {
      id: childId(parentId, "role"),
      parentId,
      kind: "role",
      label: say("Role"),
      facts: [roleWords(cluster.role), ...(cluster.network === undefined ? [] : [say("network {0}", cluster.network)])],
      state: undefined,
      tokens: ["fy.role"],
      hasChildren: false,
    },
    facts: () => [
      { name: say("Role"), value: roleWords(cluster.role) },
      { name: say("Network"), value: orUnknown(cluster.network) },
      { name: say("Istio's cluster ID"), value: orUnknown(cluster.clusterId) },
      { name: say("Mesh ID"), value: orUnknown(cluster.meshId) },
    ],
  };
}

function clusterFacts(cluster: ClusterView, world: ExplorerWorld): readonly Message[] {
  const facts = [istioFact(cluster)];
  const planes = dataPlanesOf(cluster);
  if (planes && planes.length > 0) facts.push(plainly(planes.join(", ")));
  const status = world.feeds.find((feed) => feed.status.key === cluster.key)?.status;
  if (status?.error) facts.push(say("not connected"));
  return facts;
}

function istioFact(cluster: ClusterView): Message {
  const versions = istioVersions(cluster);
  if (versions.length > 0) return say("Istio {0}", versions.join(", "));
  if (cluster.controlPlanes.length > 0) return say("Istio version unknown");
  return cluster.role === "remote" ? say("Istio in another cluster") : say("no control plane seen");
}

function clusterTooltip(cluster: ClusterView, world: ExplorerWorld): readonly Fact[] {
  const { format } = world;
  const { services, workloads } = cluster.counts;
  const status = world.feeds.find((feed) => feed.status.key === cluster.key)?.status;
  return [
    { name: say("Context"), value: plainly(cluster.context) },
    ...(status?.error ? [{ name: say("Not connected"), value: status.error.words }] : []),
    ...healthFacts(clusterHealth(cluster, world)),
    { name: say("Kubernetes"), value: plainly(cluster.kubernetesVersion) },
    { name: say("Istio"), value: orUnknown(istioVersions(cluster).join(", ") || undefined) },
    { name: say("Istio's cluster ID"), value: orUnknown(cluster.clusterId) },
    { name: say("Role"), value: roleWords(cluster.role) },
    { name: say("Network"), value: orUnknown(cluster.network) },
    {
      name: say("Services"),
      value: say("{0} of {1} in mesh", format.count(services.inMesh), format.count(services.all)),
    },
    {
      name: say("Workloads"),
      value: say("{0} of {1} in mesh", format.count(workloads.inMesh), format.count(workloads.all)),
    },
  ];
}

function orUnknown(text: string | undefined): Message {
  return text === undefined ? say("unknown") : plainly(text);
}

function roleWords(role: ClusterView["role"]): Message {
  switch (role) {
    case "primary":
      return say("primary");
    case "remote":
      return say("remote");
    case "external":
      return say("external control plane");
    case "none":
      return say("no Istio");
    case "unknown":
      return say("unknown");
  }
}

function topologyWords(topology: MeshView["topology"]): Message {
  switch (topology) {
    case "single":
      return say("one cluster");
    case "primary-remote":
      return say("primary and remote clusters");
    case "multi-primary":
      return say("several primary clusters");
    case "external":
      return say("external control plane");
    case "ambient-multi-network":
      return say("ambient over several networks");
    case "unknown":
      return say("unknown");
  }
}
