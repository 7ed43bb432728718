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

  it("are kept of at most 2,000 nodes of a mesh", () => {
    const nodes = Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`n${i}`, [i, i] as const]));
    assert.equal(Object.keys(withPositions(initial, "uid-a", { nodes }).meshes[0]?.nodes ?? {}).length, 2_000);
  });

  for (const [what, value] of [
    ["no object", 5],
    ["a place that is no pair", { nodes: { a: [1] } }],
    ["a place with three numbers", { nodes: { a: [1, 2, 3] } }],
    ["an infinite number", { nodes: { a: [1, Infinity] } }],
    ["a text for a number", { nodes: { a: ["1", 2] } }],
    ["an id of 10 kB", { nodes: { ["x".repeat(10_000)]: [1, 2] } }],
  ] as const) {
    it(`refuse ${what}`, () => assert.throws(() => parsePositions(value)));
  }
});
