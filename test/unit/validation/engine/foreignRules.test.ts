import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import { WorkspaceCheck } from "../../../../src/mesh/validation/engine/workspaceCheck.ts";
import { ForeignRules } from "../../../../src/mesh/validation/foreign/foreignRules.ts";
import type { ValidationRule } from "../../../../src/mesh/validation/foreign/validationRule.ts";
import { testSettings } from "../../../support/validation/worldOf.ts";

const teamRule: ValidationRule = {
  id: "acme.team",
  codes: [{ code: "ACME0001", severity: "warning", title: "No team", explanation: "Somebody is paged." }],
  kinds: ["core/Service"],
  check: ({ metadata }) =>
    metadata.labels?.["team"] === undefined
      ? [{ code: "ACME0001", message: "No team is named", path: ["metadata", "labels"] }]
      : [],
};

function findingsWith(rule: ValidationRule, text: string) {
  const rules = new ForeignRules(() => undefined);
  rules.register(rule);
  const check = new WorkspaceCheck({
    rules: rules.rules,
    settings: testSettings,
    grading: { isEditor: true, chosen: () => undefined },
    suppress: [],
    overlay: undefined,
    changed: () => undefined,
  });
  check.putFile("a.yaml", text);
  for (const update = check.update(); update.next().done !== true;);
  return check.findingsIn("a.yaml").map(({ code, severity, message }) => [code, severity, fill(message)]);
}

const service = "apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }\n";

test("a rule of another extension is run on the objects of its kinds", () => {
  assert.deepEqual(findingsWith(teamRule, service), [["ACME0001", "warning", "No team is named"]]);
  assert.deepEqual(findingsWith(teamRule, service.replace("name: a", "name: a, labels: { team: x }")), []);
  assert.deepEqual(findingsWith(teamRule, service.replace("Service", "ConfigMap")), []);
});

test("what a rule of another extension throws, or answers in another form, is told as its own fault", () => {
  const fails: ValidationRule["check"] = () => {
    throw new Error("broken");
  };
  const answers: ValidationRule["check"] = () => [{ code: "ACME9999", message: "", path: [] }];
  for (const check of [fails, answers]) {
    const found = findingsWith({ ...teamRule, check }, service);
    assert.equal(found.length, 1);
    assert.match(String(found[0]?.[2]), /acme\.team/u);
  }
});

test("a rule looks up only the kinds that it says it reads", () => {
  const check: ValidationRule["check"] = (_, find) => {
    find("core/Secret");
    return [];
  };
  assert.match(String(findingsWith({ ...teamRule, check }, service)[0]?.[2]), /acme\.team/u);
  assert.deepEqual(findingsWith({ ...teamRule, check, reads: ["core/Secret"] }, service), []);
});

for (const [what, wrong] of [
  ["a code of Foreyard's own", { codes: [{ ...teamRule.codes[0], code: "FY1001" }] }],
  ["a kind without its group", { kinds: ["Service"] }],
  ["no codes", { codes: [] }],
  ["no function", { check: undefined }],
  ["no id", { id: "" }],
] as const) {
  test(`a rule with ${what} is refused with a TypeError`, () => {
    const rules = new ForeignRules(() => undefined);
    assert.throws(() => rules.register({ ...teamRule, ...wrong } as unknown as ValidationRule), TypeError);
    assert.equal(rules.rules.length, 0);
  });
}

test("an id and a code that are taken are refused", () => {
  const rules = new ForeignRules(() => undefined);
  rules.register(teamRule);
  assert.throws(() => rules.register(teamRule), TypeError);
  assert.throws(() => rules.register({ ...teamRule, id: "other" }), TypeError);
});
