import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import "./support/useFakeVscode.ts";

const { statusText } = await import("../../../src/editor/statusBar.ts");

function shows(contexts: readonly string[], demo = false) {
  return { state: "ready", metrics: "ready", demo, contexts, gone: [] } as const;
}

test("C11: the status bar names the context, and the first namespace with how many more", () => {
  assert.equal(statusText(shows(["prod-eu"]), undefined), "prod-eu");
  assert.equal(statusText(shows(["prod-eu"]), ["shop", "payments", "data"]), "prod-eu · shop +2");
  assert.equal(statusText(shows(["prod-eu", "prod-us"]), undefined), "prod-eu +1");
});

test("C11: the demo mesh is named as what it is", () => {
  assert.equal(statusText(shows(["demo-a", "demo-b"], true), undefined), "demo mesh");
});

test("C11: of a long context the end is kept", () => {
  const text = statusText(shows(["arn:aws:eks:eu-central-1:123456789012:cluster/production"]), undefined);
  assert.match(text, /^….*cluster\/production$/);
});

test("C11: the text never has more than 24 characters", () => {
  const names = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(names, fc.option(names, { nil: undefined }), (contexts, namespaces) => {
      const text = statusText(shows(contexts), namespaces);
      assert.ok(Array.from(new Intl.Segmenter().segment(text)).length <= 24, text);
    }),
  );
});
