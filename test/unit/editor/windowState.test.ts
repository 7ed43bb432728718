import assert from "node:assert/strict";
import { test } from "node:test";
import "./support/useFakeVscode.ts";

const { windowStateShape } = await import("../../../src/editor/windowState.ts");

test("C6: the pinned contexts of a window are read back as they were stored", () => {
  const state = {
    ...windowStateShape.initial,
    choice: { kind: "contexts", contexts: ["prod-eu", "prod-us"] } as const,
    clusterKeys: { "prod-eu": "3c1e0f6a" },
  };
  assert.deepEqual(windowStateShape.parse(JSON.parse(JSON.stringify(state))), state);
});

for (const choice of [{ kind: "contexts" }, { kind: "contexts", contexts: [1] }, { kind: "other" }, 7]) {
  test(`a choice such as ${JSON.stringify(choice)} is refused rather than guessed`, () => {
    assert.throws(() => windowStateShape.parse({ choice }));
  });
}

test("a state from before clusters were remembered is read, with none remembered", () => {
  assert.deepEqual(windowStateShape.parse({ choice: { kind: "demo" } }).clusterKeys, {});
});

for (const clusterKeys of [null, 7, { prod: 7 }]) {
  test(`clusters such as ${JSON.stringify(clusterKeys)} are refused rather than forgotten`, () => {
    assert.throws(() => windowStateShape.parse({ clusterKeys }));
  });
}

test("what is merely odd falls back: a sort order that is gone, a flag that is no flag", () => {
  const { sort, inMeshOnly } = windowStateShape.parse({ sort: "colour", inMeshOnly: "yes" });
  assert.deepEqual([sort, inMeshOnly], [undefined, false]);
});
