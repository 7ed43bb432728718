import assert from "node:assert/strict";
import { test } from "node:test";
import { StoredState, type StateShape } from "../../../src/editor/storedState.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { QuietLog } from "./support/quietLog.ts";

interface Colour {
  readonly hue: number;
}

/** Version 1 held a bare number, version 2 an object with another name. */
const shape: StateShape<Colour> = {
  key: "colour",
  migrations: [(value) => ({ angle: value }), (value) => ({ hue: (value as { angle: number }).angle })],
  parse: (value) => {
    if (typeof value === "object" && value !== null && "hue" in value && typeof value.hue === "number") {
      return { hue: value.hue };
    }
    throw new Error("no hue");
  },
  initial: { hue: 0 },
};

function storeWith(value: unknown): MemoryStore {
  const store = new MemoryStore();
  if (value !== undefined) store.values.set("colour", value);
  return store;
}

test("state that was never stored is the initial one", () => {
  assert.deepEqual(new StoredState(storeWith(undefined), shape, new QuietLog()).value, { hue: 0 });
});

test("state is found again after it was stored", async () => {
  const store = storeWith(undefined);
  await new StoredState(store, shape, new QuietLog()).update({ hue: 120 });
  assert.deepEqual(new StoredState(store, shape, new QuietLog()).value, { hue: 120 });
});

test("older versions are carried over step by step", () => {
  assert.deepEqual(new StoredState(storeWith({ version: 1, value: 7 }), shape, new QuietLog()).value, { hue: 7 });
  assert.deepEqual(new StoredState(storeWith({ version: 2, value: { angle: 8 } }), shape, new QuietLog()).value, {
    hue: 8,
  });
});

const unreadable: readonly (readonly [string, unknown])[] = [
  ["a migration that fails", { version: 2, value: null }],
  ["a value that does not fit", { version: 3, value: { hue: "red" } }],
  ["a version from the future", { version: 9, value: { hue: 1 } }],
  ["a version that is no version", { version: 0, value: { hue: 1 } }],
  ["state without a version", "blue"],
];
for (const [what, stored] of unreadable) {
  test(`${what} is kept as a backup, said in the log, and the extension starts afresh`, () => {
    const store = storeWith(stored);
    const log = new QuietLog();
    assert.deepEqual(new StoredState(store, shape, log).value, { hue: 0 });
    assert.deepEqual(store.values.get("colour.backup"), stored);
    assert.equal(log.errors.length, 1);
  });
}

test("a backup outlives the next update", async () => {
  const store = storeWith("blue");
  await new StoredState(store, shape, new QuietLog()).update({ hue: 5 });
  assert.equal(store.values.get("colour.backup"), "blue");
});
