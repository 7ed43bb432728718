import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { shownGraph } from "../../../../src/editor/pages/shownGraph.ts";
import { aNode, anEdge } from "../../mesh/topology/smallGraph.ts";

describe("what is exported of a picture", () => {
  it("is what the last reading has: nothing that fades, and nothing switched off", () => {
    const nodes = ["cart", "old", "ghost", "off"].map((name) => aNode(name));
    const edges = [anEdge(0, 1), anEdge(0, 0, { id: "kept" }), anEdge(0, 0, { id: "dim", protocol: "grpc" })];
    const shown = shownGraph(
      {
        ...{ view: "workload", nodes, edges, boxes: [] },
        nodePresence: ["seen", "dim", "ghost", "seen"],
        edgePresence: ["seen", "seen", "dim"],
      },
      new Set(["workload/eu/shop/off"]),
    );
    assert.deepEqual([shown.nodes.map(({ name }) => name), shown.edges.map(({ id }) => id)], [["cart"], ["kept"]]);
  });
});
