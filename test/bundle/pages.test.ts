import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inputsOf, readMetafile, root } from "./metafile.ts";

const metafile = readMetafile("webview.meta");
const scripts = Object.keys(metafile.outputs).filter((output) => output.endsWith(".js"));
const inputs = Object.keys(metafile.inputs);

test("there is one script and one style sheet for each page, and a font", () => {
  assert.deepEqual(Object.keys(metafile.outputs).sort(), [
    "dist/webview/codicon.ttf",
    "dist/webview/drilldown.css",
    "dist/webview/drilldown.js",
    "dist/webview/lists.css",
    "dist/webview/lists.js",
    "dist/webview/topology.css",
    "dist/webview/topology.js",
  ]);
});

for (const script of scripts) {
  const text = readFileSync(`${root}/${script}`, "utf8");

  describe(script, () => {
    test("is at most 600 KB", () => assert.ok(Buffer.byteLength(text) <= 600_000, `${Buffer.byteLength(text)} bytes`));

    // By occurrences: a failed match would print half a megabyte.
    const found = (pattern: RegExp): readonly string[] => Array.from(text.matchAll(pattern), ([each]) => each);

    test("W1: makes no code of text, which its policy would refuse", () => {
      assert.deepEqual(found(/new Function\b|(?<![\w.$])eval\(/g), []);
    });

    test("W1: asks the network for nothing", () => {
      assert.deepEqual(found(/(?<![\w.$])fetch\(|new XMLHttpRequest|new WebSocket|new EventSource|sendBeacon\(/g), []);
    });

    test("loads no other script", () => assert.deepEqual(found(/(?<![\w.$])import\(|importScripts\(/g), []));

    test("W4: sets no HTML by itself but what its template library sets", () => {
      const writing = inputsOf(metafile, [script]).filter(
        (file) =>
          file.startsWith("webview/") && /\.(inner|outer)HTML\s*=|insertAdjacentHTML|unsafeHTML/.test(source(file)),
      );
      assert.deepEqual(writing, []);
    });
  });
}

test("pages hold nothing of the editor, of a source, of the engine or of the command line", () => {
  assert.deepEqual(
    inputs.filter((file) => /^src\/(?!mesh\/|protocol\/)/.test(file)),
    [],
  );
});

test("pages hold no package but those for drawing and controls", () => {
  const allowed =
    /^node_modules\/(lit|lit-html|lit-element|@lit\/[\w-]+|d3(-[\w-]+)?|uplot|@tanstack\/virtual-core|@vscode\/(codicons|webview-ui-toolkit)|@microsoft\/fast-[\w-]+|exenv-es6|tabbable|tslib|internmap|delaunator|robust-predicates)\//;
  assert.deepEqual(
    inputs.filter((file) => file.startsWith("node_modules/") && !allowed.test(file)),
    [],
  );
});

function source(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}
