import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { matchesSelector, parseLabelSelector } from "../../../src/mesh/model/labelSelector.ts";

function matches(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  return matchesSelector(parseLabelSelector(selector), labels);
}

function term(key: string, operator: string, values?: readonly string[]) {
  return { matchExpressions: [{ key, operator, values }] };
}

describe("a label selector", () => {
  test("that is absent or empty matches everything", () => {
    assert.deepEqual([matches(undefined, {}), matches({}, { a: "1" })], [true, true]);
  });

  test("wants every pair and every term", () => {
    const selector = { matchLabels: { a: "1" }, ...term("b", "Exists") };
    assert.deepEqual([matches(selector, { a: "1", b: "" }), matches(selector, { a: "1" })], [true, false]);
  });

  test("In wants one of the values", () => {
    const selector = term("a", "In", ["1", "2"]);
    assert.deepEqual(
      [matches(selector, { a: "2" }), matches(selector, { a: "3" }), matches(selector, {})],
      [true, false, false],
    );
  });

  test("NotIn matches what has no such label", () => {
    const selector = term("a", "NotIn", ["1"]);
    assert.deepEqual(
      [matches(selector, { a: "1" }), matches(selector, { a: "2" }), matches(selector, {})],
      [false, true, true],
    );
  });

  test("DoesNotExist matches only without the label", () => {
    const selector = term("a", "DoesNotExist");
    assert.deepEqual([matches(selector, { a: "" }), matches(selector, {})], [false, true]);
  });

  test("with an operator nobody knows matches nothing", () => {
    assert.equal(matches(term("a", "Like", ["1"]), { a: "1" }), false);
  });

  test("with a value that is no text matches nothing", () => {
    assert.equal(matches({ matchLabels: { a: 1 } }, { a: "1" }), false);
  });

  test("of any shape is read without throwing", () => {
    fc.assert(fc.property(fc.anything(), (value) => typeof matches(value, { a: "1" }) === "boolean"));
  });
});
