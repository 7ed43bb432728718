import assert from "node:assert/strict";
import { test } from "node:test";
import { Environment } from "@marcbachmann/cel-js";
import { quickRules } from "../../../../src/mesh/validation/cel/quickRules.ts";

const environment = new Environment({ unlistedVariablesAreDyn: true });

function byCel(rule: string, self: unknown): boolean {
  try {
    return environment.evaluate(rule, { self: typeof self === "number" ? BigInt(self) : self }) === true;
  } catch {
    return false;
  }
}

function valuesFor(rule: string): readonly unknown[] {
  if (rule.startsWith("duration")) {
    return [
      "1s",
      "1ms",
      "999us",
      "0.5ms",
      "1.5h",
      "-1s",
      "0s",
      "",
      "1",
      "s",
      "1h30m",
      "1 s",
      "1d",
      "1000000ns",
      "1e3s",
    ];
  }
  if (rule.startsWith("0 <")) return [0, 1, 80, 65535, 65536, -1];
  if (rule.startsWith("self.all")) return [{}, { app: "a" }, { "": "a" }, { "a*": "b" }, { a: "*" }];
  return ["", "a", "*", "a*b"];
}

for (const [rule, quick] of quickRules) {
  test(`${rule} gives the same written out as by CEL`, () => {
    const values = valuesFor(rule);
    assert.deepEqual(
      values.map(quick),
      values.map((value) => byCel(rule, value)),
    );
  });
}
