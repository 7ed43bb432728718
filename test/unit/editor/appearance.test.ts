import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeKind, NodeState, TreeNode } from "../../../src/mesh/explorer/node.ts";
import { say } from "../../../src/mesh/message.ts";
import { readText } from "../manifest/manifest.ts";
import "./support/useFakeVscode.ts";

const { ageText, appearanceOf } = await import("../../../src/editor/explorer/appearance.ts");
const { tooltipOf } = await import("../../../src/editor/explorer/tooltip.ts");

function aNode(over: Partial<TreeNode> = {}): TreeNode {
  return {
    ...{ id: "shop/reviews", parentId: "shop", kind: "service", label: "reviews", hasChildren: false },
    ...{ facts: [say("{0} rps", 12), say("{0}%", 8.3)], state: "failing", tokens: ["fy.http"] },
    ...over,
  };
}

const states: readonly NodeState[] = ["healthy", "degraded", "failing", "idle", "unknown"];

test("V9: each state has a shape of its own, so that colour is never alone", () => {
  const icons = states.map((state) => appearanceOf(aNode({ state }), 0).icon);
  assert.equal(new Set(icons).size, states.length);
});

test("V9: every icon is one of VS Code's and every colour is the theme's", () => {
  const known = readText("node_modules/@vscode/codicons/dist/codicon.css");
  const kinds =
    "mesh cluster group controlPlane dataPlane nodeAgent gateway telemetry namespace service member workload pod host port role capability step failure more";
  const nodes = [
    ...states.map((state) => aNode({ state })),
    ...kinds.split(" ").map((kind) => aNode({ kind: kind as NodeKind, state: undefined })),
    aNode({ staleSince: 1 }),
  ];
  for (const node of nodes) {
    const { icon, color } = appearanceOf(node, 2);
    assert.ok(known.includes(`.codicon-${icon}:before`), icon);
    assert.match(
      color ?? "foreground",
      /^(testing\.iconPassed|list\.(warning|error)Foreground|descriptionForeground|foreground)$/,
    );
  }
});

test("V10: facts stand beside the name, and old ones say how old", () => {
  assert.equal(appearanceOf(aNode(), 0).description, "12 rps · 8.3%");
  const old = appearanceOf(aNode({ staleSince: 1_000 }), 41_000);
  assert.equal(old.description, "12 rps · 8.3% · 40 s ago");
  assert.equal(old.icon, "clock");
});

test("a screen reader hears name, state and facts", () => {
  assert.equal(appearanceOf(aNode(), 0).spoken, "reviews, failing, 12 rps, 8.3%");
});

test("V11: a row's tokens are its kind, whether it has a document and a name, and what the mesh says of it", () => {
  const ref = { cluster: "uid", group: "", kind: "Service", namespace: "shop", name: "reviews" };
  assert.equal(appearanceOf(aNode(), 0).contextValue, "fy.service fy.named fy.drill fy.http");
  assert.equal(
    appearanceOf(aNode({ ref }), 0).contextValue,
    "fy.service fy.document fy.named fy.drill fy.kubectl fy.validate fy.http",
  );
});

test("beside a name from right to left, the facts keep their own direction", () => {
  assert.match(appearanceOf(aNode({ label: "مرحبا" }), 0).description, /^\u2068.*\u2069$/);
});

const ages: readonly (readonly [number, string])[] = [
  [-5_000, "0 s ago"],
  [0, "0 s ago"],
  [119_000, "119 s ago"],
  [120_000, "2 min ago"],
  [3_600_000, "60 min ago"],
  [7_200_000, "2 h ago"],
];
for (const [milliseconds, text] of ages) {
  test(`an age of ${milliseconds} ms reads ${text}`, () => assert.equal(ageText(milliseconds), text));
}

test("V8: a tooltip shows cluster text as it is: no HTML, no links, no icons of its own", () => {
  const hostile = "<img onerror=alert(1) src=x> [click](command:evil) $(error) **bold** & &lt;";
  const node = aNode({ label: hostile });
  const { value, supportHtml, isTrusted } = tooltipOf({ tree: "services", id: node.id }, node, [
    { name: say("Label"), value: say("{0}", hostile) },
  ]);
  assert.equal(supportHtml, false);
  assert.deepEqual(isTrusted, { enabledCommands: ["foreyard.openDocument", "foreyard.copyName"] });
  assert.doesNotMatch(value, /<|(?<!\\)\[click|(?<!\\)\$\(error|&lt;"|(?<!\\)\*bold/);
  assert.match(value, /&lt;img/);
  assert.match(value, /&amp;lt;/);
});

test("V8: a row with a document offers it in its tooltip, by a command that names the row", () => {
  const ref = { cluster: "uid", group: "", kind: "Service", namespace: "shop", name: "reviews" };
  const row = { tree: "services", id: "shop/reviews" } as const;
  const { value } = tooltipOf(row, aNode({ ref }), []);
  const argument = /command:foreyard\.openDocument\?([^)]+)\)/.exec(value)?.[1] ?? "";
  assert.deepEqual(JSON.parse(decodeURIComponent(argument)), [row]);
});
