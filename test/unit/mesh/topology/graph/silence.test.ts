import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { say } from "../../../../../src/mesh/message.ts";
import { emptyCauses, type EmptyCause } from "../../../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import type { MeshFacts, TopologyReading } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { cluster, facts, gateway, ref, service, workload } from "./facts.ts";
import { Ends, format, nodeNamed, now, readingOf } from "./readings.ts";

const ends = new Ends();
const reviewsV1 = workload("eu/shop/reviews-v1");
const quiet = workload("eu/shop/quiet-v1");
const shop = facts({
  workloads: [reviewsV1, quiet],
  services: [service("eu/shop/reviews", [reviewsV1]), service("eu/shop/quiet", [quiet])],
});
const calls = [ends.call("eu/shop/front-v1", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1 })];

function drawnOf(reading: TopologyReading, inventory: MeshFacts) {
  return graphOf(reading, inventory, { withIdleNodes: true, format });
}

function stateOf(id: string, inventory: MeshFacts, more: Partial<TopologyReading> = {}): string {
  return nodeNamed(drawnOf(readingOf(more.calls ?? calls, {}, more), inventory), id).state;
}

describe("silence", () => {
  it("of a store that has nothing to tell says of no service that it is idle", () => {
    const states = emptyCauses.map((cause: EmptyCause) => {
      const empty = { cause, words: say("Empty"), query: undefined, wayOut: "retry" } as const;
      return [cause, stateOf("service/eu/shop/quiet", shop, { calls: [], empty })];
    });
    assert.deepEqual(Object.fromEntries(states), {
      noPrometheus: "unknown",
      noSeries: "unknown",
      wrongLabels: "unknown",
      noAnswer: "unknown",
      noTraffic: "idle",
      shortWindow: "idle",
      filtered: "idle",
    });
  });

  it("of a waypoint, whose legs are folded away, leaves it to its pods", () => {
    const point = workload("eu/shop/point", { dataPlane: "gateway" });
    const inventory = facts({
      clusters: [cluster("eu", { gateways: [gateway("eu/shop/point", "waypoint")] })],
      workloads: [point],
      services: [service("eu/shop/point", [point])],
    });
    assert.equal(stateOf("workload/eu/shop/point", inventory), "healthy");
    assert.equal(stateOf("service/eu/shop/point", inventory), "unknown");
  });

  it("of a gateway's own Service says nothing, that of the gateway says that it is idle", () => {
    const ingress = workload("eu/edge/ingress", { dataPlane: "gateway" });
    const inventory = facts({
      clusters: [cluster("eu", { gateways: [gateway("eu/edge/ingress")] })],
      workloads: [ingress],
      services: [service("eu/edge/ingress", [ingress])],
    });
    assert.equal(stateOf("service/eu/edge/ingress", inventory), "unknown");
    assert.equal(stateOf("workload/eu/edge/ingress", inventory), "idle");
  });

  it("of an east-west gateway leaves it to its pods: what it passes through is not reported", () => {
    const eastWest = workload("eu/edge/eastwest", { dataPlane: "gateway" });
    const inventory = facts({
      clusters: [cluster("eu", { gateways: [gateway("eu/edge/eastwest", "east-west")] })],
      workloads: [eastWest],
    });
    assert.equal(stateOf("workload/eu/edge/eastwest", inventory), "healthy");
  });
});

describe("the inventory of now in a graph of the past", () => {
  const broken = workload("eu/shop/reviews-v1", { replicas: { desired: 2, ready: 0 } });
  const gone = workload("eu/shop/front-v1", { replicas: { desired: 0, ready: 0 } });
  const inventory = facts({ workloads: [broken, gone], services: [service("eu/shop/reviews", [broken])] });
  const nodeAt = (secondsAgo: number, id: string) => {
    const reading = readingOf(calls, {}, { readAtMillis: now + secondsAgo * 1000 });
    return nodeNamed(drawnOf(reading, inventory), id);
  };

  it("judges what was measured within the window and a minute, and nothing older", () => {
    const ids = ["workload/eu/shop/reviews-v1", "service/eu/shop/reviews"];
    assert.deepEqual(
      ids.map((id) => nodeAt(120, id).state),
      ["failing", "failing"],
    );
    assert.deepEqual(
      ids.map((id) => nodeAt(121, id).state),
      ["healthy", "healthy"],
    );
  });

  it("calls nothing dead that ran then", () => {
    assert.ok(nodeAt(0, "workload/eu/shop/front-v1").badges.includes("dead"));
    assert.ok(!nodeAt(121, "workload/eu/shop/front-v1").badges.includes("dead"));
  });
});

describe("the badge of a missing sidecar", () => {
  const outside = { inMesh: false, dataPlane: "none" } as const;
  const badgesOf = (path: string, inventory: MeshFacts) =>
    nodeNamed(drawnOf(readingOf(calls), inventory), `workload/${path}`).badges;

  it("is not on the parts of the control plane, and on what else lies beside a node agent", () => {
    const agent = { version: "1.29.2", replicas: { desired: 1, ready: 1 }, problems: [] };
    const eu = cluster("eu", {
      cni: { ...agent, ref: ref("DaemonSet", "eu/kube-system/istio-cni-node") },
      ztunnel: { ...agent, ref: ref("DaemonSet", "eu/kube-system/ztunnel") },
    });
    const paths = ["istio-system/istiod", "istio-system/kiali", "kube-system/istio-cni-node", "kube-system/ztunnel"];
    const workloads = [...paths, "kube-system/dns", "shop/legacy"].map((path) =>
      path.endsWith("istio-cni-node") || path.endsWith("ztunnel")
        ? workload(`eu/${path}`, { ...outside, ref: ref("DaemonSet", `eu/${path}`) })
        : workload(`eu/${path}`, outside),
    );
    const inventory = facts({ clusters: [eu], workloads });
    for (const path of paths) assert.ok(!badgesOf(`eu/${path}`, inventory).includes("missingSidecar"), path);
    for (const path of ["kube-system/dns", "shop/legacy"])
      assert.ok(badgesOf(`eu/${path}`, inventory).includes("missingSidecar"), path);
  });

  it("is not on what is scaled to 0", () => {
    const scaled = workload("eu/shop/legacy", { ...outside, replicas: { desired: 0, ready: 0 } });
    assert.deepEqual(badgesOf("eu/shop/legacy", facts({ workloads: [scaled] })), ["idle", "dead"]);
  });
});
