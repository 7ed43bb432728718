import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import { fill } from "../../../src/mesh/message.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture, nameOf } from "./feeding.ts";

type Texts = Readonly<Record<string, string>>;

interface PodOptions {
  readonly name?: string;
  readonly labels?: Texts;
  readonly annotations?: Texts;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const app = { name: "app", image: "example/app:1" };
const proxy = { name: "istio-proxy", image: "docker.io/istio/proxyv2:1.24.2", args: ["proxy", "sidecar"] };
const ready = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

function aPod(options: PodOptions = {}): KubeObject {
  const { name = "cart", labels = {}, annotations = {}, spec = { containers: [app] }, status = ready } = options;
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", labels, annotations }, spec, status };
}

function aNamespace(labels: Texts): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels } };
}

const webhooks = fixture("control-plane-1.24").filter(({ kind }) => /Webhook|Service/.test(kind));

function only(inventory: ClusterInventory) {
  const [workload, ...others] = inventory.workloads();
  assert.ok(workload);
  assert.deepEqual(others.map(nameOf), []);
  return workload;
}

function membership(...objects: readonly KubeObject[]) {
  const { dataPlane, inMesh, problems } = only(feed(anInventory(), objects));
  return { dataPlane, inMesh, problems: problems.map(({ words }) => fill(words)) };
}

const outside = { dataPlane: "none", inMesh: false, problems: [] };
const notInjected = {
  ...outside,
  problems: ["Not injected: 1 of 1 pods have no proxy although injection is on for them. Restart the workload."],
};

describe("in the mesh by fact", () => {
  const facts = {
    "a proxy beside the app": [aPod({ spec: { containers: [app, proxy] } }), "sidecar"],
    "a native sidecar": [aPod({ spec: { containers: [app], initContainers: [proxy] } }), "sidecar"],
    "a router that the gateway template made": [
      aPod({ spec: { containers: [{ ...proxy, args: ["proxy", "router"] }] } }),
      "gateway",
    ],
    "an ingress gateway of Istio 1.5, told by its label": [
      aPod({ labels: { istio: "ingressgateway" }, spec: { containers: [{ ...proxy, args: ["proxy"] }] } }),
      "gateway",
    ],
    "a pod that istio-cni redirected": [
      aPod({ annotations: { "ambient.istio.io/redirection": "enabled" } }),
      "ambient",
    ],
  } as const;
  for (const [name, [pod, dataPlane]] of Object.entries(facts)) {
    test(name, () => assert.deepEqual(membership(pod), { dataPlane, inMesh: true, problems: [] }));
  }
});

describe("not in the mesh", () => {
  test("a container of that name without an image that runs", () => {
    assert.deepEqual(membership(aPod({ spec: { containers: [{ name: "istio-proxy", image: "auto" }] } })), outside);
  });

  test("another vendor's gateway, though it carries the Gateway API's label", () => {
    const labels = { "gateway.networking.k8s.io/gateway-name": "envoy" };
    assert.deepEqual(membership(aPod({ labels })), outside);
  });

  test("ztunnel, whose container is named like a sidecar's", () => {
    const spec = { containers: [{ ...proxy, args: ["proxy", "ztunnel"] }] };
    assert.deepEqual(membership(aPod({ labels: { app: "ztunnel" }, spec })), outside);
  });
});

describe("a pod without a proxy where injection is wished", () => {
  const cases: readonly (readonly [string, Texts, PodOptions, "wished" | "declined"])[] = [
    ["by the namespace's label", { "istio-injection": "enabled" }, {}, "wished"],
    ["by the namespace's revision", { "istio.io/rev": "default" }, {}, "wished"],
    ["by a revision that no webhook serves", { "istio.io/rev": "gone" }, {}, "declined"],
    ["by nobody", {}, {}, "declined"],
    ["by the pod's label", {}, { labels: { "sidecar.istio.io/inject": "true" } }, "wished"],
    ["by the pod's revision", {}, { labels: { "istio.io/rev": "default" } }, "wished"],
    [
      "by the pod, against its namespace",
      { "istio-injection": "disabled" },
      { labels: { "sidecar.istio.io/inject": "true" } },
      "declined",
    ],
    [
      "by the namespace, and declined by the pod's label",
      { "istio-injection": "enabled" },
      { labels: { "sidecar.istio.io/inject": "false" } },
      "declined",
    ],
    [
      "by the namespace, and declined by the pod's annotation",
      { "istio-injection": "enabled" },
      { annotations: { "sidecar.istio.io/inject": "false" } },
      "declined",
    ],
    [
      "by the namespace, for a pod on the host's network",
      { "istio-injection": "enabled" },
      { spec: { hostNetwork: true, containers: [app] } },
      "declined",
    ],
    [
      "by the namespace, for a pod that has ended",
      { "istio-injection": "enabled" },
      { status: { phase: "Succeeded" } },
      "declined",
    ],
  ];
  for (const [name, namespace, pod, wish] of cases) {
    test(`${name}: ${wish}`, () => {
      const expected = wish === "wished" ? notInjected : outside;
      assert.deepEqual(membership(...webhooks, aNamespace(namespace), aPod(pod)), expected);
    });
  }

  test("is told by labels alone where webhooks may not be read", () => {
    const inventory = anInventory();
    inventory.upsert("namespaces", [aNamespace({ "istio-injection": "enabled" })]);
    inventory.upsert("pods", [aPod()]);
    assert.equal(only(inventory).problems.length, 1);
  });

  test("is no problem where no webhook would inject anything", () => {
    assert.deepEqual(membership(aNamespace({ "istio-injection": "enabled" }), aPod()), outside);
  });

  test("becomes one when its namespace is labelled, and none when the label goes", () => {
    const inventory = feed(anInventory(), [...webhooks, aNamespace({}), aPod()]);
    inventory.upsert("namespaces", [aNamespace({ "istio-injection": "enabled" })]);
    assert.equal(only(inventory).problems.length, 1);
    inventory.upsert("namespaces", [aNamespace({})]);
    assert.equal(only(inventory).problems.length, 0);
  });
});

describe("ambient", () => {
  const ambient = aNamespace({ "istio.io/dataplane-mode": "ambient" });

  test("a ready pod that nobody captured is a problem", () => {
    assert.match(membership(ambient, aPod()).problems[0] ?? "", /^Not captured/);
  });

  test("a pod that opted out is none", () => {
    assert.deepEqual(membership(ambient, aPod({ labels: { "istio.io/dataplane-mode": "none" } })), outside);
  });

  test("a pod that is only starting is none yet", () => {
    assert.deepEqual(membership(ambient, aPod({ status: { phase: "Pending" } })), outside);
  });
});

describe("pods of which only labels and annotations are read", () => {
  function partly(options: PodOptions) {
    const inventory = anInventory();
    inventory.upsert("podMetadata", [aPod({ ...options, spec: {}, status: {} })]);
    return only(inventory);
  }

  test("are in the mesh by the injector's annotation", () => {
    const status = '{"containers":["istio-proxy"],"revision":"1-24-2"}';
    const { dataPlane, revision } = partly({ annotations: { "sidecar.istio.io/status": status } });
    assert.deepEqual([dataPlane, revision], ["sidecar", "1-24-2"]);
  });

  test("are gateways by the label that istiod gives those it deploys", () => {
    const labels = { "gateway.istio.io/managed": "istio.io-mesh-controller" };
    assert.equal(partly({ labels }).dataPlane, "gateway");
  });

  test("are ambient by the annotation of istio-cni", () => {
    assert.equal(partly({ annotations: { "ambient.istio.io/redirection": "enabled" } }).dataPlane, "ambient");
  });

  test("are not shown as pods, and the workload says so", () => {
    const { pods, podsRead } = partly({});
    assert.deepEqual([pods, podsRead], [[], false]);
  });

  test("give way to the whole pod, and come back when that is no longer watched", () => {
    const inventory = anInventory();
    inventory.upsert("podMetadata", [aPod({ spec: {}, status: {} })]);
    inventory.upsert("pods", [aPod({ spec: { containers: [app, proxy] } })]);
    assert.deepEqual([only(inventory).dataPlane, only(inventory).pods.length], ["sidecar", 1]);
    inventory.listing("pods");
    inventory.listed("pods", []);
    assert.deepEqual([only(inventory).dataPlane, only(inventory).pods.length], ["none", 0]);
  });

  test("count once, whichever lists name them", () => {
    const inventory = feed(anInventory(), [aPod({ labels: { app: "ztunnel" } })]);
    inventory.upsert("podMetadata", [aPod()]);
    assert.deepEqual(inventory.view().pods, { sidecar: 0, ambient: 0, gateway: 0, none: 1 });
  });
});

describe("memory that ran out", () => {
  const killed = (name: string, finishedAt: string, conditions: readonly unknown[] = ready.conditions) =>
    aPod({
      name,
      labels: { "service.istio.io/workload-name": "cart" },
      status: {
        phase: "Running",
        conditions,
        containerStatuses: [{ name: "app", lastState: { terminated: { reason: "OOMKilled", finishedAt } } }],
      },
    });
  const problemsOf = (...pods: readonly KubeObject[]) => {
    const owned = pods.map((pod) => ({
      ...pod,
      metadata: {
        ...pod.metadata,
        ownerReferences: [{ apiVersion: "apps/v1", kind: "StatefulSet", name: "cart", uid: "s", controller: true }],
      },
    }));
    const { problems } = only(feed(anInventory(), owned));
    return problems.map(({ severity, happenedAt }) => [severity, happenedAt]);
  };

  test("is an error that lasts while the pod is not ready", () => {
    assert.deepEqual(problemsOf(killed("cart-0", "2026-11-01T00:00:00Z", [])), [["error", undefined]]);
  });

  test("is a warning with the latest time where all pods are ready again", () => {
    assert.deepEqual(problemsOf(killed("cart-0", "2026-11-01T00:00:00Z"), killed("cart-1", "2026-11-02T00:00:00Z")), [
      ["warning", "2026-11-02T00:00:00Z"],
    ]);
  });

  test("is an error where one of several pods is not ready", () => {
    assert.deepEqual(
      problemsOf(killed("cart-0", "2026-11-01T00:00:00Z", []), killed("cart-1", "2026-11-02T00:00:00Z")),
      [["error", undefined]],
    );
  });
});

describe("what went wrong with a pod", () => {
  const cases = {
    "a container that runs again after it ran out of memory": [
      {
        containerStatuses: [
          {
            name: "app",
            restartCount: 3,
            state: { running: {} },
            lastState: { terminated: { reason: "OOMKilled", finishedAt: "2026-11-01T00:00:00Z" } },
          },
        ],
      },
      ["OOMKilled", "2026-11-01T00:00:00Z", 3],
    ],
    "a container that backs off": [
      { containerStatuses: [{ name: "app", restartCount: 9, state: { waiting: { reason: "CrashLoopBackOff" } } }] },
      ["CrashLoopBackOff", undefined, 9],
    ],
    "a container that backs off because it ran out of memory": [
      {
        containerStatuses: [
          {
            name: "app",
            restartCount: 9,
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { reason: "OOMKilled" } },
          },
        ],
      },
      ["OOMKilled", undefined, 9],
    ],
    "a pod that its node evicted": [{ phase: "Failed", reason: "Evicted" }, ["Evicted", undefined, 0]],
    "a pod that fits on no node": [
      { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
      ["Unschedulable", undefined, 0],
    ],
    "a pod that is starting": [
      { containerStatuses: [{ name: "app", state: { waiting: { reason: "ContainerCreating" } } }] },
      [undefined, undefined, 0],
    ],
    "a container that completed": [
      { containerStatuses: [{ name: "app", state: { terminated: { reason: "Completed" } } }] },
      [undefined, undefined, 0],
    ],
  } as const;
  for (const [name, [status, expected]] of Object.entries(cases)) {
    test(name, () => {
      const [pod] = only(feed(anInventory(), [aPod({ status })])).pods;
      assert.deepEqual([pod?.reason, pod?.reasonAt, pod?.restarts], expected);
    });
  }
});
