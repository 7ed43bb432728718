import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LayoutInput, Placement } from "../../../../../src/mesh/topology/layout/layout.ts";
import { place, rememberPlacement } from "../../../../../src/mesh/topology/layout/place.ts";
import { faults, moves } from "./invariants.ts";
import { edgesBetween, inputOf } from "./smallInputs.ts";
import { grownMesh, layoutInput, syntheticMesh } from "./syntheticMesh.ts";

function next(input: LayoutInput, before: LayoutInput, placement: Placement): Placement {
  return place(input, rememberPlacement(before, placement));
}

function at(input: LayoutInput, { nodeX, nodeY }: Placement, key: string): [x: number, y: number] {
  const index = input.nodeKeys.indexOf(key);
  return [nodeX[index] ?? NaN, nodeY[index] ?? NaN];
}

for (const count of [50, 500, 2000]) {
  describe(`refreshes of ${count} nodes that add one in a hundred each`, () => {
    it("move no node by more than 120 px, and overlap nothing after ten of them", () => {
      let mesh = syntheticMesh(count);
      let input = layoutInput(mesh);
      let placement = place(input);
      for (let seed = 1; seed <= 10; seed++) {
        const grown = grownMesh(mesh, 0.01, seed);
        const after = layoutInput(grown);
        const again = next(after, input, placement);
        const distances = moves({ input, placement }, { input: after, placement: again });
        assert.deepEqual(
          [...distances].filter(([, distance]) => distance > 120),
          [],
        );
        [mesh, input, placement] = [grown, after, again];
      }
      assert.deepEqual(faults(input, placement), []);
    });

    it("move nothing at all where nodes leave", () => {
      const mesh = syntheticMesh(count);
      const input = layoutInput(mesh);
      const placement = place(input);
      const kept = mesh.nodes.flatMap((_, index) => (index % 20 === 7 ? [] : [index]));
      const numbers = new Map(kept.map((old, now) => [old, now]));
      const less = layoutInput({
        nodes: kept.flatMap((index) => mesh.nodes[index] ?? []),
        edges: mesh.edges.flatMap(({ source, target, protocol }) => {
          const [from, to] = [numbers.get(source), numbers.get(target)];
          return from === undefined || to === undefined ? [] : [{ source: from, target: to, protocol }];
        }),
      });
      const after = next(less, input, placement);
      const distances = moves({ input, placement }, { input: less, placement: after });
      assert.equal(Math.max(...distances.values()), 0);
      assert.deepEqual(faults(less, after), []);
    });
  });
}

describe("the next picture", () => {
  const versions = (...names: string[]): LayoutInput =>
    inputOf({
      nodes: ["svc", ...names, "other"],
      ranks: [0, ...names.map(() => 1), 1],
      boxes: [
        { key: "ns", kind: 1 },
        { key: "ns/app", kind: 2, parent: 0 },
      ],
      inBox: [1, ...names.map(() => 1), 0],
      edges: edgesBetween(names.map((name) => `svc>${name} ${name}>other`).join(" ")),
    });

  it("stands a new version below the others", () => {
    const before = versions("v1", "v2");
    const placement = place(before);
    const after = versions("v1", "v2", "v3");
    const again = next(after, before, placement);
    const [[x2, y2], [x3, y3]] = [at(after, again, "v2"), at(after, again, "v3")];
    assert.equal(x3, x2);
    assert.ok(y3 > y2 && y3 - y2 < 100);
    assert.deepEqual(at(after, again, "svc"), at(before, placement, "svc"));
    assert.deepEqual(faults(after, again), []);
  });

  it("gives the place of one that left to one that comes", () => {
    const before = versions("v1", "v2", "v3");
    const placement = place(before);
    const between = versions("v1", "v3");
    const without = next(between, before, placement);
    const after = versions("v1", "v3", "v4");
    assert.deepEqual(at(after, next(after, between, without), "v4"), at(before, placement, "v2"));
  });

  it("leaves a node that a person put somewhere exactly there, and its box grows around it", () => {
    const input = layoutInput(syntheticMesh(500));
    const placement = place(input);
    const key = input.nodeKeys[40] ?? "";
    const [x, y] = at(input, placement, key);
    const memory = rememberPlacement(input, placement);
    const pinned = { x: x + 333.25, y: y - 222.5, pinned: true };
    const dragged = { ...memory, nodes: new Map(memory.nodes).set(key, pinned) };
    const again = place(input, dragged);
    assert.deepEqual(at(input, again, key), [pinned.x, pinned.y]);
    assert.deepEqual(faults(input, again), []);
    assert.deepEqual(place(input, rememberPlacement(input, again, { [key]: true })), again);
  });

  it("puts nodes where they were dragged in another session", () => {
    const input = layoutInput(syntheticMesh(50));
    const key = input.nodeKeys[9] ?? "";
    const memory = { nodes: new Map([[key, { x: 500, y: 400, pinned: true }]]), boxes: new Map() };
    const placement = place(input, memory);
    assert.deepEqual(at(input, placement, key), [500, 400]);
    assert.deepEqual(faults(input, placement), []);
  });

  it("keeps what is there when an app gets its second version, and with it a box", () => {
    const nodes = ["svc", "v1", "caller"];
    const ranks = [0, 1, 1];
    const edges = edgesBetween("caller>svc svc>v1");
    const before = inputOf({ nodes, ranks, edges, boxes: [{ key: "ns", kind: 1 }], inBox: [0, 0, 0] });
    const placement = place(before);
    const after = inputOf({
      nodes: [...nodes, "v2"],
      ranks: [...ranks, 1],
      edges: [...edges, ...edgesBetween("svc>v2")],
      boxes: [
        { key: "ns", kind: 1 },
        { key: "ns/app", kind: 2, parent: 0 },
      ],
      inBox: [1, 1, 0, 1],
    });
    const again = next(after, before, placement);
    assert.deepEqual(at(after, again, "svc"), at(before, placement, "svc"));
    assert.deepEqual(at(after, again, "v1"), at(before, placement, "v1"));
    assert.deepEqual(faults(after, again), []);
  });

  it("is made afresh where most of it is new", () => {
    const before = inputOf({ nodes: ["a", "b"], edges: edgesBetween("a>b") });
    const names = ["a", "p", "q", "r", "s", "t"];
    const after = inputOf({ nodes: names, edges: edgesBetween("p>q q>r r>s s>t") });
    assert.deepEqual(next(after, before, place(before)), place(after));
  });
});
