import { Explorer } from "../../../src/mesh/explorer/explorer.ts";
import type { ClusterFeed, ExplorerChange } from "../../../src/mesh/explorer/explorerInput.ts";
import type { TreeModel, TreeNode } from "../../../src/mesh/explorer/node.ts";
import { createFormat } from "../../../src/mesh/format/format.ts";
import type {
  ClusterView,
  ControlPlane,
  MeshView,
  PodView,
  ServiceView,
  WorkloadView,
} from "../../../src/mesh/inventory/views.ts";
import type { ClusterStatus, TelemetryStatus } from "../../../src/mesh/live/liveMesh.ts";
import { fill } from "../../../src/mesh/message.ts";
import { refId, type ObjectRef } from "../../../src/mesh/model/refs.ts";
import type { Capabilities } from "../../../src/mesh/telemetry/capabilities.ts";
import type { RequestRates, Summaries, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";

// A small world with defaults; tests name only what they are about.

export const now = Date.parse("2026-08-01T12:00:00Z");

export function aRef(over: Partial<ObjectRef> = {}): ObjectRef {
  return { cluster: "uid-eu", group: "", kind: "Service", namespace: "shop", name: "reviews", ...over };
}

export function aService(
  name: string,
  over: Partial<ServiceView> & { cluster?: string; namespace?: string } = {},
): ServiceView {
  const { cluster = "uid-eu", namespace = "shop", ...view } = over;
  const ref = aRef({ cluster, namespace, name });
  return {
    id: refId(ref),
    ref,
    type: "ClusterIP",
    hosts: [`${name}.${namespace}.svc.cluster.local`, name],
    ports: [{ name: "http", port: 9080, protocol: "http" }],
    labels: {},
    workloads: [],
    inMesh: true,
    dataPlanes: ["sidecar"],
    ...view,
  };
}

export function aServiceEntry(name: string, hosts: readonly string[], over: { namespace?: string } = {}): ServiceView {
  const ref = aRef({ group: "networking.istio.io", kind: "ServiceEntry", namespace: over.namespace ?? "shop", name });
  return { ...aService(name, { inMesh: undefined, dataPlanes: [] }), id: refId(ref), ref, type: "ServiceEntry", hosts };
}

export function aWorkload(
  name: string,
  over: Partial<WorkloadView> & { cluster?: string; namespace?: string; kind?: string } = {},
): WorkloadView {
  const { cluster = "uid-eu", namespace = "shop", kind = "Deployment", ...view } = over;
  const ref = aRef({ cluster, group: "apps", kind, namespace, name });
  return {
    id: refId(ref),
    ref,
    app: undefined,
    version: undefined,
    telemetryName: name,
    replicas: { desired: 1, ready: 1 },
    ownerRead: true,
    pods: [],
    dataPlane: "sidecar",
    inMesh: true,
    revision: "default",
    services: [],
    problems: [],
    ...view,
  };
}

export function aPod(name: string, over: Partial<PodView> = {}): PodView {
  const ref = aRef({ kind: "Pod", name });
  return {
    id: refId(ref),
    ref,
    phase: "Running",
    isReady: true,
    node: "node-a",
    dataPlane: "sidecar",
    restarts: 0,
    reason: undefined,
    reasonAt: undefined,
    ...over,
  };
}

export function aControlPlane(name: string, over: Partial<ControlPlane> = {}): ControlPlane {
  return {
    ref: aRef({ group: "apps", kind: "Deployment", namespace: "istio-system", name }),
    revision: "default",
    tags: [],
    version: "1.29.2",
    image: "docker.io/istio/pilot:1.29.2",
    vendorBuild: false,
    proxies: 38,
    replicas: { desired: 1, ready: 1 },
    external: false,
    trustDomain: { value: "cluster.local", isDefault: true },
    rootNamespace: { value: "istio-system", isDefault: true },
    autoMtls: { value: "true", isDefault: true },
    outboundPolicy: { value: "ALLOW_ANY", isDefault: true },
    problems: [],
    ...over,
  };
}

export function aCluster(over: Partial<ClusterView> = {}): ClusterView {
  return {
    key: "uid-eu",
    context: "prod-eu",
    clusterId: "eu",
    network: undefined,
    meshId: undefined,
    role: "primary",
    kubernetesVersion: "v1.36.0",
    controlPlanes: [aControlPlane("istiod")],
    gateways: [],
    cni: undefined,
    ztunnel: undefined,
    pods: { sidecar: 36, ambient: 0, gateway: 2, none: 3 },
    counts: { services: { inMesh: 41, all: 44 }, workloads: { inMesh: 40, all: 45 } },
    problems: [],
    unread: [],
    ...over,
  };
}

export function aMesh(clusters: readonly ClusterView[] = [aCluster()], over: Partial<MeshView> = {}): MeshView {
  return {
    id: "mesh-1",
    name: "cluster.local",
    clusters,
    topology: "single",
    services: { inMesh: 41, all: 44 },
    workloads: { inMesh: 40, all: 45 },
    problems: [],
    ...over,
  };
}

export function someCapabilities(over: Partial<Capabilities> = {}): Capabilities {
  const present = (...lookedFor: string[]) => ({ present: true, lookedFor });
  return {
    dialects: ["v2"],
    http: present("istio_requests_total"),
    tcp: present("istio_tcp_sent_bytes_total"),
    latency: present("istio_request_duration_milliseconds_bucket"),
    clusterLabels: present("destination_cluster"),
    responseFlags: present("response_flags"),
    kubeStateMetrics: present("kube_pod_info"),
    cadvisor: present("container_cpu_usage_seconds_total"),
    nodeExporter: present("node_uname_info"),
    latencyUnits: ["ms"],
    clusterIds: ["eu"],
    scrapeIntervalSeconds: 15,
    retentionSeconds: undefined,
    engine: "Prometheus 2.42.0",
    builds: [],
    warnings: [],
    ...over,
  };
}

export function aStatus(
  over: Partial<Omit<ClusterStatus, "telemetry">> & { telemetry?: Partial<TelemetryStatus> } = {},
): ClusterStatus {
  const { telemetry, ...status } = over;
  return {
    context: "prod-eu",
    key: "uid-eu",
    state: "ready",
    error: undefined,
    telemetry: {
      state: "ready",
      sourceLabel: "Prometheus monitoring/prometheus-k8s",
      capabilities: someCapabilities(),
      steps: [],
      error: undefined,
      measuredAt: now - 5000,
      provenance: [{ sourceId: "p1", query: "sum(rate(x[1m]))", windowSeconds: 60, atMillis: now - 5000 }],
      ...telemetry,
    },
    ...status,
  };
}

export function aFeed(
  rows: {
    readonly services?: readonly TrafficRow[];
    readonly workloads?: readonly TrafficRow[];
    readonly forwarded?: readonly TrafficRow[];
  } = {},
  over: Partial<ClusterFeed> & { readonly summariesOver?: Partial<Summaries> } = {},
): ClusterFeed {
  const { summariesOver, ...feed } = over;
  const summaries: Summaries = {
    services: rows.services ?? [],
    workloads: rows.workloads ?? [],
    forwarded: rows.forwarded ?? [],
    provenance: [],
    missing: [],
    warnings: [],
    ...summariesOver,
  };
  return { status: aStatus(), summaries, namespaces: undefined, ...feed };
}

export function someRequests(over: Partial<RequestRates> = {}): RequestRates {
  return {
    rps: 12,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    grpcPerSecond: 0,
    grpcErrorsPerSecond: 0,
    noResponsePerSecond: 0,
    ...over,
  };
}

export function aRow(name: string, over: Partial<TrafficRow> = {}): TrafficRow {
  return { clusterId: "eu", namespace: "shop", name, ...over };
}

/** A row with requests at this rate and this p95. */
export function http(name: string, rps: number, over: Partial<TrafficRow> = {}): TrafficRow {
  return aRow(name, {
    requests: someRequests({ rps }),
    latency: { p50: 0.005, p95: 0.018, p99: 0.04 },
    ...over,
  });
}

export function byId<V extends { readonly id: string }>(...views: readonly V[]): ReadonlyMap<string, V> {
  return new Map(views.map((view) => [view.id, view]));
}

/** An explorer that has been given this, on one mesh of one cluster unless it says otherwise. */
export function anExplorer(change: ExplorerChange = {}, pageSize?: number): Explorer {
  const explorer = new Explorer(createFormat("en"), pageSize);
  explorer.update({ meshes: [aMesh()], feeds: [aFeed()], nowMillis: now, ...change });
  return explorer;
}

/** The label as a person reads it. */
export function words(node: TreeNode): string {
  return typeof node.label === "string" ? node.label : fill(node.label);
}

/** "reviews: 12 rps · 0% · p95 18 ms [healthy]" */
export function line(node: TreeNode): string {
  const facts = node.facts.map(fill).join(" · ");
  return `${words(node)}${facts === "" ? "" : `: ${facts}`}${node.state ? ` [${node.state}]` : ""}`;
}

/** The first node on the way of these labels. */
export function nodeAt(tree: TreeModel, ...path: readonly string[]): TreeNode {
  let nodes = tree.roots();
  let found: TreeNode | undefined;
  for (const label of path) {
    found = nodes.find((node) => words(node) === label);
    if (!found) throw new Error(`No "${label}" among ${nodes.map(words).join(", ")}`);
    nodes = tree.children(found.id);
  }
  if (!found) throw new Error("A path needs a label");
  return found;
}

export function linesBelow(tree: TreeModel, ...path: readonly string[]): readonly string[] {
  return (path.length === 0 ? tree.roots() : tree.children(nodeAt(tree, ...path).id)).map(line);
}

/** Tooltip lines as "Name: value". */
export function tooltipOf(tree: TreeModel, node: TreeNode): readonly string[] {
  return tree.tooltip(node.id).map(({ name, value }) => `${fill(name)}: ${fill(value)}`);
}

/** Every node that can be reached, parents before children. */
export function walk(tree: TreeModel): readonly TreeNode[] {
  const below = (node: TreeNode): readonly TreeNode[] => [node, ...tree.children(node.id).flatMap(below)];
  return tree.roots().flatMap(below);
}

/** The labels of the nodes to redraw, sorted; "all" for a whole tree. */
export function touchedWords(tree: TreeModel, touched: readonly string[] | "all" | undefined): readonly string[] {
  if (touched === "all") return ["all"];
  return (touched ?? []).map((id) => words(find(tree, id))).sort();
}

function find(tree: TreeModel, id: string): TreeNode {
  const node = tree.find(id);
  if (!node) throw new Error(`No node has the id ${id}`);
  return node;
}
