import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LayoutInput } from "../../../../../src/mesh/topology/layout/layout.ts";
import { place, rememberPlacement } from "../../../../../src/mesh/topology/layout/place.ts";
import { faults } from "./invariants.ts";
import { inputOf } from "./smallInputs.ts";

const none = 0xffffffff;

/** Boxes in boxes of any kind, empty ones too; cycles, self-loops, parallel edges. */
const anyGraph: fc.Arbitrary<LayoutInput> = fc
  .record({
    nodes: fc.array(fc.record({ box: fc.nat(), isLoose: fc.boolean(), rank: fc.integer({ min: 0, max: 1 }) }), {
      maxLength: 60,
    }),
    boxes: fc.array(fc.record({ parent: fc.nat(), isTop: fc.boolean(), kind: fc.integer({ min: 0, max: 2 }) }), {
      maxLength: 25,
    }),
    edges: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 150 }),
    salt: fc.nat({ max: 3 }),
  })
  .map(({ nodes, boxes, edges, salt }) => ({
    nodeCount: nodes.length,
    nodeBox: Uint32Array.from(nodes, ({ box, isLoose }) => (isLoose || boxes.length === 0 ? none : box % boxes.length)),
    nodeRank: Uint8Array.from(nodes, ({ rank }) => rank),
    boxParent: Uint32Array.from(boxes, ({ parent, isTop }, index) => (isTop || index === 0 ? none : parent % index)),
    boxKind: Uint8Array.from(boxes, ({ kind }) => kind),
    edgeSource: Uint32Array.from(nodes.length > 0 ? edges : [], ([source]) => source % nodes.length),
    edgeTarget: Uint32Array.from(nodes.length > 0 ? edges : [], ([, target]) => target % nodes.length),
    // Some of the keys of one graph are in the next one.
    nodeKeys: nodes.map((_, index) => `n${index * (1 + salt)}`),
    boxKeys: boxes.map((_, index) => `b${index * (1 + (salt % 2))}`),
  }));

describe("the layout of any graph", () => {
  it("overlaps nothing and keeps everything inside its box", () => {
    fc.assert(
      fc.property(anyGraph, (input) => assert.deepEqual(faults(input, place(input)), [])),
      { numRuns: 150 },
    );
  });

  it("still does so after any other graph", () => {
    fc.assert(
      fc.property(anyGraph, anyGraph, anyGraph, (first, second, third) => {
        const before = place(first);
        const between = place(second, rememberPlacement(first, before));
        const after = place(third, rememberPlacement(second, between));
        assert.deepEqual(faults(second, between), []);
        assert.deepEqual(faults(third, after), []);
      }),
      { numRuns: 150 },
    );
  });

  it("is exactly the last one where the same things are there, whatever flows between them", () => {
    fc.assert(
      fc.property(anyGraph, (input) => {
        const before = place(input);
        const turned = { ...input, edgeSource: input.edgeTarget, edgeTarget: input.edgeSource };
        assert.deepEqual(place(turned, rememberPlacement(input, before)), before);
      }),
      { numRuns: 100 },
    );
  });

  it("takes a node with 3,000 edges", () => {
    const nodes = Array.from({ length: 3001 }, (_, index) => `n${String(index)}`);
    const boxes = Array.from({ length: 30 }, (_, index) => ({ key: `b${index}`, kind: 1 as const }));
    const inBox = nodes.map((_, index) => index % 30);
    for (const edges of [
      nodes.slice(1).map((name) => ["n0", name] as const),
      nodes.slice(1).map((name) => [name, "n0"] as const),
    ]) {
      const loose = inputOf({ nodes, edges });
      const boxed = inputOf({ nodes, edges, boxes, inBox });
      for (const input of [loose, boxed]) assert.deepEqual(faults(input, place(input)), []);
    }
  });

  it("takes a chain of 3,000 nodes and boxes that point nowhere", () => {
    const nodes = Array.from({ length: 3000 }, (_, index) => `n${String(index)}`);
    const edges = nodes.slice(1).map((name, index) => [`n${index}`, name] as const);
    const chain = inputOf({ nodes, edges });
    assert.deepEqual(faults(chain, place(chain)), []);
    const lost = {
      ...inputOf({ nodes: ["a", "b"] }),
      nodeBox: Uint32Array.of(7, none),
      edgeSource: Uint32Array.of(0, 9),
      edgeTarget: Uint32Array.of(8, 1),
    };
    assert.deepEqual(faults(lost, place(lost)), []);
  });

  it("takes 10,000 callers that nobody knows", () => {
    const nodes = ["a", ...Array.from({ length: 10_000 }, (_, index) => `unknown-${index}`)];
    const edges = nodes.slice(1).map((name) => [name, "a"] as const);
    const input = inputOf({
      nodes,
      edges,
      boxes: [{ key: "ns", kind: 1 }],
      inBox: nodes.map((_, index) => (index === 0 ? 0 : -1)),
    });
    assert.deepEqual(faults(input, place(input)), []);
  });
});
