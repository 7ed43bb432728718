import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { allRules } from "../../../src/mesh/validation/catalogue.ts";
import { loadSchemas } from "../../../src/mesh/validation/schema/bundledSchemas.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";
import { ruleFixtures, worldOfFixture, type RuleFixture } from "../../support/validation/ruleFixture.ts";
import { findingsOf } from "../../support/validation/worldOf.ts";

await loadSchemas();

/** The codes that a fixture gives, those of reading its text included. */
function codesOf(fixture: RuleFixture): ReadonlySet<string> {
  const read = readYaml(fixture.text).documents.flatMap(({ problems }) => problems.map(({ code }) => code));
  const found = findingsOf(allRules, worldOfFixture(fixture)).flatMap(({ info, also }) => [
    info.code,
    ...also.map(({ code }) => code),
  ]);
  return new Set([...read, ...found]);
}

describe("each code's examples", () => {
  for (const fixture of ruleFixtures()) {
    test(`${fixture.file} ${fixture.isFiring ? "gives" : "does not give"} ${fixture.code}`, () => {
      const codes = codesOf(fixture);
      assert.equal(codes.has(fixture.code), fixture.isFiring, `found ${[...codes].join(", ") || "nothing"}`);
      if (fixture.code !== "FY1000") assert.equal(codes.has("FY1000"), false, "a rule failed");
    });
  }
});
