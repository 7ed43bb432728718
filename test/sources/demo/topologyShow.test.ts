import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import { configKinds } from "../../../src/mesh/inventory/inventoryKinds.ts";
import type { RouteFacts, TrafficConfig } from "../../../src/mesh/inventory/trafficConfig.ts";
import { edgeTruth, type TruthEdge } from "../../../src/sources/demo/telemetry/edges/edgeTruth.ts";
import { close, kindNamed, listAll, never, openShop } from "./demoShop.ts";
import { truthKey } from "./edgeComparison.ts";

// The demo mesh has one of everything that a topology shows, and stays a mesh with one fault to find.

const shop = openShop();
const window = { windowSeconds: 60, atMillis: shop.clock.now() };
const truth = edgeTruth(shop.mesh.history, window);

function edge(key: string): TruthEdge {
  const found = truth.find((candidate) => truthKey(candidate) === key);
  assert.ok(found, key);
  return found;
}

describe("the demo's configuration", () => {
  let config: TrafficConfig;

  before(async () => {
    const settings = { appLabels: ["app"], versionLabels: ["version"] };
    const cluster = { key: "uid-eu", context: "demo-eu", kubernetesVersion: "v1.35.2" };
    const inventory = new ClusterInventory(cluster, settings);
    const offered = await shop.eu.kinds(never);
    for (const { id, group, kind } of configKinds) {
      if (!offered.some((known) => known.group === group && known.kind === kind)) continue;
      inventory.listing(id);
      inventory.upsert(id, await listAll(shop.eu, kind, { kind: await kindNamed(shop.eu, kind, group) }));
      inventory.listed(id, []);
    }
    config = inventory.trafficConfig();
  });

  const shown: readonly (readonly [keyof RouteFacts, string])[] = [
    ["shiftsTraffic", "VirtualService reviews"],
    ["routesRequests", "VirtualService reviews"],
    ["injectsFaults", "VirtualService search"],
    ["setsTimeouts", "VirtualService search"],
    ["mirrors", "VirtualService ratings"],
    ["breaksCircuits", "DestinationRule ratings"],
  ];
  for (const [what, name] of shown) {
    it(`${what} somewhere in the shop`, () => {
      const doing = config.routes.filter((route) => route[what] === true).map(({ ref }) => `${ref.kind} ${ref.name}`);
      assert.ok(doing.includes(name), doing.join());
    });
  }

  it("wants mutual TLS in the whole mesh, but for one port", () => {
    const modes = config.mtls.map(({ ref, mode, portModes }) => [`${ref.namespace}/${ref.name}`, mode, portModes]);
    assert.deepEqual(
      new Set(modes),
      new Set([
        ["shop/front", "STRICT", { 8080: "PERMISSIVE" }],
        ["istio-system/default", "STRICT", {}],
      ]),
    );
    assert.deepEqual(config.unread, []);
  });
});

describe("the demo's edges", () => {
  it("have copies of every tenth request for the next version, which answers nobody else", () => {
    const asked = edge("eu/shop/front-v1 > eu/shop/ratings > eu/shop/ratings-v1 : http").rps ?? 0;
    const elsewhere = edge("eu/shop/front-v1 > us/shop/ratings > us/shop/ratings-v1 : http").rps ?? 0;
    const copied = edge("eu/shop/front-v1 > eu/shop/ratings > eu/shop/ratings-v2 : http");
    close(copied.rps, (asked + elsewhere) / 10, 1e-9, "copies");
    assert.equal(copied.errorRate, 0);
    const callers = truth.filter(({ destination }) => destination?.workload === "ratings-v2");
    assert.ok(callers.every(({ source }) => source?.clusterId === "eu"));
  });

  it("lead to hosts that nobody declared, allowed and refused", () => {
    assert.equal(edge("eu/shop/search > eu/unknown/PassthroughCluster > unknown : http").errorRate, 0);
    assert.equal(edge("eu/ops/batch > eu/unknown/BlackHoleCluster > unknown : http").errorRate, 1);
  });

  it("run side by side in two protocols", () => {
    const between = truth.filter(({ source, service }) => source?.workload === "front-v1" && service.name === "orders");
    assert.deepEqual(new Set(between.map(({ protocol }) => protocol)), new Set(["http", "tcp"]));
  });

  it("pass a waypoint, lead outside, and come from callers that nobody knows", () => {
    assert.ok((edge("eu/data/recommend > eu/data/models > eu/data/models : http").rps ?? 0) > 0);
    assert.ok((edge("eu/payments/charge > eu/payments/api.bank.example > unknown : tcp").sentBytesPerSecond ?? 0) > 0);
    assert.ok((edge("unknown > eu/shop/front > eu/shop/front-v1 : http").rps ?? 0) > 0);
  });

  it("fail in gRPC where teams are many", () => {
    const { mesh } = openShop({ services: 200 });
    const failing = edgeTruth(mesh.history, window).filter(
      ({ protocol, errorRate }) => protocol === "grpc" && errorRate,
    );
    assert.ok(failing.length > 0);
  });

  it("say nothing of the workload that has no replicas", async () => {
    const deployments = await listAll(shop.eu, "Deployment");
    const off = deployments.filter(({ spec }) => (spec as { replicas: number }).replicas === 0);
    assert.deepEqual(
      off.map(({ metadata }) => metadata.name),
      ["wishlist"],
    );
    assert.ok(!truth.some(({ destination }) => destination?.workload === "wishlist"));
  });

  it("fail on the way to the sick pod's service, and where the batch jobs may not go", () => {
    const failing = truth.filter(({ errorRate }) => (errorRate ?? 0) > 0).map(({ service }) => service.name);
    assert.deepEqual(new Set(failing), new Set(["reviews", "BlackHoleCluster"]));
  });
});
