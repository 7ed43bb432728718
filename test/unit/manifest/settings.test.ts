import assert from "node:assert/strict";
import { test } from "node:test";
import "../editor/support/useFakeVscode.ts";
import { contributes, settings, spoken } from "./manifest.ts";

const { settingKeys } = await import("../../../src/editor/settings.ts");

test("S1: the manifest and the code know the same settings", () => {
  const known = Object.values(settingKeys).map((key) => `foreyard.${key}`);
  assert.deepEqual(Object.keys(settings).sort(), known.sort());
});

test("S1: every setting has a type, a default, an order and a description of at most two lines", () => {
  for (const [key, setting] of Object.entries(settings)) {
    assert.ok(setting.type, key);
    assert.notEqual(setting.default, undefined, key);
    assert.ok(setting.order, key);
    const lines = spoken(setting.markdownDescription ?? "").split("\n");
    assert.ok(lines.length <= 2 && (lines[0] ?? "") !== "", key);
  }
});

test("S1: numbers have bounds that hold their default, and each choice of a list is explained", () => {
  for (const [key, setting] of Object.entries(settings)) {
    if (setting.type === "integer") {
      const { minimum = NaN, maximum = NaN, default: value } = setting;
      assert.ok(typeof value === "number" && value >= minimum && value <= maximum, key);
    }
    assert.equal(setting.enumDescriptions?.length, setting.enum?.length, key);
  }
});

test("S1: settings stand in at most six titled sections", () => {
  assert.ok(contributes.configuration.length <= 6);
  for (const { title } of contributes.configuration) assert.ok(spoken(title));
});

test("S2: what names files, addresses or programs is the machine's; a folder may judge its own files; the rest is the window's", () => {
  const ofMachine = Object.keys(settings).filter((key) => settings[key]?.scope === "machine-overridable");
  assert.deepEqual(ofMachine.sort(), [
    "foreyard.kubeconfig.files",
    ...["grafana", "jaeger", "kiali", "prometheus"].map((tool) => `foreyard.links.${tool}`),
    "foreyard.prometheus.sources",
  ]);
  const others = Object.entries(settings).filter(([key]) => !ofMachine.includes(key));
  for (const [key, { scope }] of others) {
    const isOfFiles = /^foreyard\.validation\.(?:rules|suppress|istioVersion)$/.test(key);
    assert.equal(scope, isOfFiles ? "resource" : "window", key);
  }
});

test("S3: no setting asks for a token or a password", () => {
  const text = JSON.stringify(contributes.configuration);
  assert.doesNotMatch(text, /"(token|bearer|password|credentials)"/i);
});
