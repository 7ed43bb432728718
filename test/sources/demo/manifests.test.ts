import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { load } from "js-yaml";
import { demoManifests } from "../../../src/sources/demo/manifests.ts";
import { listAll, openShop } from "./demoShop.ts";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly spec?: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

const manifests = [...demoManifests()].map((text) => load(text) as Manifest);

describe("the demo's manifests", () => {
  it("say nothing that only a server writes", () => {
    for (const manifest of manifests) {
      assert.ok(!("status" in manifest), manifest.kind);
      assert.deepEqual(
        Object.keys(manifest.metadata).filter((key) => !["name", "namespace", "labels", "annotations"].includes(key)),
        [],
      );
    }
  });

  it("begin with the namespaces, and use no others", () => {
    const first = manifests.findIndex(({ kind }) => kind !== "Namespace");
    assert.ok(manifests.slice(first).every(({ kind }) => kind !== "Namespace"));
    const namespaces = new Set(manifests.slice(0, first).map(({ metadata }) => metadata.name));
    for (const { metadata } of manifests)
      assert.ok(metadata.namespace === undefined || namespaces.has(metadata.namespace));
  });

  it("have the controllers in place of their pods", async () => {
    assert.ok(!manifests.some(({ kind }) => ["Pod", "ReplicaSet", "Node", "EndpointSlice"].includes(kind)));
    const live = await listAll(openShop().eu, "Deployment");
    const names = manifests.filter(({ kind }) => kind === "Deployment").map(({ metadata }) => metadata.name);
    assert.deepEqual(names.sort(), live.map(({ metadata }) => metadata.name).sort());
  });

  it("have templates that their own selectors select", () => {
    for (const { kind, metadata, spec } of manifests) {
      const labels = spec?.template?.metadata.labels;
      if (!labels) continue;
      for (const [key, value] of Object.entries(spec.selector?.matchLabels ?? {})) {
        assert.equal(labels[key], value, `${kind} ${metadata.name}`);
      }
    }
  });

  it("do not stop pods from being made where there is no istiod", () => {
    const webhooks = manifests.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));
    assert.ok(webhooks.length > 3);
    for (const webhook of webhooks) assert.doesNotMatch(JSON.stringify(webhook), /"failurePolicy":"Fail"/);
  });

  it("name each object once", () => {
    const ids = manifests.map(
      ({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.namespace ?? ""}/${metadata.name}`,
    );
    assert.equal(new Set(ids).size, ids.length);
  });

  it("refuse a cluster that the world does not have", () => {
    assert.throws(() => [...demoManifests({ cluster: "mars" })], RangeError);
  });
});
