import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { countAt, fieldsOf, flagAt, listAt, textAt, textMapAt, textsAt } from "../../../src/mesh/model/fields.ts";

describe("reading unchecked JSON", () => {
  test("gives what is there and of the right type", () => {
    const value = { text: "a", count: 3, flag: false, list: [1], texts: ["a"], map: { a: "1" } };
    assert.equal(textAt(value, "text"), "a");
    assert.equal(countAt(value, "count"), 3);
    assert.equal(flagAt(value, "flag"), false);
    assert.deepEqual(listAt(value, "list"), [1]);
    assert.deepEqual(textsAt(value, "texts"), ["a"]);
    assert.deepEqual(textMapAt(value, "map"), { a: "1" });
  });

  const empty = { nothing: undefined, null: null, "a number": 7, "a text": "text", "a list": [] };
  const wrong = { "a field that is null": { field: null }, "a field that is a symbol": { field: Symbol.iterator } };
  for (const [name, value] of Object.entries({ ...empty, ...wrong })) {
    test(`finds nothing in ${name}`, () => {
      assert.deepEqual(
        [textAt(value, "field"), countAt(value, "field"), flagAt(value, "field"), listAt(value, "field")],
        [undefined, undefined, undefined, []],
      );
      assert.deepEqual(textMapAt(value, "field"), {});
    });
  }

  test("takes a negative, broken or infinite count for none", () => {
    for (const field of [-1, 1.5, Infinity, NaN, "3"]) assert.equal(countAt({ field }, "field"), undefined);
  });

  test("takes an empty text for none", () => {
    assert.equal(textAt({ field: "" }, "field"), undefined);
  });

  test("leaves out what is no text in a map", () => {
    assert.deepEqual(textMapAt({ field: { a: "1", b: 2, c: null } }, "field"), { a: "1" });
  });

  test("does not find what every object inherits", () => {
    assert.deepEqual([textAt({}, "constructor"), listAt({}, "toString")], [undefined, []]);
  });

  test("takes a list for no object", () => {
    assert.deepEqual(fieldsOf(["a"]), {});
  });
});
