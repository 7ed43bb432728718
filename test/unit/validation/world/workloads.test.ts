import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAmbientNamespace, isAmbientPod, isInMesh } from "../../../../src/mesh/validation/world/membership.ts";
import { podsWith } from "../../../../src/mesh/validation/world/workloads.ts";
import type { WorldSettings } from "../../../../src/mesh/validation/world/world.ts";
import { worldOf } from "../../../support/validation/worldOf.ts";

function podYaml(name: string, metadata: string, containers = "[{name: app, image: app}]"): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, ${metadata}}\nspec: {containers: ${containers}}\n`;
}

function deploymentYaml(name: string, replicas = 1): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec: {replicas: ${replicas}, template: {metadata: {labels: {app: ${name}}}}}\n`;
}

function namesOf(
  documents: readonly string[],
  labels: Readonly<Record<string, string>>,
  settings: Partial<WorldSettings> = {},
): readonly string[] {
  const world = worldOf([{ name: "a.yaml", text: documents.join("---\n") }], settings).world("");
  return podsWith(world, "*", labels).map(({ name }) => name);
}

describe("pods by label", () => {
  const pods = [podYaml("one", "labels: {app: cart, tier: web}"), podYaml("two", "labels: {app: cart}")];

  test("all labels must be there; no labels match every pod", () => {
    assert.deepEqual(namesOf(pods, { app: "cart", tier: "web" }), ["one"]);
    assert.deepEqual(namesOf(pods, {}), ["one", "two"]);
    assert.deepEqual(namesOf(pods, { app: "cart", constructor: "x" }), []);
  });

  test("a Deployment stands for its pods if none are declared", () => {
    assert.deepEqual(namesOf([deploymentYaml("till")], { app: "till" }), ["till"]);
    assert.deepEqual(namesOf([deploymentYaml("cart"), ...pods], { app: "cart" }), ["one", "two"]);
  });

  test("to Istio only Pods are pods", () => {
    assert.deepEqual(namesOf([deploymentYaml("till")], { app: "till" }, { isExactlyIstio: true }), []);
  });

  test("a live Deployment without replicas has no pods", () => {
    const store = worldOf([{ name: "east", text: deploymentYaml("till", 0), from: "live" }]);
    assert.deepEqual(podsWith(store.world(""), "*", { app: "till" }), []);
  });
});

describe("who is in the mesh", () => {
  function isIn(pod: string, namespaceLabels: string, isExactlyIstio = true): boolean {
    const namespace = `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${namespaceLabels}}}\n`;
    const world = worldOf([{ name: "a.yaml", text: `${namespace}---\n${pod}` }], { isExactlyIstio }).world("");
    const [one] = podsWith(world, "shop", {});
    assert.ok(one);
    return isInMesh(world, one);
  }

  test("a sidecar counts before labels", () => {
    const labels = "labels: {sidecar.istio.io/inject: 'false'}";
    assert.equal(isIn(podYaml("a", labels, "[{name: istio-proxy, image: auto}]"), ""), true);
    assert.equal(isIn(podYaml("a", labels), "istio-injection: enabled"), false);
  });

  test("the label counts before the annotation, and that before the namespace", () => {
    const annotations = "annotations: {sidecar.istio.io/inject: 'true'}";
    assert.equal(isIn(podYaml("a", `labels: {sidecar.istio.io/inject: 'false'}, ${annotations}`), ""), false);
    assert.equal(isIn(podYaml("a", annotations), "istio-injection: disabled"), true);
    assert.equal(isIn(podYaml("a", "labels: {}"), "istio-injection: enabled"), true);
  });

  test("a revision makes a namespace part of the mesh, which Istio's analyzers overlook", () => {
    assert.equal(isIn(podYaml("a", "labels: {}"), "istio.io/rev: canary"), false);
    assert.equal(isIn(podYaml("a", "labels: {}"), "istio.io/rev: canary", false), true);
  });

  test("a namespace is in the ambient mode unless sidecars are injected there", () => {
    const namespace = (name: string, labels: string): string =>
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, labels: {istio.io/dataplane-mode: ambient${labels}}}\n`;
    const text = [
      namespace("a", ""),
      namespace("b", ", istio-injection: enabled"),
      namespace("c", ", istio.io/rev: x"),
    ];
    const world = worldOf([{ name: "a.yaml", text: text.join("---\n") }]).world("");
    assert.deepEqual(
      ["a", "b", "c", "unknown"].map((name) => isAmbientNamespace(world, name)),
      [true, false, false, false],
    );
  });

  test("a pod is in the ambient mode by its annotation", () => {
    const text = podYaml("a", "annotations: {ambient.istio.io/redirection: enabled}");
    const [pod] = podsWith(worldOf([{ name: "a.yaml", text }]).world(""), "shop", {});
    assert.equal(pod && isAmbientPod(pod), true);
  });
});
