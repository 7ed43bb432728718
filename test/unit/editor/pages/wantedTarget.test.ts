import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { targetOf } from "../../../../src/editor/pages/wantedTarget.ts";
import { noTrafficConfig } from "../../../../src/mesh/inventory/trafficConfig.ts";
import type { GraphBox } from "../../../../src/mesh/topology/graph/graph.ts";
import { aNode } from "../../mesh/topology/smallGraph.ts";

const placeOf = (key: string | undefined) => ({ label: key ?? "", key, isDerived: false });

function boxIn(key: string | undefined): GraphBox {
  const id = `box/${key ?? "unknown"}/shop`;
  return {
    id,
    kind: "namespace",
    name: "shop",
    namespace: "shop",
    place: placeOf(key),
    parent: undefined,
    state: "idle",
  };
}

function shopIn(cluster: string | undefined, keys: readonly (string | undefined)[]): string | undefined {
  const wanted = { cluster, namespace: "shop", kind: undefined, name: undefined };
  const graph = { view: "workload" as const, nodes: [], edges: [], boxes: keys.map(boxIn) };
  return targetOf(wanted, graph, noTrafficConfig)?.id;
}

describe("what is shown of a wanted namespace", () => {
  it("is its box in the wanted cluster, not one of another or an unknown cluster", () => {
    assert.equal(shopIn("us", [undefined, "eu", "us"]), "box/us/shop");
    assert.equal(shopIn("us", [undefined, "eu"]), undefined);
  });

  it("is, where no cluster is asked for, one of a connected cluster before one of nobody knows which", () => {
    assert.equal(shopIn(undefined, [undefined, "eu"]), "box/eu/shop");
    assert.equal(shopIn(undefined, [undefined]), "box/unknown/shop");
  });

  it("is in the view of namespaces its node in the wanted cluster", () => {
    const nodes = ["eu", "us"].map((key) => aNode("shop", { kind: "namespace", id: key, place: placeOf(key) }));
    const graph = { view: "namespace" as const, nodes, edges: [], boxes: [] };
    const wanted = { cluster: "us", namespace: "shop", kind: undefined, name: undefined };
    assert.deepEqual(targetOf(wanted, graph, noTrafficConfig), { what: "node", id: "us" });
  });
});
