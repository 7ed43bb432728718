import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { contextKeys, doctorScheme, liveScheme, pageTypes, viewIds, walkthroughId } from "../../../src/editor/ids.ts";
import { MemorySecrets } from "../editor/support/memorySecrets.ts";
import "../editor/support/useFakeVscode.ts";
import { contributes, settings } from "./manifest.ts";

const { CredentialStore } = await import("../../../src/editor/credentials.ts");
const { windowStateShape } = await import("../../../src/editor/windowState.ts");

// What users' settings, key bindings, layouts and stored values refer to. These lists may grow and never shrink: what
// was published once goes on to work, under its name.

const publishedViews = ["foreyard.meshes", "foreyard.services", "foreyard.workloads"];

const publishedCommands = [
  "foreyard.chooseContexts",
  "foreyard.chooseNamespaces",
  "foreyard.chooseSort",
  "foreyard.clearFilter",
  "foreyard.clearPrometheusCredentials",
  "foreyard.collapseInTopology",
  "foreyard.connect",
  "foreyard.connectDemo",
  "foreyard.copyName",
  "foreyard.copyQuery",
  "foreyard.disconnect",
  "foreyard.focusInTopology",
  "foreyard.hideInTopology",
  "foreyard.openDocument",
  "foreyard.openWalkthrough",
  "foreyard.refresh",
  "foreyard.reportIssue",
  "foreyard.revealInTree",
  "foreyard.setFilter",
  "foreyard.setPrometheusCredentials",
  "foreyard.showDoctor",
  "foreyard.showLog",
  "foreyard.showMenu",
  "foreyard.showMore",
  "foreyard.showTopology",
  "foreyard.toggleInMeshOnly",
  "foreyard.viewInTopology",
  "foreyard.showOverview",
  "foreyard.drillDown",
  "foreyard.showServiceList",
  "foreyard.showWorkloadList",
  "foreyard.showLogs",
  "foreyard.showPreviousLogs",
  "foreyard.describe",
  "foreyard.copyKubectl",
  "foreyard.runValidations",
  "foreyard.validateThis",
];

const publishedSettings: Readonly<Record<string, string>> = {
  "foreyard.demo.connectOnOpen": "boolean",
  "foreyard.explorer.rowsPerGroup": "integer",
  "foreyard.explorer.sort": "string",
  "foreyard.kubeconfig.files": "array",
  "foreyard.kubeconfig.offerContextSwitch": "boolean",
  "foreyard.labels.app": "array",
  "foreyard.labels.version": "array",
  "foreyard.links.grafana": "string",
  "foreyard.links.jaeger": "string",
  "foreyard.links.kiali": "string",
  "foreyard.links.prometheus": "string",
  "foreyard.drilldown.thresholds": "object",
  "foreyard.health.rules": "array",
  "foreyard.metadata.annotations": "array",
  "foreyard.metadata.kinds": "array",
  "foreyard.validation.enabled": "boolean",
  "foreyard.validation.rules": "object",
  "foreyard.validation.suppress": "array",
  "foreyard.validation.istioVersion": "string",
  "foreyard.yaml.engine": "string",
  "foreyard.metrics.refreshSeconds": "integer",
  "foreyard.metrics.windowSeconds": "integer",
  "foreyard.prometheus.sources": "object",
  "foreyard.scope.namespaces": "array",
  "foreyard.topology.refreshSeconds": "integer",
  "foreyard.topology.windowSeconds": "integer",
};

const publishedPages = ["foreyard.topology", "foreyard.drilldown", "foreyard.lists"];

const publishedColors = [
  ...["edge.grpc", "edge.http", "edge.tcp"].map((name) => `foreyard.${name}`),
  ...["degraded", "failing", "healthy", "idle", "unknown"].map((name) => `foreyard.health.${name}`),
];

const publishedContextKeys = [
  "foreyard.state",
  "foreyard.metrics",
  "foreyard.demo",
  "foreyard.filtered",
  "foreyard.contextGone",
];

/** Each version of the window's state as it was once written; every one of them is read for ever. */
const storedStates: readonly unknown[] = [
  {
    version: 1,
    value: {
      choice: { kind: "contexts", contexts: ["prod-eu"] },
      clusterKeys: { "prod-eu": "uid-a" },
      namespaces: ["shop"],
      inMeshOnly: true,
      sort: "rps",
      offeredContext: "staging",
    },
  },
];

function missing(published: readonly string[], present: readonly string[]): readonly string[] {
  return published.filter((id) => !present.includes(id));
}

function unlisted(published: readonly string[], present: readonly string[]): readonly string[] {
  return present.filter((id) => !published.includes(id));
}

describe("Settings, views and stored state survive an upgrade", () => {
  const present: Readonly<Record<string, readonly [published: readonly string[], present: readonly string[]]>> = {
    views: [publishedViews, Object.values(viewIds)],
    commands: [publishedCommands, contributes.commands.map(({ command }) => command)],
    settings: [Object.keys(publishedSettings), Object.keys(settings)],
    "context keys": [publishedContextKeys, contextKeys],
    pages: [publishedPages, Object.values(pageTypes)],
    colours: [publishedColors, contributes.colors.map(({ id }) => id)],
  };
  for (const [what, [published, now]] of Object.entries(present)) {
    test(`no published id of ${what} is gone`, () => {
      assert.deepEqual(missing(published, now), []);
    });
    test(`new ids of ${what} are in the list of published ones`, () => {
      assert.deepEqual(unlisted(published, now), []);
    });
  }

  test("no setting has become something else", () => {
    const types = Object.keys(publishedSettings).map((key) => [key, settings[key]?.type]);
    assert.deepEqual(Object.fromEntries(types), publishedSettings);
  });

  test("the container, the walkthrough and the schemes of documents keep their names", () => {
    const containers = contributes.viewsContainers.activitybar.map(({ id }) => id);
    assert.deepEqual(
      [containers, walkthroughId, liveScheme, doctorScheme],
      [["foreyard"], "start", "foreyard", "foreyard-doctor"],
    );
  });

  test("the window's state keeps its key, and an example of each of its versions is kept", () => {
    assert.equal(windowStateShape.key, "foreyard.window");
    assert.equal(storedStates.length, windowStateShape.migrations.length + 1);
  });

  for (const stored of storedStates) {
    const { version, value } = stored as { readonly version: number; readonly value: unknown };
    test(`the window's state of version ${version} is read without losing anything`, () => {
      const migrated = windowStateShape.migrations
        .slice(version - 1)
        .reduce<unknown>((older, migrate) => migrate(older), value);
      const read: unknown = JSON.parse(JSON.stringify(windowStateShape.parse(migrated)));
      for (const [name, kept] of Object.entries(value as object)) {
        assert.deepEqual((read as Record<string, unknown>)[name], kept, name);
      }
    });
  }

  test("credentials are found under the key that they were stored with", async () => {
    const secrets = new MemorySecrets();
    secrets.values.set("foreyard.prometheus/uid-a", '{"bearer":"abc"}');
    assert.deepEqual(await new CredentialStore(secrets).get("uid-a"), { bearer: "abc" });
  });
});
