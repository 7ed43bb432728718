import assert from "node:assert/strict";
import { test } from "node:test";
import { viewIds } from "../../../src/editor/ids.ts";
import { contributes, readText } from "./manifest.ts";

const views = contributes.views["foreyard"] ?? [];

test("V1: one container holds three to five views, the same that the code fills", () => {
  assert.deepEqual(
    contributes.viewsContainers.activitybar.map(({ id }) => id),
    ["foreyard"],
  );
  assert.ok(views.length >= 3 && views.length <= 5);
  assert.deepEqual(views.map(({ id }) => id).sort(), Object.values(viewIds).sort());
});

test("V1: the container and every view have a monochrome outline that exists", () => {
  const icons = [...contributes.viewsContainers.activitybar, ...views].map(({ icon }) => icon);
  for (const icon of icons) {
    const drawing = readText(icon);
    assert.match(drawing, /<svg [^>]*fill="none" stroke="#000"/, icon);
    assert.deepEqual([...drawing.matchAll(/(?:fill|stroke)="(?!none|#000)[^"]*"/g)], [], icon);
  }
});
