import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { commandPlaces, contextKeys, viewIds } from "../../../src/editor/ids.ts";
import type { ConnectionState } from "../../../src/mesh/live/liveMesh.ts";
import { contributes, menu, spoken } from "./manifest.ts";
import { holds, keysOf, type ContextValues } from "./whenClause.ts";

const states: readonly ConnectionState[] = [
  "noKubeconfig",
  "noContext",
  "connecting",
  "unauthorized",
  "unreachable",
  "otherCluster",
  "noIstio",
  "ready",
];
const yesAndNo = [true, false];

/** Every combination of what welcome texts may depend on. */
const situations: readonly ContextValues[] = states.flatMap((state) =>
  yesAndNo.flatMap((trusted) =>
    yesAndNo.flatMap((gone) =>
      yesAndNo.map((filtered) => ({
        "foreyard.state": state,
        isWorkspaceTrusted: trusted,
        "foreyard.contextGone": gone,
        "foreyard.filtered": filtered,
      })),
    ),
  ),
);

describe("V4: each state has exactly one welcome", () => {
  for (const view of Object.values(viewIds)) {
    test(`in ${view}`, () => {
      for (const situation of situations) {
        const shown = contributes.viewsWelcome.filter((each) => each.view === view && holds(each.when, situation));
        assert.equal(shown.length, 1, JSON.stringify(situation));
      }
    });
    test(`in ${view}, nothing is said before anything is known`, () => {
      const shown = contributes.viewsWelcome.filter((each) => each.view === view && holds(each.when, {}));
      assert.deepEqual(shown, []);
    });
  }
});

test("V3: a welcome is one sentence, at most one button and at most one link", () => {
  for (const { contents } of contributes.viewsWelcome) {
    const lines = spoken(contents).split("\n");
    const buttons = lines.filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
    const links = lines.filter((line) => !buttons.includes(line)).flatMap((line) => line.match(/\]\(/g) ?? []);
    assert.ok(buttons.length <= 1 && links.length <= 1, contents);
    assert.match(lines[0] ?? "", /^[A-Z][^!]+[.…]/, contents);
  }
});

test("V3: every state of the first view offers a button", () => {
  for (const { view, contents } of contributes.viewsWelcome) {
    if (view === viewIds.meshes) assert.match(spoken(contents), /^\[[^\]]+\]\([^)]+\)$/m, contents);
  }
});

test("V3: the demo mesh is offered wherever there is no cluster to look at", () => {
  const key = (state: string) =>
    contributes.viewsWelcome.find((each) => each.when === state || each.when.startsWith(state));
  for (const state of ["foreyard.state == noKubeconfig", "foreyard.state == noContext"]) {
    assert.match(spoken(key(state)?.contents ?? ""), /command:foreyard\.connectDemo/);
  }
});

test("V3: welcome texts link only to commands that exist", () => {
  for (const { contents } of contributes.viewsWelcome) {
    for (const [, id = ""] of spoken(contents).matchAll(/command:(foreyard\.\w+)/g)) assert.ok(id in commandPlaces, id);
  }
});

test("V4: clauses read only context keys that the code sets or VS Code has", () => {
  const clauses = [...contributes.viewsWelcome, ...Object.keys(contributes.menus).flatMap((id) => [...menu(id)])];
  const ofVsCode = [
    ...["view", "viewItem", "isWorkspaceTrusted", "resourceScheme", "editorLangId"],
    ...["webviewId", "webviewSection"],
  ];
  const known: readonly string[] = [...contextKeys, ...ofVsCode];
  const unknown = clauses.flatMap(({ when }) =>
    when === undefined ? [] : keysOf(when).filter((key) => !known.includes(key)),
  );
  assert.deepEqual(unknown, []);
});

test("V4: every context key that the code sets is read by a clause", () => {
  const clauses = [...contributes.viewsWelcome, ...Object.keys(contributes.menus).flatMap((id) => [...menu(id)])];
  const read = new Set(clauses.flatMap(({ when }) => (when === undefined ? [] : keysOf(when))));
  assert.deepEqual(
    contextKeys.filter((key) => !read.has(key)),
    [],
  );
});
