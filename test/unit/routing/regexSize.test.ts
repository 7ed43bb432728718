import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RE2JS } from "re2js";
import { leastProgramSize } from "../../../src/mesh/routing/regexSize.ts";

for (const [pattern, least] of [
  ["abc", 3],
  ["(abc){10}", 30],
  ["(?:ab){2}c", 5],
  ["(?P<name>c){1000}", 1000],
  ["[a-z]{3}", 3],
  ["[[:alpha:]\\]]{7}", 7],
  ["\\pL{10}", 10],
  ["\\x{41}{3}", 3],
  ["((ab){10}c){20}", 420],
] as const) {
  test(`${pattern} makes at least ${least} steps`, () => assert.equal(leastProgramSize(pattern), least));
}

test("repeats that multiply beyond all numbers end the count", () => {
  assert.equal(leastProgramSize(`${"(".repeat(500)}a${"){1000}".repeat(500)}`), 10_000_000);
});

test("a long pattern takes no longer than its length asks for", () => {
  assert.equal(leastProgramSize("[".repeat(100_000)) > 0, true);
  assert.equal(leastProgramSize("(".repeat(100_000)), 0);
});

const atom = fc.constantFrom("a", "bc", "\\d", "[x-z]", ".", "\\.", "é");
const pattern = fc.letrec<{ all: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 4 },
    atom,
    fc.tuple(tie("all"), tie("all")).map(([a, b]) => a + b),
    fc.tuple(tie("all"), tie("all")).map(([a, b]) => `(${a}|${b})`),
    fc.tuple(tie("all"), fc.constantFrom("*", "+", "?", "{2}", "{2,5}", "{3,}")).map(([a, b]) => `(?:${a})${b}`),
  ),
})).all;

test("no program that is compiled is smaller than what the pattern's text tells", () => {
  fc.assert(
    fc.property(pattern, (text) => assert.ok(leastProgramSize(text) <= RE2JS.compile(text).programSize(), text)),
    { numRuns: 500, seed: 6 },
  );
});
