import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { catalogue } from "../../../src/mesh/validation/catalogue.ts";
import { ruleFixtures } from "../../support/validation/ruleFixture.ts";
import { rulesPage } from "../../support/validation/rulesPage.ts";

/** Codes whose cause cannot be written down in a small file, and why. */
const withoutExample: ReadonlyMap<string, string> = new Map([
  ["FY1000", "A rule would have to be broken."],
  ["FY0010", "The example would have 500 levels."],
  ["FY0011", "The example would have 16 MiB."],
]);

test("docs/rules.md is current", () => {
  const file = path.join(import.meta.dirname, "../../../docs/rules.md");
  assert.equal(readFileSync(file, "utf8") === rulesPage(), true, "Run node tools/node24.mjs tools/rules.mjs.");
});

test("every code has an example that gives it and one that does not", () => {
  const has = (code: string, isFiring: boolean) =>
    ruleFixtures().some((one) => one.code === code && one.isFiring === isFiring);
  const missing = catalogue().flatMap(({ code }) =>
    withoutExample.has(code) || (has(code, true) && has(code, false)) ? [] : [code],
  );
  assert.deepEqual(missing, []);
});
