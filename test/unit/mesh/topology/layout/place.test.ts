import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { place } from "../../../../../src/mesh/topology/layout/place.ts";
import { aspectOf, faults } from "./invariants.ts";
import { edgesBetween, inputOf } from "./smallInputs.ts";
import { layoutInput, syntheticMesh } from "./syntheticMesh.ts";

for (const count of [50, 500, 2000]) {
  describe(`a first picture of ${count} nodes`, () => {
    const mesh = syntheticMesh(count);
    const input = layoutInput(mesh);
    const placement = place(input);

    it("overlaps nothing and keeps every node inside its box", () => {
      assert.deepEqual(faults(input, placement), []);
    });

    it("is the same whenever it is made", () => {
      assert.deepEqual(place(layoutInput(syntheticMesh(count))), placement);
    });

    it("leads most of the traffic from left to right", () => {
      const forward = mesh.edges.filter(
        ({ source, target }) => (placement.nodeX[source] ?? 0) <= (placement.nodeX[target] ?? 0),
      );
      assert.ok(forward.length / mesh.edges.length >= 0.8, String(forward.length / mesh.edges.length));
    });

    it("has about the shape of a screen", () => {
      const aspect = aspectOf(input, placement);
      assert.ok(aspect > 1.1 && aspect < 3.2, String(aspect));
    });

    it("keeps clusters apart, side by side", () => {
      const clustered = layoutInput(mesh, 3);
      assert.deepEqual(faults(clustered, place(clustered)), []);
    });
  });
}

describe("a first picture", () => {
  it("does not depend on the order in which nodes and edges come", () => {
    const there = inputOf({ nodes: ["a", "b", "c", "d"], edges: edgesBetween("a>b b>c a>d") });
    const back = inputOf({ nodes: ["d", "c", "b", "a"], edges: edgesBetween("a>d b>c a>b") });
    const [one, other] = [place(there), place(back)];
    assert.deepEqual([...one.nodeX], [...other.nodeX].reverse());
    assert.deepEqual([...one.nodeY], [...other.nodeY].reverse());
  });

  it("stands a chain in one line from left to right", () => {
    const { nodeX, nodeY } = place(inputOf({ nodes: ["a", "b", "c", "d"], edges: edgesBetween("a>b b>c c>d") }));
    assert.deepEqual(
      [...nodeX],
      [...nodeX].sort((a, b) => a - b),
    );
    assert.equal(new Set(nodeX).size, 4);
    assert.equal(new Set(nodeY).size, 1);
  });

  it("stands two wide clusters one below the other, the calling one above: a screen is not that wide", () => {
    const letters = Array.from("abcdefgh");
    const nodes = letters.map((name) => `near-${name}`).concat(letters.map((name) => `far-${name}`));
    const chain = (name: string): string =>
      letters
        .slice(1)
        .map((b, i) => `${name}-${letters[i] ?? ""}>${name}-${b}`)
        .join(" ");
    const input = inputOf({
      nodes,
      boxes: [
        { key: "near", kind: 0 },
        { key: "far", kind: 0 },
      ],
      inBox: nodes.map((_, index) => (index < 8 ? 0 : 1)),
      edges: edgesBetween(`${chain("near")} ${chain("far")} near-h>far-a`),
    });
    const placement = place(input);
    assert.deepEqual(faults(input, placement), []);
    const [, nearTop = 0, , nearHeight = 0, , farTop = 0] = placement.boxes;
    assert.ok(farTop >= nearTop + nearHeight, `${farTop} is not below ${nearTop + nearHeight}`);
  });

  it("draws two branches without crossing them", () => {
    const edges = edgesBetween("a>x b>y x>p y>q");
    const { nodeY } = place(
      inputOf({ nodes: ["a", "b", "y", "x", "q", "p", "r"], edges: [...edges, ...edgesBetween("a>r b>r")] }),
    );
    const [a = 0, b = 0, y = 0, x = 0, q = 0, p = 0] = nodeY;
    assert.equal(Math.sign(a - b), Math.sign(x - y));
    assert.equal(Math.sign(x - y), Math.sign(p - q));
  });

  it("breaks a cycle and starts at what nobody calls", () => {
    const { nodeX } = place(inputOf({ nodes: ["a", "b", "c", "start"], edges: edgesBetween("a>b b>c c>a start>a") }));
    const [a = 0, b = 0, c = 0, start = 0] = nodeX;
    assert.ok(start < a && a < b && b < c);
  });

  it("stands a service left of the versions behind it, and these below each other", () => {
    const input = inputOf({
      nodes: ["svc", "v1", "v2", "v3"],
      ranks: [0, 1, 1, 1],
      boxes: [{ key: "app", kind: 2 }],
      inBox: [0, 0, 0, 0],
      edges: edgesBetween("svc>v1 svc>v2 svc>v3"),
    });
    const { nodeX, nodeY } = place(input);
    assert.ok((nodeX[0] ?? 0) < (nodeX[1] ?? 0));
    assert.equal(new Set(nodeX.subarray(1)).size, 1);
    assert.deepEqual(
      [...nodeY.subarray(1)],
      [...nodeY.subarray(1)].sort((a, b) => a - b),
    );
    assert.equal(nodeY[0], nodeY[2]);
  });

  it("stands unknown callers left of all boxes and external hosts right of them", () => {
    const input = inputOf({
      nodes: ["unknown", "a", "b", "external"],
      boxes: [
        { key: "one", kind: 1 },
        { key: "two", kind: 1 },
      ],
      inBox: [-1, 0, 1, -1],
      edges: edgesBetween("unknown>a a>b b>external"),
    });
    const { nodeX, boxes } = place(input);
    const [lefts, rights] = [
      [boxes[0], boxes[4]],
      [(boxes[0] ?? 0) + (boxes[2] ?? 0), (boxes[4] ?? 0) + (boxes[6] ?? 0)],
    ];
    assert.ok((nodeX[0] ?? 0) < Math.min(...lefts.map(Number)));
    assert.ok((nodeX[3] ?? 0) > Math.max(...rights));
  });

  it("stands a gateway's namespace left of those that it leads to", () => {
    const input = layoutInput(syntheticMesh(50));
    const { boxes } = place(input);
    const lefts = input.boxKeys.flatMap((key, index) =>
      input.boxKind[index] === 1 ? [{ key, x: boxes[4 * index] ?? NaN }] : [],
    );
    const [leftmost] = lefts.sort((a, b) => a.x - b.x);
    assert.equal(leftmost?.key, "box/c0/istio-ingress");
  });

  it("gives an empty box the size of a node, and nothing at all an empty picture", () => {
    const input = inputOf({ nodes: [], boxes: [{ key: "empty", kind: 1 }] });
    assert.deepEqual(faults(input, place(input)), []);
    assert.equal(place(input).boxes[2], 148);
    assert.equal(place(inputOf({ nodes: [] })).nodeX.length, 0);
  });
});
