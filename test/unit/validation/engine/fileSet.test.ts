import assert from "node:assert/strict";
import { test } from "node:test";
import { FileSet } from "../../../../src/mesh/validation/engine/fileSet.ts";
import { WorldStore } from "../../../../src/mesh/validation/world/worldStore.ts";
import { testSettings } from "../../../support/validation/worldOf.ts";

const part = "apiVersion: v1\nkind: Service\nmetadata: { name: reviews }\nspec: { type: NodePort }\n";
const plan = (patches: string): string =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${patches}\n`;

function aSet() {
  const store = new WorldStore(testSettings);
  const names = () => [...store.declarations()].map(({ kind }) => kind).filter((kind) => kind === "core/Service");
  return { files: new FileSet(store, { cluster: "" }), services: () => names().length };
}

for (const [how, patches] of [
  ["patches", "patches: [{ path: patch.yaml }]"],
  ["patchesStrategicMerge", "patchesStrategicMerge: [./patch.yaml]"],
  ["patchesJson6902", "patchesJson6902: [{ path: ../eu/patch.yaml, target: {} }]"],
] as const) {
  test(`a file that a kustomization names in ${how} is a patch and no object, in whatever order both are read`, () => {
    for (const order of [
      ["plan", "patch"],
      ["patch", "plan"],
    ] as const) {
      const { files, services } = aSet();
      for (const one of order) {
        if (one === "plan") files.put("overlays/eu/kustomization.yaml", plan(patches));
        else files.put("overlays/eu/patch.yaml", part);
      }
      assert.equal(services(), 0);
      assert.equal(files.counts().patches, 1);
    }
  });
}

test("files have URIs for names in the editor", () => {
  const { files, services } = aSet();
  files.put("file:///w/eu/patches/a.yaml", part);
  files.put("file:///w/eu/kustomization.yml", plan("patches: [{ path: patches/a.yaml }]"));
  assert.equal(services(), 0);
});

test("what a kustomization names no longer, or names as a resource, is an object", () => {
  const { files, services } = aSet();
  files.put("kustomization.yaml", plan("patches: [{ path: patch.yaml }]"));
  files.put("patch.yaml", part);
  files.put("kustomization.yaml", plan("resources: [patch.yaml]"));
  assert.equal(services(), 1);
  files.put("kustomization.yaml", plan("patches: [{ path: patch.yaml }]"));
  assert.equal(services(), 0);
  files.remove("kustomization.yaml");
  assert.equal(services(), 1);
});

test("a patch that is written into the kustomization, and a path that leads out of the world, name no file", () => {
  const { files, services } = aSet();
  files.put("a.yaml", part);
  const inline =
    "patchesStrategicMerge:\n- |\n  kind: Service\npatches: [{ path: ../../../a.yaml }, { path: /a.yaml }]";
  files.put("kustomization.yaml", plan(inline));
  assert.equal(services(), 1);
});

test("a file that becomes a patch is told as read again, once", () => {
  const { files } = aSet();
  files.put("patch.yaml", part);
  files.put("kustomization.yaml", plan("patches: [{ path: patch.yaml }]"));
  assert.deepEqual(files.takeReread(), ["patch.yaml"]);
  assert.deepEqual(files.takeReread(), []);
});
