import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, nameOf } from "./feeding.ts";

const namespace = "shop";
const istio = "networking.istio.io/v1";

function service(spec: object): KubeObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "cart", namespace }, spec };
}

function serviceEntry(spec: object): KubeObject {
  return { apiVersion: istio, kind: "ServiceEntry", metadata: { name: "outside", namespace }, spec };
}

function workloadEntry(name: string, rest: { metadata?: object; spec?: object; status?: object } = {}): KubeObject {
  const { metadata, ...body } = rest;
  return { apiVersion: istio, kind: "WorkloadEntry", metadata: { name, namespace, ...metadata }, ...body };
}

function pod(name: string, labels: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, status: { phase: "Running" } };
}

function only(objects: readonly KubeObject[]) {
  const inventory = feed(anInventory(), objects);
  const [view, ...others] = inventory.services();
  assert.ok(view);
  assert.deepEqual(others, []);
  return { view, inventory };
}

describe("the protocol of a service's port", () => {
  const cases: readonly (readonly [object, string])[] = [
    [{ name: "http" }, "http"],
    [{ name: "http-web" }, "http"],
    [{ name: "HTTP-web" }, "http"],
    [{ name: "http2-api" }, "http2"],
    [{ name: "httpweb" }, "tcp"],
    [{ name: "grpc-web-ui" }, "grpc-web"],
    [{ name: "grpc-ui" }, "grpc"],
    [{ name: "mysql" }, "mysql"],
    [{ name: "web" }, "tcp"],
    [{}, "tcp"],
    [{ name: "http", appProtocol: "redis" }, "redis"],
    [{ name: "web", appProtocol: "kubernetes.io/h2c" }, "http2"],
    [{ name: "web", appProtocol: "kubernetes.io/wss" }, "https"],
    [{ name: "http", protocol: "UDP" }, "udp"],
  ];
  for (const [port, protocol] of cases) {
    test(`${JSON.stringify(port)} is ${protocol}`, () => {
      const { view } = only([service({ ports: [{ port: 80, ...port }] })]);
      assert.deepEqual(
        view.ports.map((each) => each.protocol),
        [protocol],
      );
    });
  }

  test("a ServiceEntry's says it outright, in any case", () => {
    const { view } = only([serviceEntry({ ports: [{ number: 443, name: "x", protocol: "TLS" }] })]);
    assert.deepEqual(view.ports, [{ name: "x", port: 443, protocol: "tls" }]);
  });
});

describe("a service", () => {
  test("has all its names, the shortest last", () => {
    const { view } = only([service({})]);
    assert.deepEqual(view.hosts, ["cart.shop.svc.cluster.local", "cart.shop.svc", "cart.shop", "cart"]);
  });

  test("without a selector selects nothing", () => {
    const { view } = only([service({}), pod("a", { app: "cart" })]);
    assert.deepEqual([view.workloads, view.inMesh], [[], undefined]);
  });

  test("that is an alias selects nothing, whatever selector it carries", () => {
    const { view } = only([service({ type: "ExternalName", selector: { app: "cart" } }), pod("a", { app: "cart" })]);
    assert.deepEqual([view.type, view.workloads], ["ExternalName", []]);
  });

  test("selects only in its own namespace", () => {
    const elsewhere = {
      ...pod("a", { app: "cart" }),
      metadata: { name: "a", namespace: "lab", labels: { app: "cart" } },
    };
    assert.deepEqual(only([service({ selector: { app: "cart" } }), elsewhere]).view.workloads, []);
  });

  test("follows a change of its selector both ways", () => {
    const { view, inventory } = only([
      service({ selector: { app: "cart" } }),
      pod("a", { app: "cart" }),
      pod("b", { app: "web" }),
    ]);
    inventory.upsert("services", [service({ selector: { app: "web" } })]);
    assert.deepEqual(inventory.service(view.id)?.workloads, ["uid-1//Pod/shop/b"]);
    assert.deepEqual(inventory.workload("uid-1//Pod/shop/a")?.services, []);
    assert.deepEqual(inventory.workload("uid-1//Pod/shop/b")?.services, [view.id]);
  });
});

describe("a ServiceEntry", () => {
  test("has its own hosts", () => {
    assert.deepEqual(only([serviceEntry({ hosts: ["api.example.com", "*.example.com"] })]).view.hosts, [
      "api.example.com",
      "*.example.com",
    ]);
  });

  test("that selects nothing here does not count among services in the mesh", () => {
    const { inventory } = only([serviceEntry({ hosts: ["api.example.com"] })]);
    assert.deepEqual(inventory.view().counts.services, { inMesh: 0, all: 0 });
  });

  test("selects entries and pods alike", () => {
    const { view, inventory } = only([
      serviceEntry({ hosts: ["db.example.com"], workloadSelector: { labels: { app: "db" } } }),
      workloadEntry("vm", { spec: { labels: { app: "db" } } }),
      pod("a", { app: "db" }),
    ]);
    assert.deepEqual(view.workloads, ["uid-1//Pod/shop/a", "uid-1/networking.istio.io/WorkloadEntry/shop/vm"]);
    assert.deepEqual(inventory.view().counts.services, { inMesh: 0, all: 1 });
  });
});

describe("machines outside Kubernetes", () => {
  const group: KubeObject = {
    apiVersion: istio,
    kind: "WorkloadGroup",
    metadata: { name: "db", namespace },
    spec: { metadata: { labels: { app: "db", version: "v1" } } },
  };
  const registered = {
    annotations: { "istio.io/autoRegistrationGroup": "db", "istio.io/workloadController": "istiod-1" },
  };

  test("an entry by itself is a workload", () => {
    const [workload] = feed(anInventory(), [workloadEntry("vm", { spec: { labels: { app: "db" } } })]).workloads();
    assert.ok(workload);
    assert.equal(nameOf(workload), "WorkloadEntry shop/vm");
    assert.deepEqual([workload.app, workload.replicas, workload.inMesh], ["db", { desired: 1, ready: 1 }, false]);
  });

  test("entries that registered themselves are replicas of their group, in the mesh by their connection", () => {
    const unhealthy = { conditions: [{ type: "Healthy", status: "False" }] };
    const [workload, ...others] = feed(anInventory(), [
      group,
      workloadEntry("db-10.0.0.1", { metadata: registered }),
      workloadEntry("db-10.0.0.2", { metadata: registered, status: unhealthy }),
    ]).workloads();
    assert.ok(workload);
    assert.deepEqual(others, []);
    assert.equal(nameOf(workload), "WorkloadGroup shop/db");
    assert.equal(workload.telemetryName, "db");
    assert.deepEqual([workload.app, workload.version], ["db", "v1"]);
    assert.deepEqual([workload.replicas, workload.dataPlane], [{ desired: 2, ready: 1 }, "sidecar"]);
  });

  test("a group without entries is a workload without replicas", () => {
    const [workload] = feed(anInventory(), [group]).workloads();
    assert.deepEqual([workload?.replicas, workload?.inMesh], [{ desired: 0, ready: 0 }, false]);
  });

  test("the labels of a group that nobody declared come from its first entry by name, in whatever order they came", () => {
    const entry = (name: string, app: string) =>
      workloadEntry(name, { metadata: registered, spec: { labels: { app } } });
    const [workload] = feed(anInventory(), [entry("db-2", "second"), entry("db-1", "first")]).workloads();
    assert.equal(workload?.app, "first");
  });

  test("an entry that says it speaks Istio's mTLS is in the mesh", () => {
    const entry = workloadEntry("vm", { spec: { labels: { "security.istio.io/tlsMode": "istio" } } });
    assert.equal(feed(anInventory(), [entry]).workloads()[0]?.inMesh, true);
  });
});

describe("app and version", () => {
  test("come from the first label of the settings that is there", () => {
    const labels = {
      app: "old",
      "app.kubernetes.io/name": "cart",
      version: "v1",
      "app.kubernetes.io/version": "1.2.3",
    };
    const [workload] = feed(anInventory(), [pod("a", labels)]).workloads();
    assert.deepEqual([workload?.app, workload?.version], ["cart", "1.2.3"]);
  });

  test("are unknown where no label says them", () => {
    const [workload] = feed(anInventory(), [pod("a", { tier: "front" })]).workloads();
    assert.deepEqual([workload?.app, workload?.version], [undefined, undefined]);
  });
});
