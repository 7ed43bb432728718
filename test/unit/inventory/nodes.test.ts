import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readNode } from "../../../src/mesh/inventory/nodes/nodeView.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory } from "./feeding.ts";

function aNode(name: string, body: Record<string, unknown> = {}, labels = {}): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, ...body };
}

function conditions(...pairs: readonly (readonly [type: string, status: string])[]) {
  return { status: { conditions: pairs.map(([type, status]) => ({ type, status })) } };
}

const read = (body: Record<string, unknown> = {}, labels = {}) => readNode(aNode("node-a", body, labels), "uid-1");
const forbidden = new MeshError("forbidden", say("Cannot list nodes."));

describe("a node's facts", () => {
  it("are named by the cluster and the node alone", () => {
    assert.deepEqual(read().ref, { cluster: "uid-1", group: "", kind: "Node", namespace: "", name: "node-a" });
  });

  it("say ready for True, and not ready for False and for Unknown, by which a kubelet is silent", () => {
    const ready = ["True", "False", "Unknown"].map((status) => read(conditions(["Ready", status])).isReady);
    assert.deepEqual(ready, [true, false, false]);
  });

  it("say nothing of a node without conditions", () => {
    assert.equal(read().isReady, undefined);
    assert.deepEqual(read().pressures, []);
  });

  it("name what presses it, and not what is False or Unknown", () => {
    const pressed = conditions(
      ["NetworkUnavailable", "True"],
      ["MemoryPressure", "False"],
      ["DiskPressure", "True"],
      ["PIDPressure", "Unknown"],
      ["KernelDeadlock", "True"],
    );
    assert.deepEqual(read(pressed).pressures, ["DiskPressure", "NetworkUnavailable"]);
  });

  it("tell of a cordon", () => {
    assert.equal(read().isUnschedulable, false);
    assert.equal(read({ spec: { unschedulable: true } }).isUnschedulable, true);
  });

  it("have what pods may take of it, in cores and bytes, and not what it has in all", () => {
    const node = read({
      status: { capacity: { cpu: "4", memory: "8Gi" }, allocatable: { cpu: "3920m", memory: "7Gi" } },
    });
    assert.equal(node.allocatableCores, 3.92);
    assert.equal(node.allocatableBytes, 7_516_192_768);
  });

  it("have no allocatable where the node says none, or nonsense", () => {
    assert.equal(read().allocatableCores, undefined);
    assert.equal(read({ status: { allocatable: { memory: "much" } } }).allocatableBytes, undefined);
  });

  it("have the zone by the label of today before the one of old", () => {
    const old = { "failure-domain.beta.kubernetes.io/zone": "old" };
    assert.equal(read({}, old).zone, "old");
    assert.equal(read({}, { ...old, "topology.kubernetes.io/zone": "eu-1a" }).zone, "eu-1a");
    assert.equal(read().zone, undefined);
  });

  it("have each address once, and none of kinds that no exporter is found by", () => {
    const addresses = [
      { type: "InternalIP", address: "10.0.0.1" },
      { type: "InternalIP", address: "fd00::1" },
      { type: "ExternalIP", address: "203.0.113.9" },
      { type: "ExternalIP", address: "10.0.0.1" },
      { type: "InternalDNS", address: "a.internal" },
      { type: "Hostname", address: "node-a" },
      { type: "Hostname" },
    ];
    assert.deepEqual(read({ status: { addresses } }).addresses, ["10.0.0.1", "fd00::1", "203.0.113.9", "node-a"]);
  });

  it("are read of any object without an exception", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (spec, status) => {
        const { isReady, addresses } = read({ spec, status });
        return (isReady === undefined || typeof isReady === "boolean") && addresses.every((a) => a !== "");
      }),
    );
  });
});

describe("the nodes of an inventory", () => {
  it("are pending until they are listed, and then all there", () => {
    const inventory = anInventory();
    assert.equal(inventory.nodesUnread, "pending");
    inventory.listing("nodes");
    inventory.upsert("nodes", [aNode("b"), aNode("a")]);
    assert.equal(inventory.nodesUnread, "pending");
    inventory.listed("nodes", []);
    assert.equal(inventory.nodesUnread, undefined);
    assert.deepEqual(
      inventory.nodes().map(({ ref }) => ref.name),
      ["a", "b"],
    );
  });

  it("say why they may not be read, and leave no hole in the rest", () => {
    const inventory = anInventory();
    inventory.listing("nodes");
    inventory.listed("nodes", [{ namespace: undefined, error: forbidden }]);
    assert.equal(inventory.nodesUnread, forbidden);
    assert.deepEqual(
      inventory.view().unread.filter(({ kind }) => kind === "Node"),
      [],
    );
  });

  it("keep the view of a node that sends a heartbeat, and touch none", () => {
    const inventory = anInventory();
    const beat = (lastHeartbeatTime: string) =>
      aNode("a", { status: { conditions: [{ type: "Ready", status: "True", lastHeartbeatTime }] } });
    inventory.upsert("nodes", [beat("2026-01-01T00:00:00Z")]);
    const [before] = inventory.nodes();
    assert.deepEqual([...inventory.takeTouched().nodes], [before?.id]);
    inventory.upsert("nodes", [beat("2026-01-01T00:00:10Z")]);
    assert.equal(inventory.nodes()[0], before);
    assert.equal(inventory.takeTouched().nodes.size, 0);
  });

  it("forget a node that is gone", () => {
    const inventory = anInventory();
    inventory.upsert("nodes", [aNode("a")]);
    inventory.takeTouched();
    inventory.gone("nodes", aNode("a"));
    assert.deepEqual(inventory.nodes(), []);
    assert.equal(inventory.node("a"), undefined);
    assert.equal(inventory.takeTouched().nodes.size, 1);
  });
});
