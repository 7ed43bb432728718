import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";
import { collect, sentencesIn } from "../../../tools/l10n.mjs";
import { readText, root } from "./manifest.ts";

const { text, problems } = collect();
const bundle = JSON.parse(readText("l10n/bundle.l10n.json")) as Readonly<Record<string, string>>;

test("O7: the bundle of sentences is current", () => {
  assert.deepEqual(Object.keys(bundle), Object.keys(JSON.parse(text) as object));
});

test("O7: every sentence is written out where it is said", () => {
  assert.deepEqual(problems, []);
});

test("O7: a sentence that is put together at run time is complained about", () => {
  assert.equal(sentencesIn("x.ts", "say(`a ${b}`); l10n.t(name); say('fine')").problems.length, 2);
});

test("O7: the places of each sentence are numbered without a gap", () => {
  for (const sentence of Object.keys(bundle)) {
    const places = new Set([...sentence.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1])));
    assert.deepEqual(
      [...places].sort(),
      [...places.keys()].map((_, index) => index),
      sentence,
    );
  }
});

const files = readdirSync(new URL("src/editor", root), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/editor/${file}`);

/** Where people read what is written. */
const showing = /^(show(Information|Warning|Error)Message|setStatusBarMessage|appendText|appendWords)$/;
const shownFields = new Set([
  "title",
  "prompt",
  "placeholder",
  "placeHolder",
  "description",
  "detail",
  "tooltip",
  "message",
]);

/** Literals of words that would reach people untranslated: in a pseudo-locale they alone would still be English. */
function untranslated(file: string, source: string): string[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const check = (value: ts.Expression): void => {
    const isText = ts.isStringLiteralLike(value) || ts.isTemplateExpression(value);
    const words = isText ? value.getText(tree).replaceAll(/\$\{[^}]*\}/g, "") : "";
    if (/\p{L}{2}/u.test(words)) found.push(`${file}: ${words}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = ts.isPropertyAccessExpression(node.expression)
        ? node.expression.name.text
        : node.expression.getText(tree);
      if (showing.test(name)) node.arguments.forEach(check);
    }
    if (ts.isPropertyAssignment(node) && shownFields.has(node.name.getText(tree))) check(node.initializer);
    if (
      ts.isBinaryExpression(node) &&
      ts.isPropertyAccessExpression(node.left) &&
      shownFields.has(node.left.name.text)
    ) {
      check(node.right);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

test("O7: no literal reaches a message, a title, a prompt or a tooltip", () => {
  assert.deepEqual(
    files.flatMap((file) => untranslated(file, readText(file))),
    [],
  );
});

test("O7: a literal that reaches a message is found", () => {
  assert.equal(untranslated("x.ts", 'window.showErrorMessage("It broke"); pick.title = `Pick ${x}`;').length, 2);
});
