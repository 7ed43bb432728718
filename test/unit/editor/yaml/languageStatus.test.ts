import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { readYaml } from "../../../../src/mesh/yaml/readYaml.ts";
import { fake } from "../support/useFakeVscode.ts";

const { createLanguageStatus } = await import("../../../../src/editor/yaml/languageStatus.ts");

const service = "apiVersion: v1\nkind: Service\nmetadata: { name: a }\n";

/** A window with one document in front, and a check of it that is set by hand. */
function aWindow(text: string, severities: readonly string[]) {
  const uri = { toString: () => "file:///a.yaml", scheme: "file", fsPath: "/a.yaml" };
  fake.window.activeTextEditor = { document: { uri } };
  const changed = new fake.EventEmitter<undefined>();
  const validation = {
    isBusy: false,
    onChange: changed.event,
    check: {
      file: (name: string) => (name === "file:///a.yaml" ? readYaml(text) : undefined),
      findingsIn: () => severities.map((severity) => ({ severity })),
    },
  };
  const connection = { live: undefined, onChange: changed.event };
  const status = createLanguageStatus(validation as never, connection as never);
  changed.fire(undefined);
  return { status, validation, end: () => changed.fire(undefined) };
}

function theItem(): Record<string, unknown> {
  const [item] = fake.languageStatuses;
  assert.ok(item);
  return item;
}

beforeEach(() => {
  fake.languageStatuses.splice(0);
  fake.userSettings.set("foreyard.validation.istioVersion", "1.29");
});

test("C13: YAML with objects says whose schema it is checked by and how much is found", () => {
  aWindow(service, ["warning", "hint"]);
  const item = theItem();
  assert.equal(item["text"], "Istio 1.29 schema · 2 issues");
  assert.equal(item["detail"], "Checked against the workspace");
  assert.equal(item["severity"], fake.LanguageStatusSeverity.Warning);
});

test("C13: it is busy while something is checked, and leads to the setting of the version", () => {
  const { validation, end } = aWindow(service, []);
  validation.isBusy = true;
  end();
  const item = theItem();
  assert.equal(item["busy"], true);
  assert.deepEqual((item["command"] as { arguments: unknown }).arguments, ["foreyard.validation.istioVersion"]);
});

test("C13: of other YAML and of no document it says nothing", () => {
  aWindow("a: 1\n", []);
  assert.equal(fake.languageStatuses.length, 0);
  const { end } = aWindow(service, []);
  assert.equal(fake.languageStatuses.length, 1);
  fake.window.activeTextEditor = undefined;
  end();
  assert.equal(fake.languageStatuses.length, 0);
});
