import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { meshesOf } from "../../../src/mesh/inventory/meshes/meshes.ts";
import { istiodsOf, proxiesOf } from "../../../src/mesh/live/istiods.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { ProxyStatus } from "../../../src/mesh/ports.ts";
import { anInventory, feed, fixture } from "../inventory/feeding.ts";

function aProxy(proxy: string, clusterId?: string): ProxyStatus {
  return { proxy, clusterId, version: undefined, istiod: "istiod-a", types: {} };
}

/** The clusters of fixtures as one world, by the key "1", "2" ... */
function aWorld(...clusters: readonly (readonly KubeObject[])[]) {
  const inventories = clusters.map((objects, i) => feed(anInventory(String(i + 1)), objects));
  const meshes = meshesOf(inventories);
  return (key: string) => istiodsOf(key, meshes, (of) => inventories.find(({ cluster }) => cluster.key === of));
}

/** A pod of the Deployment istiod. */
function anIstiod(end: string, phase = "Running"): KubeObject {
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "istiod-7d9f", uid: "rs-istiod", controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `istiod-7d9f-${end}`,
      generateName: "istiod-7d9f-",
      namespace: "istio-system",
      labels: { app: "istiod", "pod-template-hash": "7d9f" },
      ownerReferences: [owner],
    },
    spec: { containers: [{ name: "discovery", image: "istio/pilot:1.29.0" }] },
    status: { phase },
  };
}

const primary = fixture("topology-primary-remote-1");
const remote = fixture("topology-primary-remote-2");
const running = [...primary, anIstiod("a"), anIstiod("b"), anIstiod("old", "Succeeded")];

describe("the istiods that are asked about a cluster's proxies", () => {
  it("are its own where it has running ones", () => {
    const found = aWorld(running, remote)("1");
    assert.equal(found?.cluster, "1");
    assert.deepEqual(found.pods.map(({ namespace, name }) => `${namespace}/${name}`).sort(), [
      "istio-system/istiod-7d9f-a",
      "istio-system/istiod-7d9f-b",
    ]);
  });

  it("are those of its mesh's primary where it runs none", () => {
    assert.equal(aWorld(running, remote)("2")?.cluster, "1");
  });

  it("are none of pods that do not run", () => {
    assert.equal(aWorld([...primary, anIstiod("old", "Succeeded")])("1"), undefined);
  });

  it("are none of a cluster that nothing ties to a mesh, or nobody knows", () => {
    assert.equal(aWorld(running, [])("2"), undefined);
    assert.equal(aWorld(running)("9"), undefined);
  });
});

describe("the proxies of a cluster, of those that istiods tell of", () => {
  const told = [aProxy("cart-1.shop", "east"), aProxy("cart-1.shop", "west"), aProxy("cart-2.shop")];

  it("are those with its cluster ID, and those without any of its own istiods", () => {
    assert.deepEqual(proxiesOf(told, { clusterId: "east", isOwn: true }), [told[0], told[2]]);
    assert.deepEqual(proxiesOf(told, { clusterId: "west", isOwn: false }), [told[1]]);
  });

  it("are none where its ID is not known and several clusters' are told of", () => {
    assert.deepEqual(proxiesOf(told, { clusterId: undefined, isOwn: true }), []);
  });

  it("are all of its own istiods that tell of one cluster only, and never another's", () => {
    const one = [aProxy("a.shop", "east"), aProxy("b.shop", "east")];
    assert.deepEqual(proxiesOf(one, { clusterId: undefined, isOwn: true }), one);
    assert.deepEqual(proxiesOf(one, { clusterId: undefined, isOwn: false }), []);
  });
});
