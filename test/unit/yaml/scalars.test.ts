import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlainScalar } from "../../../src/mesh/yaml/scalars.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";

// What kubectl 1.32 makes of unquoted scalars.
const asKubectlReads: readonly (readonly [string, string | number | boolean | null])[] = [
  ...["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ["yEs", "yEs"],
  ["0777", 511],
  ["08", 8],
  ["0o17", 15],
  ["0b11", 3],
  ["0x1F", 31],
  ["-0x1F", -31],
  ["1_000", 1000],
  ["1_0.5", 10.5],
  ["1e3", 1000],
  ["12:30:45", "12:30:45"],
  ["2001-01-01", "2001-01-01"],
  ["1.2.3", "1.2.3"],
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["5s", "5s"],
];

for (const [text, value] of asKubectlReads) {
  test(`unquoted ${JSON.stringify(text)} is read as ${JSON.stringify(value)}`, () => {
    assert.equal(readPlainScalar(text).value, value);
  });
}

test("quoted scalars are texts whatever they look like", () => {
  const [document] = readYaml(`a: "on"\nb: '0777'\nc: !!str 1\n`).documents;
  assert.deepEqual(document?.value, { a: "on", b: "0777", c: "1" });
});

test("of a key given twice the last value counts", () => {
  assert.deepEqual(readYaml("a: 1\na: 2\n").documents[0]?.value, { a: 2 });
});

test("a merge key adds the fields that the mapping does not have", () => {
  const value = readYaml("base: &b {x: 1, y1: 2}\nuse:\n  <<: *b\n  x: 3\n").documents[0]?.value;
  assert.deepEqual(value, { base: { x: 1, y1: 2 }, use: { x: 3, y1: 2 } });
});
