import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { aWindow, openDemo, type AWindow } from "./support/aWindow.ts";
import { fake } from "./support/useFakeVscode.ts";

const { appearanceOf } = await import("../../../src/editor/explorer/appearance.ts");
const { statusText } = await import("../../../src/editor/statusBar.ts");

const english = fake.l10n.t;
/** Words half as long again, between marks that run from right to left. */
const pseudo: typeof english = (text, ...args) => {
  const words = english(text, ...args);
  return `\u202B⟦${words}${"·".repeat(Math.ceil(words.length / 2))}⟧\u202C`;
};

let window: AWindow;
before(async () => {
  window = aWindow();
  fake.l10n.t = pseudo;
  await openDemo(window);
});
after(() => {
  fake.l10n.t = english;
  window.connection.dispose();
});

test("O7: in another language the trees have the same rows, with the same tokens and names", () => {
  for (const name of ["meshes", "services", "workloads"] as const) {
    const tree = window.connection.live?.tree(name);
    const roots = tree?.roots() ?? [];
    assert.ok(roots.length > 0, name);
    for (const node of [...roots, ...roots.flatMap(({ id }) => tree?.children(id) ?? [])]) {
      const look = appearanceOf(node, 0);
      fake.l10n.t = english;
      const inEnglish = appearanceOf(node, 0);
      fake.l10n.t = pseudo;
      assert.deepEqual(
        [look.contextValue, look.icon, look.color],
        [inEnglish.contextValue, inEnglish.icon, inEnglish.color],
      );
      if (typeof node.label === "string") assert.equal(look.label, node.label);
      else assert.match(look.label, /⟦/);
    }
  }
});

test("O7: in a wordy language the status bar still has at most 24 characters", () => {
  const text = statusText(window.connection.situation, ["payments", "shop"]);
  assert.ok(Array.from(new Intl.Segmenter().segment(text)).length <= 24, text);
});
