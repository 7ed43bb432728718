import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WorkloadView } from "../../../src/mesh/inventory/views.ts";
import type { TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import {
  aCluster,
  aFeed,
  aMesh,
  anExplorer,
  aPod,
  aRow,
  aService,
  aStatus,
  aWorkload,
  byId,
  http,
  linesBelow,
  nodeAt,
  now,
  someRequests,
  tooltipOf,
  touchedWords,
} from "./aWorld.ts";

function rowOf(view: WorkloadView, row?: TrafficRow): string | undefined {
  const feeds = [aFeed({ workloads: row ? [row] : [] })];
  return linesBelow(anExplorer({ workloads: byId(view), feeds }).tree("workloads"), "shop")[0];
}

describe("the workloads tree", () => {
  it("shows rate, error share and p95 of a workload in order", () => {
    assert.equal(
      rowOf(aWorkload("reviews-v2"), http("reviews-v2", 12)),
      "reviews-v2: 12 rps · 0% · p95 18 ms [healthy]",
    );
  });

  it("shows first how many pods are missing", () => {
    const requests = someRequests({ rps: 12, errorsPerSecond: 1 });
    assert.equal(
      rowOf(aWorkload("reviews-v2", { replicas: { desired: 3, ready: 2 } }), http("reviews-v2", 12, { requests })),
      "reviews-v2: 2 of 3 ready · 12 rps · 8.3% [degraded]",
    );
  });

  it("shows bytes of a workload with TCP alone", () => {
    const tcp = { receivedBytesPerSecond: 1620, sentBytesPerSecond: 900 };
    assert.equal(rowOf(aWorkload("db"), aRow("db", { tcp })), "db: ↓1.6 kB/s ↑0.9 kB/s [healthy]");
  });

  it("says what an idle workload is and that it is idle", () => {
    assert.equal(rowOf(aWorkload("old", { kind: "StatefulSet" })), "old: StatefulSet · 1 of 1 ready · idle [idle]");
  });

  it("says that a workload is not in the mesh", () => {
    const view = aWorkload("old", { inMesh: false, dataPlane: "none" });
    assert.equal(rowOf(view), "old: Deployment · idle · not in mesh [idle]");
  });

  it("judges by the pods where there are no numbers, and says why there are none", () => {
    const status = aStatus({ telemetry: { state: "none" } });
    const explorer = anExplorer({
      workloads: byId(aWorkload("reviews-v2")),
      feeds: [aFeed({}, { status, summaries: undefined })],
    });
    const tree = explorer.tree("workloads");
    assert.deepEqual(
      [...linesBelow(tree, "shop"), ...tooltipOf(tree, nodeAt(tree, "shop", "reviews-v2")).slice(2, 3)],
      ["reviews-v2: Deployment · 1 of 1 ready · – [healthy]", "Because: No metrics source was found for prod-eu"],
    );
  });

  it("says which cluster a workload is in where another has one of that name", () => {
    const us = aWorkload("cart", { cluster: "uid-us" });
    const explorer = anExplorer({
      meshes: [aMesh([aCluster(), aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" })])],
      workloads: byId(aWorkload("cart"), aWorkload("front"), us),
      feeds: [aFeed({ workloads: [http("cart", 14), http("front", 3)] })],
    });
    const tree = explorer.tree("workloads");
    const both = linesBelow(tree, "shop");
    const touched = explorer.update({ workloads: new Map([[us.id, undefined]]) }).workloads;
    assert.deepEqual(
      [both, touchedWords(tree, touched), linesBelow(tree, "shop")[0]],
      [
        [
          "cart: 14 rps in prod-eu · 0% · p95 18 ms [healthy]",
          "cart: Deployment in prod-us · 1 of 1 ready · – [healthy]",
          "front: 3 rps · 0% · p95 18 ms [healthy]",
        ],
        ["shop"],
        "cart: 14 rps · 0% · p95 18 ms [healthy]",
      ],
    );
  });

  it("shows pods with their node and what is wrong with them", () => {
    const pods = [
      aPod("b", { isReady: false, reason: "OOMKilled", reasonAt: new Date(now - 125_000).toISOString(), restarts: 3 }),
      aPod("a"),
      aPod("c", { isReady: false, phase: "Pending", node: undefined }),
    ];
    const explorer = anExplorer({ workloads: byId(aWorkload("reviews-v2", { pods })) });
    assert.deepEqual(linesBelow(explorer.tree("workloads"), "shop", "reviews-v2"), [
      "a: node-a [healthy]",
      "b: node-a · OOMKilled 2 min ago · 3 restarts [failing]",
      "c: no node · Pending [degraded]",
    ]);
  });

  it("lets the age of a reason grow with the clock, and touches nothing else", () => {
    const pods = [aPod("a"), aPod("b", { reason: "OOMKilled", reasonAt: new Date(now - 125_000).toISOString() })];
    const explorer = anExplorer({ workloads: byId(aWorkload("reviews-v2", { pods })) });
    const tree = explorer.tree("workloads");
    nodeAt(tree, "shop", "reviews-v2", "b");
    assert.deepEqual(touchedWords(tree, explorer.update({ nowMillis: now + 60_000 }).workloads), ["b"]);
  });

  it("writes a reason without a readable time as it is", () => {
    const pods = [aPod("a", { reason: "Evicted", reasonAt: "yesterday" })];
    const explorer = anExplorer({ workloads: byId(aWorkload("w", { pods })) });
    assert.deepEqual(linesBelow(explorer.tree("workloads"), "shop", "w"), ["a: node-a · Evicted [degraded]"]);
  });
});

describe("what is below a pod", () => {
  const pods = [aPod("reviews-b", { node: "node-b" }), aPod("reviews-a"), aPod("reviews-c", { node: undefined })];
  const reviews = aWorkload("reviews-v2", { pods });
  const service = aService("reviews", { workloads: [reviews.id] });
  const explorer = anExplorer({ workloads: byId(reviews), services: byId(service) });
  const trees = [
    ["workloads", ["shop", "reviews-v2"]],
    ["services", ["shop", "reviews", "reviews-v2"]],
  ] as const;

  for (const [name, path] of trees) {
    it(`is its node in the ${name} tree, the last row that arrow keys reach`, () => {
      const tree = explorer.tree(name);
      const workload = nodeAt(tree, ...path);
      // Arrow keys go down the rows in the order of the children: a pod, its node, the next pod.
      const reached = tree.children(workload.id).flatMap((pod) => [pod, ...tree.children(pod.id)]);
      assert.deepEqual(
        reached.map(({ label }) => label),
        ["reviews-a", "node-a", "reviews-b", "node-b", "reviews-c"],
      );
      assert.deepEqual(
        reached.filter(({ hasChildren }) => hasChildren).map(({ label }) => label),
        ["reviews-a", "reviews-b"],
      );
    });
  }
});
