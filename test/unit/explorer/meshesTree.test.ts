import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GatewayView, NodeAgent, NodeView } from "../../../src/mesh/inventory/views.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import {
  aCluster,
  aControlPlane,
  aFeed,
  aMesh,
  anExplorer,
  aPod,
  aRef,
  aStatus,
  aWorkload,
  byId,
  http,
  line,
  linesBelow,
  nodeAt,
  someCapabilities,
  tooltipOf,
  touchedWords,
  walk,
} from "./aWorld.ts";

const forbidden = (what: string) => new MeshError("forbidden", say("Cannot list {0}: forbidden.", what));

function anAgent(name: string, over: Partial<NodeAgent> = {}): NodeAgent {
  const ref = aRef({ group: "apps", kind: "DaemonSet", namespace: "istio-system", name });
  return { ref, version: "1.29.2", replicas: { desired: 3, ready: 3 }, problems: [], ...over };
}

function aGateway(name: string, over: Partial<GatewayView> = {}): GatewayView {
  const ref = aRef({ group: "apps", kind: "Deployment", namespace: "istio-ingress", name });
  const replicas = { desired: 1, ready: 1 };
  return { ref, telemetryNames: [name], role: "ingress", replicas, version: "1.29.2", problems: [], ...over };
}

describe("the meshes tree", () => {
  it("shows a mesh and its cluster even where there is only one", () => {
    const tree = anExplorer().tree("meshes");
    assert.deepEqual(
      [...linesBelow(tree), ...linesBelow(tree, "cluster.local")],
      ["cluster.local: 1 cluster · 41 of 44 services in mesh", "prod-eu: Istio 1.29.2 · sidecar"],
    );
  });

  it("shows what runs the mesh in a cluster", () => {
    const cluster = aCluster({
      network: "net-1",
      gateways: [aGateway("ingress"), aGateway("waypoint", { role: "waypoint" })],
      ztunnel: anAgent("ztunnel"),
      cni: anAgent("istio-cni-node"),
    });
    const tree = anExplorer({ meshes: [aMesh([cluster])] }).tree("meshes");
    assert.deepEqual(linesBelow(tree, "cluster.local", "prod-eu"), [
      "Control planes",
      "Data plane: 36 sidecars · ztunnel 3 of 3 · 1 waypoint",
      "Gateways: 2",
      "Role: primary · network net-1",
      "Telemetry: Prometheus monitoring/prometheus-k8s · 15 s · V2",
    ]);
  });

  it("shows version, tags and proxies of a control plane, and how far it is behind", () => {
    const controlPlanes = [
      aControlPlane("istiod-1-29", { revision: "1-29", tags: ["default", "canary"] }),
      aControlPlane("istiod-1-27", { revision: "1-27", version: "1.27.3", proxies: 3 }),
      aControlPlane("istiod-x", { revision: "x", version: undefined, proxies: undefined }),
    ];
    const tree = anExplorer({ meshes: [aMesh([aCluster({ controlPlanes })])] }).tree("meshes");
    assert.deepEqual(linesBelow(tree, "cluster.local", "prod-eu", "Control planes"), [
      "istiod-1-29: 1.29.2 · default, canary · 38 proxies [healthy]",
      "istiod-1-27: 1.27.3 · 3 proxies · 2 minors behind [degraded]",
      "istiod-x: version unknown · x [healthy]",
    ]);
  });

  it("marks the settings of a control plane that nobody set", () => {
    const tree = anExplorer().tree("meshes");
    const node = nodeAt(tree, "cluster.local", "prod-eu", "Control planes", "istiod");
    assert.ok(tooltipOf(tree, node).includes("Outbound traffic: ALLOW_ANY (default)"));
  });

  it("raises what troubles a control plane", () => {
    const words = say("OOMKilled: container {0} ran out of memory; its limit is {1}.", "discovery", "2Gi");
    const controlPlanes = [aControlPlane("istiod", { problems: [{ severity: "error", words }] })];
    const tree = anExplorer({ meshes: [aMesh([aCluster({ controlPlanes })])] }).tree("meshes");
    const node = nodeAt(tree, "cluster.local", "prod-eu", "Control planes", "istiod");
    assert.deepEqual(
      [node.state, tooltipOf(tree, node)[0]],
      ["failing", "Because: OOMKilled: container discovery ran out of memory; its limit is 2Gi."],
    );
  });

  it("shows what a gateway passes on, and says that the services behind count it, too", () => {
    const gateway = aWorkload("ingress", { namespace: "istio-ingress", dataPlane: "gateway" });
    const explorer = anExplorer({
      meshes: [aMesh([aCluster({ gateways: [aGateway("ingress")] })])],
      workloads: byId(gateway),
      feeds: [aFeed({ forwarded: [http("ingress", 12, { namespace: "istio-ingress" })] })],
    });
    const tree = explorer.tree("meshes");
    const node = nodeAt(tree, "cluster.local", "prod-eu", "Gateways", "ingress");
    const facts = tooltipOf(tree, node);
    assert.deepEqual(
      [line(node), facts.filter((one) => /^(Requests|Note)/.test(one))],
      [
        "ingress: ingress · 12 rps · 0% [healthy]",
        [
          "Requests: 12 rps",
          "Note: Forwarded traffic: what this gateway passes on or answers itself, as it reports it; the services behind count it, too",
        ],
      ],
    );
  });

  it("shows how many of a gateway are ready rather than what it passes on while some are missing", () => {
    const gateway = aWorkload("ingress", { namespace: "istio-ingress", dataPlane: "gateway" });
    const tree = anExplorer({
      meshes: [aMesh([aCluster({ gateways: [aGateway("ingress", { replicas: { desired: 2, ready: 1 } })] })])],
      workloads: byId(gateway),
      feeds: [aFeed({ forwarded: [http("ingress", 12, { namespace: "istio-ingress" })] })],
    }).tree("meshes");
    assert.deepEqual(linesBelow(tree, "cluster.local", "prod-eu", "Gateways"), [
      "ingress: ingress · istio-ingress · 1 of 2 ready [degraded]",
    ]);
  });

  it("repeats no state in a tooltip that the row shows by itself", () => {
    const gateways = [aGateway("ingress", { replicas: { desired: 2, ready: 1 } })];
    const tree = anExplorer({ meshes: [aMesh([aCluster({ gateways })])] }).tree("meshes");
    const stated = walk(tree).filter(({ state }) => state !== undefined);
    assert.deepEqual(
      [stated.length > 2, stated.flatMap((node) => tooltipOf(tree, node)).filter((one) => one.startsWith("Health:"))],
      [true, []],
    );
  });

  it("says on the telemetry row what the last answer left out", () => {
    const tree = anExplorer({ feeds: [aFeed({}, { summariesOver: { warnings: ["store west is down"] } })] }).tree(
      "meshes",
    );
    const node = nodeAt(tree, "cluster.local", "prod-eu", "Telemetry");
    assert.deepEqual(
      [node.state, linesBelow(tree, "cluster.local", "prod-eu", "Telemetry")[0]],
      ["degraded", "store west is down: the numbers are incomplete"],
    );
  });

  it("says in one line each what the metrics store holds, with the names it looked for", () => {
    const capabilities = someCapabilities({ nodeExporter: { present: false, lookedFor: ["node_uname_info"] } });
    const feeds = [aFeed({}, { status: aStatus({ telemetry: { capabilities } }) })];
    const lines = linesBelow(anExplorer({ feeds }).tree("meshes"), "cluster.local", "prod-eu", "Telemetry");
    assert.deepEqual(lines.slice(0, 9), [
      "HTTP and gRPC: yes",
      "TCP: yes",
      "Latency: yes: ms",
      "Cluster labels: yes: eu",
      "Response flags: yes",
      "kube-state-metrics: yes",
      "cAdvisor: yes",
      "node-exporter: no, looked for node_uname_info",
      "Scrape interval: 15 s",
    ]);
  });

  it("lists the steps of looking for a metrics store where none was found", () => {
    const steps = [
      { tried: say("Service {0}", "istio-system/prometheus"), answer: say("not there"), found: false },
      { tried: say("Pods labelled {0}", "prometheus"), answer: say("forbidden"), found: false },
    ];
    const status = aStatus({ telemetry: { state: "none", capabilities: undefined, sourceLabel: undefined, steps } });
    const tree = anExplorer({ feeds: [aFeed({}, { status, summaries: undefined })] }).tree("meshes");
    assert.deepEqual(
      [
        ...linesBelow(tree, "cluster.local", "prod-eu").slice(-1),
        ...linesBelow(tree, "cluster.local", "prod-eu", "Telemetry"),
      ],
      [
        "Telemetry: no metrics source found [unknown]",
        "Service istio-system/prometheus: not there",
        "Pods labelled prometheus: forbidden",
      ],
    );
  });

  it("keeps a cluster that failed beside those that answered", () => {
    const status = aStatus({ context: "prod-us", key: undefined, state: "unauthorized", error: forbidden("anything") });
    const tree = anExplorer({ feeds: [aFeed(), aFeed({}, { status, summaries: undefined })] }).tree("meshes");
    assert.equal(linesBelow(tree)[0], "Cannot list anything: forbidden.: prod-us");
  });

  it("stays empty while there is nothing to show, so that the view can say why", () => {
    const status = aStatus({ key: undefined, state: "unauthorized", error: forbidden("anything") });
    const tree = anExplorer({ meshes: [], feeds: [aFeed({}, { status, summaries: undefined })] }).tree("meshes");
    assert.deepEqual(tree.roots(), []);
  });

  it("shows one list that could not be read as its own sentence, and several below their number", () => {
    const one = aCluster({ unread: [{ namespace: undefined, error: forbidden("pods") }] });
    const two = aCluster({
      unread: [
        { namespace: "shop", error: forbidden("pods") },
        { namespace: "shop", error: forbidden("services") },
      ],
    });
    const firstLine = (cluster: typeof one) =>
      linesBelow(anExplorer({ meshes: [aMesh([cluster])] }).tree("meshes"), "cluster.local", "prod-eu")[0];
    assert.deepEqual(
      [firstLine(one), firstLine(two)],
      ["Cannot list pods: forbidden.: prod-eu", "2 lists could not be read: prod-eu"],
    );
  });

  it("touches the changed row, and what tells of it above, when one thing of a cluster gets into trouble", () => {
    const explorer = anExplorer({ meshes: [aMesh([aCluster({ gateways: [aGateway("a"), aGateway("b")] })])] });
    const tree = explorer.tree("meshes");
    nodeAt(tree, "cluster.local", "prod-eu", "Gateways", "a");
    const gateways = [aGateway("a"), aGateway("b", { replicas: { desired: 2, ready: 1 } })];
    const touched = explorer.update({ meshes: [aMesh([aCluster({ gateways })])] });
    assert.deepEqual(touchedWords(tree, touched.meshes), ["Gateways", "b", "cluster.local", "prod-eu"]);
  });
});

describe("what is below the nodes of a control plane and of gateways", () => {
  const pressed: NodeView = {
    ...{ id: "n", ref: aRef({ kind: "Node", namespace: "", name: "node-b" }), isReady: true },
    ...{ pressures: ["MemoryPressure"], isUnschedulable: false, zone: undefined, addresses: [] },
    ...{ allocatableCores: 4, allocatableBytes: 8e9 },
  };
  const onIt = (...names: readonly string[]) => names.map((name) => aPod(name, { node: "node-b" }));
  const istiod = aWorkload("istiod", { namespace: "istio-system", pods: onIt("istiod-1", "istiod-2") });
  const gateway = aWorkload("edge", { pods: onIt("edge-1") });
  const world = (over = {}) =>
    anExplorer({
      meshes: [aMesh([aCluster({ gateways: [aGateway("edge", { ref: gateway.ref })], ...over })])],
      workloads: byId(istiod, gateway),
      nodes: [pressed],
    }).tree("meshes");

  it("is told on their own rows, by the pods of each", () => {
    const tree = world();
    const because = (...path: readonly string[]) =>
      tooltipOf(tree, nodeAt(tree, "cluster.local", "prod-eu", ...path)).filter((each) => each.startsWith("Because"));
    assert.deepEqual(because("Control planes", "istiod"), [
      "Because: 2 pods on node-b: the node is under memory pressure",
    ]);
    assert.deepEqual(because("Gateways", "edge"), ["Because: Pod edge-1 on node-b: the node is under memory pressure"]);
  });

  it("is one finding of the cluster and of the mesh, however many pods are on the node", () => {
    const tree = world();
    const finding = /3 pods on node-b: the node is under memory pressure/;
    assert.match(line(nodeAt(tree, "cluster.local")), finding);
    assert.match(line(nodeAt(tree, "cluster.local", "prod-eu")), finding);
  });

  it("is one finding where a control plane's pods ran out of memory", () => {
    const words = say("OOMKilled: container {0} of {1}", "discovery", "istiod");
    const problems = [{ severity: "warning" as const, words }];
    const tree = anExplorer({
      meshes: [aMesh([aCluster({ controlPlanes: [aControlPlane("istiod", { problems })] })])],
    });
    assert.match(line(nodeAt(tree.tree("meshes"), "cluster.local")), /OOMKilled: container discovery of istiod/);
  });
});
