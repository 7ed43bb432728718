import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { houseViolations, violations, type SourceFile } from "./layers.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

function sources(): SourceFile[] {
  return globSync("{src,webview}/**/*.ts", { cwd: root }).map((file) => ({
    file: file.split(path.sep).join("/"),
    text: readFileSync(path.join(root, file), "utf8"),
  }));
}

test("every import in src and webview is one that the layer table allows, without cycles", () => {
  const files = sources();
  assert.ok(files.length > 20);
  assert.deepEqual(violations(files), []);
});

test("no file in src or webview has a vague name, a default export or only passes things on", () => {
  assert.deepEqual(houseViolations(sources()), []);
});

const deliberate: readonly { readonly what: string; readonly file: string; readonly text: string }[] = [
  { what: "mesh importing the editor", file: "src/mesh/a.ts", text: 'import { x } from "../editor/b.ts";' },
  { what: "mesh importing a source", file: "src/mesh/a.ts", text: 'import { x } from "../sources/demo/b.ts";' },
  {
    what: "mesh importing a type of the editor",
    file: "src/mesh/a.ts",
    text: 'import type { X } from "../editor/b.ts";',
  },
  { what: "mesh importing vscode lazily", file: "src/mesh/a.ts", text: 'await import("vscode");' },
  { what: "mesh reading the disk", file: "src/mesh/a.ts", text: 'import { readFile } from "node:fs";' },
  {
    what: "mesh running the client library",
    file: "src/mesh/a.ts",
    text: 'import { V1Pod } from "@kubernetes/client-node";',
  },
  { what: "mesh naming a type in place", file: "src/mesh/a.ts", text: 'type X = import("../editor/b.ts").X;' },
  {
    what: "one source importing another",
    file: "src/sources/demo/a.ts",
    text: 'import { x } from "../prometheus/b.ts";',
  },
  { what: "a source importing vscode", file: "src/sources/demo/a.ts", text: 'import { window } from "vscode";' },
  { what: "the editor importing a source", file: "src/editor/a.ts", text: 'import { x } from "../sources/demo/b.ts";' },
  { what: "the editor importing the engine", file: "src/editor/a.ts", text: 'import { x } from "../engine.ts";' },
  { what: "the editor importing Node", file: "src/editor/a.ts", text: 'import os from "node:os";' },
  { what: "the CLI importing the editor", file: "src/cli/a.ts", text: 'export { x } from "../editor/b.ts";' },
  { what: "the protocol importing a package", file: "src/protocol/a.ts", text: 'import { x } from "yaml";' },
  {
    what: "a page importing the editor",
    file: "webview/topology/a.ts",
    text: 'import { x } from "../../src/editor/b.ts";',
  },
  {
    what: "a page importing a source",
    file: "webview/topology/a.ts",
    text: 'import { x } from "../../src/sources/demo/b.ts";',
  },
  { what: "a page importing Node", file: "webview/topology/a.ts", text: 'import os from "node:os";' },
  { what: "a page importing vscode", file: "webview/topology/a.ts", text: 'import { window } from "vscode";' },
  { what: "a page importing a package of its own choice", file: "webview/shared/a.ts", text: 'import "axios";' },
  {
    what: "a page importing the toolkit past its adapter",
    file: "webview/topology/a.ts",
    text: 'import { vsCodeButton } from "@vscode/webview-ui-toolkit";',
  },
  {
    what: "a page loading the toolkit later, past its adapter",
    file: "webview/shared/theme.ts",
    text: 'await import("@vscode/webview-ui-toolkit/dist/button/index.js");',
  },
  {
    what: "the editor importing a page",
    file: "src/editor/a.ts",
    text: 'import { x } from "../../webview/shared/b.ts";',
  },
  {
    what: "the protocol importing a page",
    file: "src/protocol/a.ts",
    text: 'import type { X } from "../../webview/a.ts";',
  },
  { what: "a computed import", file: "src/mesh/a.ts", text: "const name = String(1); await import(name);" },
  { what: "a require call", file: "src/mesh/a.ts", text: 'require("node:fs");' },
  { what: "a file outside the rooms", file: "src/stray/a.ts", text: "" },
];

for (const { what, file, text } of deliberate) {
  test(`the layer test notices ${what}`, () => {
    assert.equal(violations([{ file, text }]).length, 1);
  });
}

test("the layer test lets the adapter of controls import the toolkit, and pages parts of their libraries", () => {
  const files = [
    { file: "webview/shared/controls.ts", text: 'import { vsCodeButton } from "@vscode/webview-ui-toolkit";' },
    { file: "webview/topology/a.ts", text: 'import { repeat } from "lit/directives/repeat.js";' },
    { file: "webview/topology/b.ts", text: 'import "@vscode/codicons/dist/codicon.css";' },
  ];
  assert.deepEqual(violations(files), []);
});

test("the layer test lets mesh import types of the client library", () => {
  const text = 'import type { V1Pod } from "@kubernetes/client-node";';
  assert.deepEqual(violations([{ file: "src/mesh/a.ts", text }]), []);
});

test("the layer test notices a cycle of imports", () => {
  const files = [
    { file: "src/mesh/a.ts", text: 'import { b } from "./b.ts";' },
    { file: "src/mesh/b.ts", text: 'import { a } from "./a.ts";' },
  ];
  assert.deepEqual(violations(files), ["cycle: src/mesh/a.ts -> src/mesh/b.ts -> src/mesh/a.ts"]);
});

test("a cycle of types alone is no cycle", () => {
  const files = [
    { file: "src/mesh/a.ts", text: 'import type { b } from "./b.ts";' },
    { file: "src/mesh/b.ts", text: 'import type { a } from "./a.ts";' },
  ];
  assert.deepEqual(violations(files), []);
});

for (const { what, file, text } of [
  { what: "a vague file name", file: "src/mesh/utils.ts", text: "" },
  { what: "a default export", file: "src/mesh/a.ts", text: "export default 1;" },
  { what: "a file that passes things on", file: "src/mesh/a.ts", text: 'export * from "./b.ts";' },
]) {
  test(`the house test notices ${what}`, () => {
    assert.equal(houseViolations([{ file, text }]).length, 1);
  });
}
