import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseObjectPath, toObjectPath } from "../../../src/editor/resources/objectPath.ts";

test("R1: a document's path names context, namespace, group, kind and name", () => {
  const ref = { group: "networking.istio.io", kind: "VirtualService", namespace: "shop", name: "reviews" };
  assert.equal(toObjectPath("prod-eu", ref), "/prod-eu/shop/networking.istio.io/VirtualService/reviews.yaml");
});

test("R1: the core group and cluster scope have names of their own", () => {
  const ref = { group: "", kind: "Namespace", namespace: "", name: "shop" };
  assert.equal(toObjectPath("prod-eu", ref), "/prod-eu/_/core/Namespace/shop.yaml");
});

test("R1: the slash of an EKS context does not become a folder", () => {
  const context = "arn:aws:eks:eu-central-1:123456789012:cluster/prod";
  const path = toObjectPath(context, { group: "", kind: "Service", namespace: "shop", name: "reviews" });
  assert.equal(path.split("/").length, 6);
  assert.equal(parseObjectPath(path)?.context, context);
});

test("R1: every path leads back to what it names, whatever the context is called", () => {
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9.:-]{0,40}$/);
  const arbitrary = fc.record({
    context: fc.string({ unit: "grapheme", minLength: 1 }),
    namespace: fc.option(fc.stringMatching(/^[a-z0-9-]{1,20}$/), { nil: "" }),
    group: fc.constantFrom("", "apps", "networking.istio.io"),
    kind: fc.constantFrom("Service", "Deployment"),
    name,
  });
  fc.assert(
    fc.property(arbitrary, ({ context, ...ref }) => {
      assert.deepEqual(parseObjectPath(toObjectPath(context, ref)), { context, ...ref });
    }),
  );
});

for (const path of [
  "",
  "/",
  "/a.yaml",
  "/a/b/c/D/e.txt",
  "/a/b/c/D/e/f.yaml",
  "//b/c/D/e.yaml",
  "/.vscode/settings.json",
]) {
  test(`R1: ${JSON.stringify(path)} names no object`, () => {
    assert.equal(parseObjectPath(path), undefined);
  });
}
