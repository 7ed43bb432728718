import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { withNonFinite, withoutNonFinite } from "../../../src/protocol/nonFinite.ts";

/** What VS Code does with a message to a page, but for typed arrays. */
function overTheWire(value: unknown): unknown {
  return withNonFinite(JSON.parse(JSON.stringify(withoutNonFinite(value))));
}

describe("numbers that JSON lacks", () => {
  it("arrive as what they were, wherever they stand", () => {
    const value = { rps: NaN, rows: [1, Infinity, { p50: -Infinity, name: "NaN" }], none: null };
    assert.deepEqual(overTheWire(value), value);
  });

  it("leave typed arrays alone, and what holds none as it is", () => {
    const value = { nodes: { rps: new Float32Array([NaN, 1]) }, names: ["a"] };
    assert.equal(withoutNonFinite(value), value);
    assert.equal(withNonFinite(value), value);
  });

  it("arrive in any value", () => {
    const leaf = fc.oneof(
      fc.constantFrom(NaN, Infinity, -Infinity),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        const plain: unknown = structuredClone(each);
        assert.deepEqual(JSON.stringify(overTheWire(plain)), JSON.stringify(plain));
        assert.deepEqual(withNonFinite(withoutNonFinite(plain)), plain);
      }),
    );
  });
});
