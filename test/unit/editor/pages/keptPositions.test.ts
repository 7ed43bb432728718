import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  keptPositionsShape,
  parsePositions,
  positionsOf,
  withPositions,
} from "../../../../src/editor/pages/keptPositions.ts";
import { StoredState } from "../../../../src/editor/storedState.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { QuietLog } from "../support/quietLog.ts";

const { initial } = keptPositionsShape;

describe("kept positions", () => {
  it("are found again under their mesh, and under no other", async () => {
    const store = new MemoryStore();
    const state = new StoredState(store, keptPositionsShape, new QuietLog());
    await state.update(withPositions(state.value, "uid-a", { nodes: { "workload/eu/shop/cart": [10, -20.5] } }));
    const again = new StoredState(store, keptPositionsShape, new QuietLog());
    assert.deepEqual(positionsOf(again.value, "uid-a"), { nodes: { "workload/eu/shop/cart": [10, -20.5] } });
    assert.deepEqual(positionsOf(again.value, "uid-b"), { nodes: {} });
  });

  it("are forgotten when a mesh has none any more", () => {
    const kept = withPositions(initial, "uid-a", { nodes: { a: [1, 2] } });
    assert.deepEqual(withPositions(kept, "uid-a", { nodes: {} }), { meshes: [] });
  });

  it("are kept of the ten meshes that were used last", () => {
    const ids = Array.from({ length: 12 }, (_, i) => `uid-${i}`);
    const kept = ids.reduce((all, id) => withPositions(all, id, { nodes: { a: [1, 2] } }), initial);
    assert.deepEqual(
      kept.meshes.map(({ meshId }) => meshId),
      ids.toReversed().slice(0, 10),
    );
  });

  it("are kept of the 2,000 nodes of a mesh that were moved last", () => {
    const nodes = Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`n${i}`, [i, i] as const]));
    const kept = Object.keys(withPositions(initial, "uid-a", { nodes }).meshes[0]?.nodes ?? {});
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [2_000, "n500", "n2499"]);
  });

  it("count what was moved again as moved last, however the page lists it", () => {
    const names = Array.from({ length: 2_000 }, (_, i) => `n${i}`);
    const before = withPositions(initial, "uid-a", { nodes: Object.fromEntries(names.map((id) => [id, [0, 0]])) });
    const nodes = Object.fromEntries(
      [...names, "new"].map((id) => [id, id === "n0" ? ([5, 5] as const) : ([0, 0] as const)]),
    );
    const kept = withPositions(before, "uid-a", { nodes }).meshes[0]?.nodes ?? {};
    assert.deepEqual(
      [Object.keys(kept).length, kept["n0"], kept["new"], kept["n1"]],
      [2_000, [5, 5], [0, 0], undefined],
    );
  });

  it("leave out a node whose id is too long to be kept, and keep the others", () => {
    assert.deepEqual(parsePositions({ nodes: { ["x".repeat(10_000)]: [1, 2], a: [3, 4] } }), { nodes: { a: [3, 4] } });
  });

  for (const [what, value] of [
    ["no object", 5],
    ["a place that is no pair", { nodes: { a: [1] } }],
    ["a place with three numbers", { nodes: { a: [1, 2, 3] } }],
    ["an infinite number", { nodes: { a: [1, Infinity] } }],
    ["a text for a number", { nodes: { a: ["1", 2] } }],
  ] as const) {
    it(`refuse ${what}`, () => assert.throws(() => parsePositions(value)));
  }
});
