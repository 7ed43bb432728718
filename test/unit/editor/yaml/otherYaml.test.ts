import assert from "node:assert/strict";
import { test } from "node:test";
import "../support/useFakeVscode.ts";

const { isLeftToOther } = await import("../../../../src/editor/yaml/otherYaml.ts");

const syntax = { code: "FY0001", layer: "yaml", firstLine: 3, lastLine: 3 } as const;
const surprise = { code: "FY0004", layer: "yaml", firstLine: 3, lastLine: 3 } as const;
const schema = { code: "FY0102", layer: "schema", firstLine: 5, lastLine: 6 } as const;
const webhook = { code: "IST0106", layer: "webhook", firstLine: 5, lastLine: 6 } as const;
const marks = [{ firstLine: 6, lastLine: 7 }];

test("auto leaves to an active extension what its parser always tells, and what it marks there already", () => {
  const auto = { engine: "auto", other: "active", marks } as const;
  assert.equal(isLeftToOther(syntax, auto), true);
  assert.equal(isLeftToOther(surprise, auto), false);
  assert.equal(isLeftToOther(schema, auto), true);
  assert.equal(isLeftToOther(schema, { ...auto, marks: [] }), false);
  assert.equal(isLeftToOther(webhook, auto), false);
});

test("auto tells everything where the extension is absent, and builtin always does", () => {
  for (const finding of [syntax, surprise, schema, webhook]) {
    assert.equal(isLeftToOther(finding, { engine: "auto", other: "absent", marks }), false);
    assert.equal(isLeftToOther(finding, { engine: "builtin", other: "active", marks }), false);
  }
});

test("redhat leaves reading and schemas to the extension, and nothing else", () => {
  const redhat = { engine: "redhat", other: "absent", marks: [] } as const;
  assert.equal(isLeftToOther(surprise, redhat), true);
  assert.equal(isLeftToOther(schema, redhat), true);
  assert.equal(isLeftToOther(webhook, redhat), false);
});
