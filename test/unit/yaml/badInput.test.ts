import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";

const object = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const codesOf = (text: string): string[] =>
  readYaml(text).documents.flatMap(({ problems }) => problems.map(({ code }) => code));

test("a broken document does not silence the others", () => {
  const { documents } = readYaml(`${object("a")}---\n${object("b")}data: [1\n---\n${object("c")}`);
  assert.deepEqual(
    documents.map(({ problems }) => problems.length > 0),
    [false, true, false],
  );
});

test("CRLF and a byte order mark change no value", () => {
  const plain = readYaml(object("a")).documents[0]?.value;
  assert.deepEqual(readYaml(`\uFEFF${object("a").replaceAll("\n", "\r\n")}`).documents[0]?.value, plain);
});

test("__proto__ is a key as any other", () => {
  const value = readYaml(`${object("a")}data:\n  __proto__: x\n`).documents[0]?.value as { data: object };
  assert.deepEqual(Object.keys(value.data), ["__proto__"]);
});

test("aliases that expand without measure are told and not expanded", () => {
  const levels = Array.from({ length: 20 }, (_, at) => {
    const alias = at === 0 ? "x" : `*l${at - 1}`;
    return `  l${at}: &l${at} [${Array.from({ length: 9 }, () => alias).join(", ")}]\n`;
  });
  assert.ok(codesOf(`${object("a")}data:\n${levels.join("")}`).includes("FY0009"));
});

test("nesting of 1,000 levels is told and not read", () => {
  assert.ok(codesOf(`${object("a")}data: ${"[".repeat(1000)}${"]".repeat(1000)}\n`).includes("FY0010"));
});

test("a tab in the indentation is told", () => {
  assert.ok(codesOf(`${object("a")}data:\n\tk: v\n`).includes("FY0002"));
});

test("a NUL character is told", () => {
  assert.ok(codesOf(`${object("a")}data:\n  k: "a\0b"\n`).includes("FY0007"));
});

test("a character that could not be decoded is told", () => {
  assert.ok(codesOf(`${object("a")}data:\n  k: a\uFFFDb\n`).includes("FY0008"));
});

test("10,000 documents are read as 10,000 objects", () => {
  const { documents } = readYaml(Array.from({ length: 10_000 }, (_, at) => object(`n${at}`)).join("---\n"));
  assert.equal(documents.filter(({ sort }) => sort === "object").length, 10_000);
});

test("foreign YAML is no finding, even if it is broken", () => {
  assert.deepEqual(codesOf("on: [push\nname: x\n"), []);
});

test("any text is read without an exception, and problems stay inside it", () => {
  const piece = fc.constantFrom(
    "apiVersion: v1\n",
    "kind: A\n",
    "---\n",
    "a: ",
    "- ",
    "{",
    "]",
    "&x ",
    "*x",
    "\t",
    "|\n",
    '"',
    "#",
    "\r\n",
    "\0",
    "ü",
    "\n  ",
  );
  const text = fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (input) => {
      for (const document of readYaml(input).documents) {
        const ranges = [...document.problems.map(({ range }) => range), document.range];
        ranges.push(document.positions().valueRange([]), document.positions().keyRange(["a"]));
        for (const { start, end } of ranges) assert.ok(start >= 0 && start <= end && end <= input.length);
      }
    }),
    { numRuns: 300 },
  );
});
