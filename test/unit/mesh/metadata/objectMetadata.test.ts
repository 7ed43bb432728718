import assert from "node:assert/strict";
import { test } from "node:test";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { say } from "../../../../src/mesh/message.ts";
import type { ResourceRef } from "../../../../src/mesh/metadata/providers.ts";
import { objectMetadata } from "../../../../src/mesh/metadata/objectMetadata.ts";
import type { KubeObject } from "../../../../src/mesh/model/kubeObject.ts";

const pod: ResourceRef = {
  clusterUid: "uid-1",
  context: "prod-eu",
  group: "",
  kind: "Pod",
  namespace: "shop",
  name: "reviews-1",
};
const never = new AbortController().signal;
const gone = new MeshError("not-found", say("gone"));

function anObject(fields: Record<string, unknown>): KubeObject {
  return { apiVersion: "v1", kind: "Thing", ...fields } as unknown as KubeObject;
}

async function annotationsGive(annotations: Record<string, string>, prefix = "cost.example.com/") {
  const object = anObject({ metadata: { name: "reviews-1", annotations } });
  const reads = { object: () => Promise.resolve(object), objects: () => Promise.reject(gone) };
  const [provider] = objectMetadata({ annotationPrefixes: [prefix], kinds: [] }, () => reads);
  return await provider?.provide(pod, never);
}

async function kindGives(objects: readonly KubeObject[]) {
  const reads = { object: () => Promise.reject(gone), objects: () => Promise.resolve(objects) };
  const kinds = [{ group: "extensions.banzaicloud.io", kind: "Metadata", about: [] }];
  const [provider] = objectMetadata({ annotationPrefixes: [], kinds }, () => reads);
  return await provider?.provide(pod, never);
}

test("annotations below a prefix are entries, summary and severity have their places", async () => {
  const found = await annotationsGive({
    "cost.example.com/summary": "0.12 €/h",
    "cost.example.com/severity": "warning",
    "cost.example.com/team": "shop",
    "other.example.com/team": "ops",
  });
  assert.deepEqual(found, { summary: "0.12 €/h", severity: "warning", data: { team: "shop" } });
});

test("a severity that is none stays an entry, so that nothing is lost", async () => {
  const found = await annotationsGive({ "cost.example.com/severity": "huge" });
  assert.deepEqual(found, { summary: "", data: { severity: "huge" } });
});

test("an object without such annotations has no card", async () => {
  assert.equal(await annotationsGive({ "other.example.com/team": "ops" }), undefined);
});

test("an object of a custom kind tells of the pod that owns it, before one of the pod's name", async () => {
  const byName = anObject({ metadata: { name: "reviews-1" }, summary: "by name", data: { a: "1" } });
  const owned = anObject({
    metadata: { name: "x", ownerReferences: [{ kind: "Pod", name: "reviews-1" }] },
    summary: "owned",
    data: { a: "2" },
    raw: { answer: "{}" },
  });
  assert.deepEqual(await kindGives([byName, owned]), { summary: "owned", data: { a: "2" }, raw: { answer: "{}" } });
  assert.deepEqual(await kindGives([byName]), { summary: "by name", data: { a: "1" } });
});

test("objects about others say nothing of the pod", async () => {
  assert.equal(await kindGives([anObject({ metadata: { name: "ratings-1" }, summary: "other", data: {} })]), undefined);
});

test("a kind that is not served, and a window without a cluster, have no card", async () => {
  const settings = { annotationPrefixes: ["a/"], kinds: [{ group: "g", kind: "K", about: ["Pod"] }] };
  const reads = { object: () => Promise.reject(gone), objects: () => Promise.reject(gone) };
  for (const now of [() => reads, () => undefined]) {
    for (const provider of objectMetadata(settings, now)) assert.equal(await provider.provide(pod, never), undefined);
  }
});

test("a prefix or kind that is named twice is one provider", () => {
  const kind = { group: "g", kind: "K", about: [] };
  const providers = objectMetadata({ annotationPrefixes: ["a/", "a/", ""], kinds: [kind, kind] }, () => undefined);
  assert.deepEqual(
    providers.map(({ id }) => id),
    ["a/", "K.g"],
  );
});
