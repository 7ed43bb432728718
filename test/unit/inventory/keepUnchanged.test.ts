import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { keepUnchanged } from "../../../src/mesh/inventory/keepUnchanged.ts";

describe("keeping what did not change", () => {
  test("gives back the old value where both are equal", () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: false }), (value) => {
        const before = structuredClone(value);
        assert.equal(keepUnchanged(before, structuredClone(value)), before);
      }),
    );
  });

  test("takes NaN for equal to itself, and 0 for another value than -0", () => {
    const before = { items: [{ value: NaN }, 0] };
    assert.equal(keepUnchanged(before, { items: [{ value: NaN }, 0] }), before);
    assert.deepEqual(keepUnchanged(before, { items: [{ value: NaN }, -0] }), { items: [{ value: NaN }, -0] });
  });

  test("gives a value equal to the new one, whatever the old one was", () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (before, after) => {
        assert.deepEqual(keepUnchanged(before, after), after);
      }),
    );
  });

  test("shares the parts that are equal", () => {
    const before = { same: { deep: [1, 2] }, other: 1 };
    const kept = keepUnchanged(before, { same: { deep: [1, 2] }, other: 2 });
    assert.notEqual(kept, before);
    assert.equal(kept.same, before.same);
  });

  test("tells a field that is undefined from one that is missing", () => {
    const before: { a?: undefined } = { a: undefined };
    assert.notEqual(keepUnchanged(before, {}), before);
  });

  test("compares errors by identity, as two alike may still be two", () => {
    const before = { error: new Error("no") };
    assert.notEqual(keepUnchanged(before, { error: new Error("no") }), before);
  });
});
