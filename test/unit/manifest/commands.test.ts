import assert from "node:assert/strict";
import { test } from "node:test";
import { commandPlaces } from "../../../src/editor/ids.ts";
import type { NodeKind, TreeNode } from "../../../src/mesh/explorer/node.ts";
import "../editor/support/useFakeVscode.ts";
import { contributes, menu } from "./manifest.ts";
import { holds } from "./whenClause.ts";

const { appearanceOf } = await import("../../../src/editor/explorer/appearance.ts");

test("M11: the manifest and the code know the same commands", () => {
  assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), Object.keys(commandPlaces).sort());
});

test("M11: menus name only commands that are contributed", () => {
  const named = Object.keys(contributes.menus).flatMap((id) => menu(id).map(({ command }) => command));
  assert.deepEqual(
    named.filter((command) => !(command in commandPlaces)),
    [],
  );
});

test("M11: commands that need a row or a page are hidden from the palette, and all others can be found there", () => {
  const hidden = menu("commandPalette").filter(({ when }) => when === "false");
  const ofRows = Object.entries(commandPlaces).filter(([, place]) => place !== "palette");
  assert.deepEqual(hidden.map(({ command }) => command).sort(), ofRows.map(([id]) => id).sort());
});

const kinds: Readonly<Record<NodeKind, readonly string[]>> = {
  mesh: [],
  cluster: [],
  group: [],
  controlPlane: [],
  dataPlane: [],
  nodeAgent: [],
  gateway: [],
  telemetry: [],
  namespace: [],
  service: ["fy.http", "fy.grpc", "fy.tcp", "fy.idle"],
  member: ["fy.http"],
  workload: ["fy.http"],
  pod: [],
  node: [],
  host: [],
  port: [],
  role: [],
  capability: [],
  step: [],
  failure: [],
  more: [],
};

/** The context values that rows can have, with and without a document. */
const values = (Object.entries(kinds) as [NodeKind, readonly string[]][]).flatMap(([kind, tokens]) => {
  const node: TreeNode = {
    ...{ id: kind, parentId: undefined, kind, label: kind, facts: [], state: undefined, hasChildren: false },
    tokens,
  };
  const ref = { cluster: "uid", group: "", kind: "Service", namespace: "shop", name: "reviews" };
  return [node, { ...node, ref }].map((each) => appearanceOf(each, 0).contextValue);
});

test("V11: each row menu is for at least one kind of row, and for no row that lacks its token", () => {
  for (const { when = "" } of menu("view/item/context")) {
    const token = /viewItem =~ \/\\b(fy\\\.\w+)\\b\//.exec(when)?.[1]?.replace("\\", "");
    assert.ok(token, when);
    const pattern = when.split(" && ").find((term) => term.startsWith("viewItem")) ?? "";
    const matched = values.filter((viewItem) => holds(pattern, { viewItem }));
    assert.ok(matched.length > 0, when);
    assert.deepEqual(
      matched.filter((value) => !value.split(" ").includes(token)),
      [],
    );
  }
});

test("V12: a row has at most three inline actions, all with icons, each also in its menu, none destructive", () => {
  const items = menu("view/item/context");
  const inline = items.filter(({ group }) => group?.startsWith("inline"));
  for (const { command, when } of inline) {
    assert.match(contributes.commands.find((each) => each.command === command)?.icon ?? "", /^\$\([\w-]+\)$/);
    const inMenu = items.filter((each) => each.command === command && each.when === when && !inline.includes(each));
    assert.equal(inMenu.length, 1, `${command} ${when ?? ""}`);
    assert.doesNotMatch(command, /delete|remove|clear/i);
  }
  for (const viewItem of values) {
    for (const view of ["foreyard.meshes", "foreyard.services", "foreyard.workloads"]) {
      const shown = inline.filter(({ when = "" }) => holds(when, { view, viewItem }));
      assert.ok(shown.length <= 3, viewItem);
    }
  }
});

test("V12: row menus use the agreed groups and at most seven items", () => {
  const groups = ["inline", "1_open", "2_observe", "3_traffic", "4_yaml", "5_copy", "9_danger"];
  const items = menu("view/item/context");
  for (const { group = "" } of items) assert.ok(groups.includes(group.split("@")[0] ?? ""), group);
  for (const viewItem of values) {
    const shown = items.filter(
      ({ when = "", group }) => !group?.startsWith("inline") && holds(when, { view: "foreyard.meshes", viewItem }),
    );
    assert.ok(shown.length <= 7, viewItem);
  }
});

test("V13: a view's title has at most three buttons in any state, all with icons", () => {
  const buttons = menu("view/title").filter(({ group }) => group?.startsWith("navigation"));
  for (const { command } of buttons)
    assert.ok(contributes.commands.find((each) => each.command === command)?.icon, command);
  for (const view of ["foreyard.meshes", "foreyard.services", "foreyard.workloads"]) {
    const everything = { view, "foreyard.state": "ready", "foreyard.filtered": true };
    const shown = buttons.filter(({ when = "" }) => holds(when, everything));
    assert.ok(shown.length >= 1 && shown.length <= 3, view);
  }
});

const states = ["connecting", "unauthorized", "unreachable", "otherCluster", "noIstio", "ready"];
for (const state of states) {
  test(`C6: in the state ${state}, contexts can be chosen and the window disconnected, by title menu and palette`, () => {
    const values = { view: "foreyard.meshes", "foreyard.state": state };
    for (const wanted of ["foreyard.chooseContexts", "foreyard.disconnect"]) {
      const inTitle = menu("view/title").filter(
        ({ command, when = "true" }) => command === wanted && holds(when, values),
      );
      assert.equal(inTitle.length, 1, `${wanted} in the title`);
      const hidden = menu("commandPalette").filter(
        ({ command, when = "true" }) => command === wanted && !holds(when, values),
      );
      assert.deepEqual(hidden, [], `${wanted} in the palette`);
    }
  });
}
