import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { say } from "../../../src/mesh/message.ts";
import type { TelemetryStatus } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import {
  aCluster,
  aFeed,
  aMesh,
  anExplorer,
  aRow,
  aService,
  aServiceEntry,
  aStatus,
  aWorkload,
  byId,
  http,
  line,
  linesBelow,
  nodeAt,
  now,
  someCapabilities,
  someRequests,
  tooltipOf,
} from "./aWorld.ts";

const tcp = { receivedBytesPerSecond: 1620, sentBytesPerSecond: 900 };

describe("the services tree", () => {
  it("shows rate, error share and p95 of a service with requests", () => {
    const explorer = anExplorer({
      services: byId(aService("ratings")),
      feeds: [aFeed({ services: [http("ratings", 24)] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["ratings: 24 rps · 0% · p95 18 ms [healthy]"]);
  });

  it("shows bytes and no rate of a service with TCP alone", () => {
    const explorer = anExplorer({
      services: byId(aService("orders-db")),
      feeds: [aFeed({ services: [aRow("orders-db", { tcp })] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["orders-db: ↓1.6 kB/s ↑0.9 kB/s [healthy]"]);
  });

  it("shows requests and bytes of a service with both", () => {
    const explorer = anExplorer({
      services: byId(aService("mixed")),
      feeds: [aFeed({ services: [http("mixed", 12, { tcp })] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), [
      "mixed: 12 rps · 0% · ↓1.6 kB/s ↑0.9 kB/s [healthy]",
    ]);
  });

  it("lists a service without a row as idle where the store would have one", () => {
    const explorer = anExplorer({ services: byId(aService("legacy", { inMesh: false, dataPlanes: ["none"] })) });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["legacy: idle · not in mesh [idle]"]);
  });

  it("has no data, and says why, where no store was found", () => {
    const telemetry = { state: "none", capabilities: undefined, sourceLabel: undefined } as const;
    const explorer = anExplorer({
      services: byId(aService("reviews")),
      feeds: [aFeed({}, { status: aStatus({ telemetry }), summaries: undefined })],
    });
    const tree = explorer.tree("services");
    const node = nodeAt(tree, "shop", "reviews");
    assert.equal(line(node), "reviews: – [unknown]");
    assert.ok(tooltipOf(tree, node).includes("Traffic: No metrics source was found for prod-eu"));
  });

  it("marks the last numbers as old when the store stops answering, and keeps them", () => {
    const feed = aFeed({ services: [http("reviews", 12)] });
    const explorer = anExplorer({ services: byId(aService("reviews")), feeds: [feed] });
    const tree = explorer.tree("services");
    nodeAt(tree, "shop", "reviews");
    const error = new MeshError("unreachable", say("Prometheus did not answer"));
    explorer.update({
      feeds: [{ ...feed, status: aStatus({ telemetry: { state: "error", error, measuredAt: 1000 } }) }],
    });
    const node = nodeAt(tree, "shop", "reviews");
    assert.deepEqual(
      { line: line(node), since: node.staleSince },
      { line: "reviews: 12 rps · 0% · p95 18 ms [healthy]", since: 1000 },
    );
  });

  it("puts a service of two clusters of a mesh into one row with a child for each", () => {
    const us = aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" });
    const explorer = anExplorer({
      meshes: [aMesh([aCluster(), us])],
      services: byId(aService("reviews"), aService("reviews", { cluster: "uid-us" })),
      feeds: [
        aFeed({ services: [http("reviews", 12, { requests: someRequests({ rps: 12, errorsPerSecond: 3 }) })] }),
        aFeed(
          { services: [http("reviews", 8, { clusterId: "us" })] },
          { status: aStatus({ context: "prod-us", key: "uid-us" }) },
        ),
      ],
    });
    assert.deepEqual(
      [...linesBelow(explorer.tree("services"), "shop"), ...linesBelow(explorer.tree("services"), "shop", "reviews")],
      [
        "reviews: 20 rps · 15% · 2 clusters [failing]",
        "prod-eu: 12 rps · 25% · p95 18 ms [failing]",
        "prod-us: 8 rps · 0% · p95 18 ms [healthy]",
      ],
    );
  });

  describe("from several stores of one mesh", () => {
    const meshes = [aMesh([aCluster(), aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" })])];
    const services = byId(aService("reviews"), aService("reviews", { cluster: "uid-us" }));
    const inUs = (rps: number) => http("reviews", rps, { clusterId: "us" });
    const usFeed = (telemetry: Partial<TelemetryStatus> = {}) =>
      aFeed({ services: [inUs(7)] }, { status: aStatus({ context: "prod-us", key: "uid-us", telemetry }) });

    it("shows each cluster's numbers at its own member, and their sum above", () => {
      const tree = anExplorer({ meshes, services, feeds: [aFeed({ services: [http("reviews", 5)] }), usFeed()] }).tree(
        "services",
      );
      assert.deepEqual(
        [...linesBelow(tree, "shop"), ...linesBelow(tree, "shop", "reviews")],
        [
          "reviews: 12 rps · 0% · 2 clusters [healthy]",
          "prod-eu: 5 rps · 0% · p95 18 ms [healthy]",
          "prod-us: 7 rps · 0% · p95 18 ms [healthy]",
        ],
      );
    });

    it("marks the cluster whose store is silent with the time of its last numbers; the other stays live", () => {
      const measuredAt = now - 40_000;
      const feeds = [aFeed({ services: [http("reviews", 5)] }), usFeed({ state: "error", measuredAt })];
      const tree = anExplorer({ meshes, services, feeds }).tree("services");
      assert.deepEqual(
        tree.children(nodeAt(tree, "shop", "reviews").id).map(({ staleSince }) => staleSince),
        [undefined, measuredAt],
      );
      assert.equal(nodeAt(tree, "shop", "reviews").staleSince, measuredAt);
    });

    it("does not count twice what a central store holds beside the cluster's own", () => {
      const central = aFeed({ services: [http("reviews", 5), inUs(7)] });
      const tree = anExplorer({ meshes, services, feeds: [central, usFeed()] }).tree("services");
      assert.deepEqual(linesBelow(tree, "shop"), ["reviews: 12 rps · 0% · 2 clusters [healthy]"]);
    });
  });

  it("says of how many clusters the numbers are, also beside requests and bytes", () => {
    const both = http("reviews", 12, { tcp: { receivedBytesPerSecond: 5, sentBytesPerSecond: 7 } });
    const tree = anExplorer({
      meshes: [aMesh([aCluster(), aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" })])],
      services: byId(aService("reviews"), aService("reviews", { cluster: "uid-us" })),
      feeds: [aFeed({ services: [both] })],
    }).tree("services");
    assert.deepEqual(linesBelow(tree, "shop"), ["reviews: 12 rps · 0% · 1 of 2 clusters [healthy]"]);
  });

  it("says of how many clusters the numbers of a mesh service are", () => {
    const us = aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" });
    const explorer = anExplorer({
      meshes: [aMesh([aCluster(), us])],
      services: byId(aService("reviews"), aService("reviews", { cluster: "uid-us" })),
      feeds: [aFeed({ services: [http("reviews", 12)] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), [
      "reviews: 12 rps · 0% · 1 of 2 clusters [healthy]",
    ]);
  });

  it("shows workloads, hosts and ports below a service", () => {
    const workload = aWorkload("reviews-v2");
    const explorer = anExplorer({
      services: byId(aService("reviews", { workloads: [workload.id] })),
      workloads: byId(workload),
      feeds: [aFeed({ workloads: [http("reviews-v2", 3)] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop", "reviews"), [
      "reviews-v2: 3 rps · 0% · p95 18 ms [healthy]",
      "Hosts: reviews.shop.svc.cluster.local",
      "Ports: 9080 http",
    ]);
  });

  it("shows the counts and the worst health of a namespace", () => {
    const failing = http("b", 10, { requests: someRequests({ rps: 10, errorsPerSecond: 5 }) });
    const degraded = http("c", 10, { requests: someRequests({ rps: 10, errorsPerSecond: 0.1 }) });
    const explorer = anExplorer({
      services: byId(aService("a"), aService("b"), aService("c")),
      feeds: [aFeed({ services: [http("a", 1), failing, degraded] })],
    });
    assert.deepEqual(linesBelow(explorer.tree("services")), ["shop: 3 services · 1 failing · 1 degraded [failing]"]);
  });

  it("joins a ServiceEntry by its hosts", () => {
    const explorer = anExplorer({
      services: byId(aServiceEntry("payments", ["api.pay.example", "*.pay.example"])),
      feeds: [
        aFeed({
          services: [
            http("api.pay.example", 2, { clusterId: undefined }),
            http("*.pay.example", 3, { clusterId: undefined }),
          ],
        }),
      ],
    });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["payments: 5 rps · 0% · p95 – [healthy]"]);
  });

  it("has no data for TCP where the store holds no TCP metrics", () => {
    const capabilities = someCapabilities({ tcp: { present: false, lookedFor: ["istio_tcp_sent_bytes_total"] } });
    const explorer = anExplorer({
      services: byId(aService("db", { ports: [{ name: "tcp", port: 5432, protocol: "tcp" }] })),
      feeds: [aFeed({}, { status: aStatus({ telemetry: { capabilities } }) })],
    });
    const tree = explorer.tree("services");
    assert.ok(
      tooltipOf(tree, nodeAt(tree, "shop", "db")).includes(
        "Traffic: Prometheus monitoring/prometheus-k8s holds no such metrics. Looked for: istio_tcp_sent_bytes_total",
      ),
    );
  });

  it("fails a service with nothing ready behind it", () => {
    const workload = aWorkload("reviews-v1", { replicas: { desired: 2, ready: 0 } });
    const explorer = anExplorer({
      services: byId(aService("reviews", { workloads: [workload.id] })),
      workloads: byId(workload),
    });
    const tree = explorer.tree("services");
    assert.ok(tooltipOf(tree, nodeAt(tree, "shop", "reviews")).includes("Because: No pod behind it is ready"));
  });
});
