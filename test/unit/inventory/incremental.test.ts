import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture } from "./feeding.ts";

const namespace = "shop";

function service(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec: { selector: { app: name } } };
}

function deployment(name: string): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { replicas: 1, template: { metadata: { labels: { app: name } } } },
    status: { readyReplicas: 1 },
  };
}

interface PodState {
  readonly isReady?: boolean;
  readonly isInjected?: boolean;
  readonly resourceVersion?: string;
}

function pod(app: string, end: string, state: PodState = {}): KubeObject {
  const { isReady = true, isInjected = true, resourceVersion = "1" } = state;
  const replicaSet = `${app}-7d9f8b6c5`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${replicaSet}-${end}`,
      generateName: `${replicaSet}-`,
      namespace,
      resourceVersion,
      labels: { app, "pod-template-hash": "7d9f8b6c5" },
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: replicaSet, uid: app, controller: true }],
    },
    spec: { containers: isInjected ? [{ name: "istio-proxy", image: "istio/proxyv2:1.24.2" }] : [{ name: "app" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
  };
}

function shop(): ClusterInventory {
  const apps = ["cart", "web"];
  const pods = apps.flatMap((app) => [pod(app, "aaaaa"), pod(app, "bbbbb")]);
  const inventory = feed(anInventory(), [...apps.map(deployment), ...apps.map(service), ...pods]);
  inventory.takeTouched();
  return inventory;
}

const cart = { service: "uid-1//Service/shop/cart", workload: "uid-1/apps/Deployment/shop/cart" };
const web = { service: "uid-1//Service/shop/web", workload: "uid-1/apps/Deployment/shop/web" };

function touched(inventory: ClusterInventory) {
  const { services, workloads, clusters } = inventory.takeTouched();
  return { services: [...services], workloads: [...workloads], clusters: [...clusters] };
}

const nothing = { services: [], workloads: [], clusters: [] };

describe("one pod's change", () => {
  test("of readiness touches its workload alone", () => {
    const inventory = shop();
    inventory.upsert("pods", [pod("cart", "aaaaa", { isReady: false })]);
    assert.deepEqual(touched(inventory), { ...nothing, workloads: [cart.workload] });
  });

  test("of its data plane touches its workload, its services and the cluster's counts", () => {
    const inventory = shop();
    inventory.upsert("pods", [pod("cart", "aaaaa", { isInjected: false })]);
    assert.deepEqual(touched(inventory), {
      services: [cart.service],
      workloads: [cart.workload],
      clusters: ["uid-1"],
    });
  });

  test("that shows nowhere touches nothing", () => {
    const inventory = shop();
    inventory.upsert("pods", [pod("cart", "aaaaa", { resourceVersion: "2" })]);
    assert.deepEqual(touched(inventory), nothing);
  });

  test("leaves the views of everything else as they are", () => {
    const inventory = shop();
    const before = { service: inventory.service(web.service), workload: inventory.workload(web.workload) };
    inventory.upsert("pods", [pod("cart", "aaaaa", { isInjected: false })]);
    assert.equal(inventory.service(web.service), before.service);
    assert.equal(inventory.workload(web.workload), before.workload);
    assert.ok(before.service && before.workload);
  });

  test("leaves the other pods of its workload as they are", () => {
    const inventory = shop();
    const [, before] = inventory.workload(cart.workload)?.pods ?? [];
    inventory.upsert("pods", [pod("cart", "aaaaa", { isReady: false })]);
    const [changed, after] = inventory.workload(cart.workload)?.pods ?? [];
    assert.equal(changed?.isReady, false);
    assert.equal(after, before);
    assert.ok(before);
  });

  test("leaves all of the cluster but its counts as it is", () => {
    const inventory = feed(anInventory(), fixture("control-plane-1.24"));
    const before = inventory.view();
    inventory.upsert("pods", [pod("cart", "aaaaa")]);
    const after = inventory.view();
    assert.notEqual(after, before);
    assert.equal(after.gateways, before.gateways);
    assert.equal(after.controlPlanes[0]?.trustDomain, before.controlPlanes[0]?.trustDomain);
  });
});

describe("lists keep their identity", () => {
  test("while nothing in them changes", () => {
    const inventory = shop();
    const before = { services: inventory.services(), workloads: inventory.workloads(), view: inventory.view() };
    inventory.upsert("pods", [pod("cart", "aaaaa", { resourceVersion: "2" })]);
    assert.equal(inventory.services(), before.services);
    assert.equal(inventory.workloads(), before.workloads);
    assert.equal(inventory.view(), before.view);
  });

  test("when the same objects are listed anew", () => {
    const inventory = shop();
    const before = { services: inventory.services(), workloads: inventory.workloads(), view: inventory.view() };
    inventory.listing("pods");
    inventory.upsert(
      "pods",
      ["cart", "web"].flatMap((app) => [pod(app, "aaaaa"), pod(app, "bbbbb")]),
    );
    inventory.listed("pods", []);
    assert.deepEqual(touched(inventory), nothing);
    assert.equal(inventory.services(), before.services);
    assert.equal(inventory.workloads(), before.workloads);
    assert.equal(inventory.view(), before.view);
  });
});

describe("what came or went is touched", () => {
  test("a service that is gone, and the workload it selected", () => {
    const inventory = shop();
    inventory.gone("services", service("cart"));
    assert.deepEqual(touched(inventory), {
      services: [cart.service],
      workloads: [cart.workload],
      clusters: ["uid-1"],
    });
    assert.equal(inventory.service(cart.service), undefined);
  });

  test("what a new list no longer names", () => {
    const inventory = shop();
    inventory.listing("deployments");
    inventory.upsert("deployments", [deployment("cart")]);
    inventory.listed("deployments", []);
    inventory.listing("pods");
    inventory.listed("pods", []);
    assert.deepEqual(
      inventory.workloads().map(({ id }) => id),
      [cart.workload],
    );
    assert.ok(inventory.takeTouched().workloads.has(web.workload));
  });

  test("a workload that was never seen comes and goes unnoticed between two looks", () => {
    const inventory = shop();
    inventory.upsert("deployments", [deployment("brief")]);
    inventory.gone("deployments", deployment("brief"));
    assert.deepEqual(touched(inventory), nothing);
  });

  test("a workload scaled to nothing stays joined to its service", () => {
    const inventory = shop();
    for (const end of ["aaaaa", "bbbbb"]) inventory.gone("pods", pod("cart", end));
    assert.deepEqual(inventory.service(cart.service)?.workloads, [cart.workload]);
    assert.equal(inventory.service(cart.service)?.inMesh, undefined);
    assert.deepEqual(inventory.workload(cart.workload)?.services, [cart.service]);
  });
});

test("a kind that the inventory does not know is a bug, and says so", () => {
  assert.throws(() => shop().upsert("teapots", []), /knows no kind "teapots"/);

  test("pods that are awaited leave membership open only where no proxy was seen yet", () => {
    const inventory = feed(anInventory(), [
      deployment("cart"),
      deployment("web"),
      service("web"),
      pod("cart", "aaaaa"),
    ]);
    inventory.awaitPods(true);
    assert.equal(inventory.workload(cart.workload)?.inMesh, true);
    assert.equal(inventory.workload(web.workload)?.inMesh, undefined);
    assert.equal(inventory.view().counts.workloads.inMesh, undefined);
    assert.equal(inventory.view().pods, undefined);
  });

  test("pods that are in touch what was left open, and nothing else", () => {
    const inventory = feed(anInventory(), [deployment("cart"), deployment("web"), pod("cart", "aaaaa")]);
    inventory.awaitPods(true);
    inventory.takeTouched();
    inventory.awaitPods(false);
    assert.deepEqual([...inventory.takeTouched().workloads], [web.workload]);
    assert.deepEqual(inventory.view().counts.workloads, { inMesh: 1, all: 2 });
  });
});
