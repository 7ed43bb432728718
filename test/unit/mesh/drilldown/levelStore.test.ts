import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { isStore, levelStoreOf } from "../../../../src/mesh/drilldown/levelStore.ts";
import { resourceFigures } from "../../../../src/mesh/drilldown/resources/resourceFigures.ts";
import { noBounds } from "../../../../src/mesh/drilldown/resources/podSpec.ts";

function storesOf(clusterIds: readonly (string | undefined)[]): DrilldownInput {
  const source = { id: "p", label: "p", levels: {} };
  const stores = clusterIds.map((clusterId, i) => {
    return {
      source,
      capabilities: undefined,
      status: undefined,
      cluster: { key: `uid-${i}`, context: `c${i}`, clusterId },
    };
  });
  return { stores } as unknown as DrilldownInput;
}

void test("a store of two clusters says nothing of the one that does not tell its ID, and says why", () => {
  const store = levelStoreOf(storesOf([undefined, "us"]), "uid-0");
  assert.ok(!isStore(store));
  assert.match(fill(store), /p holds several clusters, and c0 does not tell/);
});

void test("the other cluster of that store has rows of its own ID alone", () => {
  const store = levelStoreOf(storesOf([undefined, "us"]), "uid-1");
  assert.ok(isStore(store));
  assert.deepEqual(store.rows, { id: "us", withUnplaced: false });
  assert.deepEqual(store.exporterRows, { id: "us", withUnplaced: false });
});

void test("exporters' rows of a store of one cluster are all its own", () => {
  const store = levelStoreOf(storesOf([undefined]), "uid-0");
  assert.ok(isStore(store));
  assert.equal(store.exporterRows, undefined);
});

void test("a sum of pods of which one is not told is no data, and says so where nothing else does", () => {
  const use = { namespace: "shop", throttledShare: NaN, containers: new Map() };
  const uses = [
    { ...use, pod: "a", cores: 1, memoryBytes: 2 },
    { ...use, pod: "b", cores: NaN, memoryBytes: NaN },
  ];
  const reading = { pods: new Map(), origin: undefined, why: undefined, hasCharts: true };
  for (const { value, why } of resourceFigures(uses, noBounds, reading)) {
    assert.ok(Number.isNaN(value));
    assert.match(why?.text ?? "", /Not all/);
  }
});
