import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { fake } from "./support/useFakeVscode.ts";

const { needsNewConnection, prometheusFor, readSettings } = await import("../../../src/editor/settings.ts");

afterEach(() => fake.userSettings.clear());

test("unset settings have the manifest's defaults", () => {
  const { windowSeconds, refreshSeconds, sort, kubeconfigFiles } = readSettings();
  assert.deepEqual([windowSeconds, refreshSeconds, sort, kubeconfigFiles], [120, 15, "name", []]);
});

test("what does not fit gives way to the default", () => {
  fake.userSettings.set("foreyard.metrics.windowSeconds", "long");
  fake.userSettings.set("foreyard.explorer.sort", "colour");
  fake.userSettings.set("foreyard.kubeconfig.files", "/etc/kubeconfig");
  const { windowSeconds, sort, kubeconfigFiles } = readSettings();
  assert.deepEqual([windowSeconds, sort, kubeconfigFiles], [120, "name", []]);
});

test("numbers out of bounds are brought back to the nearest bound", () => {
  fake.userSettings.set("foreyard.metrics.windowSeconds", 1);
  fake.userSettings.set("foreyard.metrics.refreshSeconds", 1e9);
  const { windowSeconds, refreshSeconds } = readSettings();
  assert.deepEqual([windowSeconds, refreshSeconds], [30, 300]);
});

test("lists keep what is text", () => {
  fake.userSettings.set("foreyard.scope.namespaces", ["shop", 7, null, " ", "payments"]);
  assert.deepEqual(readSettings().namespaces, ["shop", "payments"]);
});

test("a context's own Prometheus comes before the one for all, and neither is mixed with the other", () => {
  fake.userSettings.set("foreyard.prometheus.sources", {
    "*": { url: "https://all.example", headers: { "X-Scope-OrgID": "all" } },
    "prod-eu": { url: "https://eu.example" },
  });
  const settings = readSettings();
  assert.deepEqual(prometheusFor(settings, "prod-eu"), { url: "https://eu.example" });
  assert.equal(prometheusFor(settings, "prod-us").url, "https://all.example");
});

test("a context named like an object's own property has no Prometheus of its own", () => {
  assert.deepEqual(prometheusFor(readSettings(), "constructor"), {});
});

test("fields of a Prometheus that do not fit are left out", () => {
  fake.userSettings.set("foreyard.prometheus.sources", {
    a: { url: 7, headers: { good: "1", bad: 2 }, insecureSkipVerify: "yes", tokenCommand: [], password: "hunter2" },
    b: "https://b.example",
  });
  const settings = readSettings();
  assert.deepEqual(prometheusFor(settings, "a"), { headers: { good: "1" } });
  assert.deepEqual(prometheusFor(settings, "b"), {});
});

test("a chart's thresholds are a rising pair, else its own stay", () => {
  fake.userSettings.set("foreyard.drilldown.thresholds", { errors: [0.05, 0.1], latency: [2, 1], requests: [1, 2] });
  assert.deepEqual(readSettings().drilldownThresholds, { errors: [0.05, 0.1] });
});

const values: Readonly<Record<string, unknown>> = {
  "kubeconfig.files": ["/etc/kubeconfig"],
  "scope.namespaces": ["shop"],
  "metrics.windowSeconds": 300,
  "metrics.refreshSeconds": 30,
  "prometheus.sources": { "*": { url: "https://p.example" } },
  "labels.app": ["app"],
  "labels.version": ["version"],
  "explorer.rowsPerGroup": 500,
};
for (const [key, value] of Object.entries(values)) {
  test(`S4: changing ${key} opens the connection anew`, () => {
    const before = readSettings();
    fake.userSettings.set(`foreyard.${key}`, value);
    assert.ok(needsNewConnection(before, readSettings()));
  });
}

test("S4: what is shown in another order, and what is offered, needs no new connection", () => {
  const before = readSettings();
  fake.userSettings.set("foreyard.explorer.sort", "rps");
  fake.userSettings.set("foreyard.kubeconfig.offerContextSwitch", false);
  assert.ok(!needsNewConnection(before, readSettings()));
});
