import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture, nameOf } from "./feeding.ts";

interface Expected {
  readonly workload: string;
  readonly telemetryName: string;
  readonly replicas: { readonly desired: number; readonly ready: number };
  readonly pods: readonly string[];
  readonly ownerRead: boolean;
}

/** One workload from the fixture, its custom owner answered if the file has it. */
function workloadOf(name: string) {
  const objects = fixture(name);
  const inventory = feed(anInventory(), objects);
  for (const ref of inventory.wantedOwners()) {
    const owner = objects.find((object) => object.kind === ref.kind && object.metadata.name === ref.name);
    inventory.setOwner(ref, owner);
  }
  const workloads = inventory.workloads();
  assert.deepEqual(workloads.map(nameOf).length, 1, `one workload, not ${workloads.map(nameOf).join(", ")}`);
  const [workload] = workloads;
  assert.ok(workload);
  return workload;
}

const chains: Readonly<Record<string, Expected>> = {
  "owner-deployment": {
    workload: "Deployment shop/cart",
    telemetryName: "cart",
    replicas: { desired: 3, ready: 2 },
    pods: ["cart-7d9f8b6c5-abcde", "cart-7d9f8b6c5-fghij"],
    ownerRead: true,
  },
  "owner-statefulset": {
    workload: "StatefulSet shop/orders",
    telemetryName: "orders",
    replicas: { desired: 2, ready: 2 },
    pods: ["orders-0", "orders-1"],
    ownerRead: true,
  },
  "owner-daemonset": {
    workload: "DaemonSet shop/agent",
    telemetryName: "agent",
    replicas: { desired: 4, ready: 3 },
    pods: ["agent-abcde"],
    ownerRead: true,
  },
  "owner-job": {
    workload: "Job shop/import-20261101",
    // Istio takes eight digits at the end for a CronJob's, whatever made the Job.
    telemetryName: "import",
    replicas: { desired: 2, ready: 2 },
    pods: ["import-20261101-abcde", "import-20261101-fghij"],
    ownerRead: true,
  },
  "owner-cronjob": {
    workload: "CronJob shop/report",
    telemetryName: "report",
    replicas: { desired: 1, ready: 1 },
    pods: ["report-29400060-abcde"],
    ownerRead: true,
  },
  "owner-replicaset": {
    workload: "ReplicaSet shop/legacy",
    telemetryName: "legacy",
    replicas: { desired: 2, ready: 1 },
    pods: ["legacy-abcde"],
    ownerRead: true,
  },
  "owner-pod": {
    workload: "Pod shop/shell",
    telemetryName: "shell",
    replicas: { desired: 1, ready: 1 },
    pods: ["shell"],
    ownerRead: true,
  },
  "owner-rollout": {
    workload: "Rollout shop/checkout",
    telemetryName: "checkout",
    replicas: { desired: 3, ready: 3 },
    pods: ["checkout-5c4b8d6f8-ccccc", "checkout-6b8d4f7c9-aaaaa", "checkout-6b8d4f7c9-bbbbb"],
    ownerRead: true,
  },
  "owner-cloneset": {
    workload: "CloneSet shop/search",
    telemetryName: "search",
    replicas: { desired: 3, ready: 2 },
    pods: ["search-abcde", "search-fghij"],
    ownerRead: true,
  },
  "owner-unreadable": {
    workload: "StrimziPodSet shop/broker",
    telemetryName: "broker-0",
    replicas: { desired: 2, ready: 2 },
    pods: ["broker-0", "broker-1"],
    ownerRead: false,
  },
};

describe("an owner chain gives one workload", () => {
  for (const [name, expected] of Object.entries(chains)) {
    test(`${name}: kind, replicas, pods and the name in telemetry`, () => {
      const workload = workloadOf(name);
      assert.deepEqual(
        {
          workload: nameOf(workload),
          telemetryName: workload.telemetryName,
          replicas: workload.replicas,
          pods: workload.pods.map(({ ref }) => ref.name),
          ownerRead: workload.ownerRead,
        },
        expected,
      );
    });
  }

  test("a workload whose pods Istio names one by one says all their names", () => {
    const workload = workloadOf("owner-unreadable");
    assert.deepEqual([workload.telemetryName, ...(workload.otherTelemetryNames ?? [])], ["broker-0", "broker-1"]);
  });
});

describe("owners that nobody watches", () => {
  test("are wanted once, and no more after they were answered", () => {
    const inventory = feed(anInventory(), fixture("owner-cloneset"));
    const wanted = inventory.wantedOwners();
    assert.deepEqual(
      wanted.map(({ group, kind, name }) => `${group}/${kind}/${name}`),
      ["apps.kruise.io/CloneSet/search"],
    );
    for (const ref of wanted) inventory.setOwner(ref, undefined);
    assert.deepEqual(inventory.wantedOwners(), []);
  });

  test("are wanted again when their pods come or go, since what they said of replicas may be old", () => {
    const objects = fixture("owner-cloneset");
    const inventory = feed(anInventory(), objects);
    for (const ref of inventory.wantedOwners()) inventory.setOwner(ref, find(objects, "CloneSet"));
    assert.deepEqual(inventory.wantedOwners(), []);
    inventory.gone("pods", find(objects, "Pod"));
    assert.deepEqual(
      inventory.wantedOwners().map(({ name }) => name),
      ["search"],
    );
  });

  test("count their pods where only their metadata could be read", () => {
    const inventory = feed(anInventory(), fixture("owner-cloneset"));
    for (const ref of inventory.wantedOwners()) {
      inventory.setOwner(ref, {
        apiVersion: "meta.k8s.io/v1",
        kind: "PartialObjectMetadata",
        metadata: { name: ref.name, namespace: ref.namespace },
      });
    }
    const [workload] = inventory.workloads();
    assert.deepEqual(workload?.replicas, { desired: 2, ready: 2 });
    assert.equal(workload.ownerRead, true);
  });

  test("show the sum of their ReplicaSets until they are read", () => {
    const [workload] = feed(anInventory(), fixture("owner-rollout")).workloads();
    assert.deepEqual(workload?.replicas, { desired: 3, ready: 3 });
    assert.equal(workload.ownerRead, false);
  });
});

describe("the order in which kinds arrive", () => {
  for (const name of Object.keys(chains)) {
    test(`${name}: makes no difference`, () => {
      const inOrder = feed(anInventory(), fixture(name));
      const reversed = feed(anInventory(), [...fixture(name)].reverse(), "last kind first");
      assert.deepEqual(reversed.workloads(), inOrder.workloads());
    });
  }
});

describe("a ReplicaSet whose Deployment is not there", () => {
  const orphans = fixture("owner-deployment").filter(({ kind }) => kind === "Pod");

  test("is asked for, and meanwhile the Deployment is told by its name", () => {
    const inventory = feed(anInventory(), orphans);
    assert.deepEqual(inventory.workloads().map(nameOf), ["Deployment shop/cart"]);
    assert.deepEqual(
      inventory.wantedOwners().map(({ kind, name }) => `${kind} ${name}`),
      ["ReplicaSet cart-7d9f8b6c5"],
    );
  });

  test("is the workload itself where it turns out to have no owner", () => {
    const inventory = feed(anInventory(), orphans);
    for (const ref of inventory.wantedOwners()) {
      inventory.setOwner(ref, {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        metadata: { name: ref.name, namespace: ref.namespace, labels: { "pod-template-hash": "7d9f8b6c5" } },
      });
    }
    const [workload] = inventory.workloads();
    assert.ok(workload);
    assert.equal(nameOf(workload), "ReplicaSet shop/cart-7d9f8b6c5");
    assert.equal(workload.ownerRead, true);
    assert.equal(workload.telemetryName, "cart");
    assert.deepEqual(inventory.wantedOwners(), []);
  });
});

test("a mirror pod, which its node owns, is a workload of its own", () => {
  const [pod] = fixture("owner-pod");
  assert.ok(pod);
  const ownerReferences = [{ apiVersion: "v1", kind: "Node", name: "node-1", uid: "n", controller: true }];
  const mirror = { ...pod, metadata: { ...pod.metadata, ownerReferences } };
  assert.deepEqual(feed(anInventory(), [mirror]).workloads().map(nameOf), ["Pod shop/shell"]);
});

test("owners that own each other end the walk", () => {
  const owns = (name: string, owner: string): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name,
      namespace: "shop",
      ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true }],
    },
    spec: { replicas: 1 },
  });
  const [pod] = fixture("owner-replicaset").filter(({ kind }) => kind === "Pod");
  assert.ok(pod);
  const inventory = feed(anInventory(), [owns("legacy", "other"), owns("other", "legacy"), pod]);
  assert.deepEqual(inventory.workloads().map(nameOf), ["ReplicaSet shop/other"]);
});

test("a DeploymentConfig is told by its pods' label", () => {
  const [pod] = fixture("owner-pod");
  assert.ok(pod);
  const ownerReferences = [
    { apiVersion: "v1", kind: "ReplicationController", name: "web-3", uid: "r", controller: true },
  ];
  const metadata = {
    ...pod.metadata,
    name: "web-3-abcde",
    generateName: "web-3-",
    labels: { deploymentconfig: "web" },
  };
  const inventory = feed(anInventory(), [{ ...pod, metadata: { ...metadata, ownerReferences } }]);
  const [workload] = inventory.workloads();
  assert.ok(workload);
  assert.equal(nameOf(workload), "DeploymentConfig shop/web");
  assert.equal(workload.telemetryName, "web");
});

function find(objects: readonly KubeObject[], kind: string): KubeObject {
  const object = objects.find((candidate) => candidate.kind === kind);
  assert.ok(object);
  return object;
}
