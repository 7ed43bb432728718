// Collects every English sentence that people may see in the editor, from say("...") in the mesh and the pages and from
// l10n.t("...") in the editor, into l10n/bundle.l10n.json, from which translations are made.
//
//   node tools/l10n.mjs           writes the bundle
//   node tools/l10n.mjs --check   ends with 1 if it is not current

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundleFile = path.join(root, "l10n/bundle.l10n.json");

/** Names of the functions whose first argument is a sentence. */
const speakers = new Set(["say", "l10n.t"]);

/** The sentences of one file, and a complaint for each that is not written out where it is said. */
export function sentencesIn(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const sentences = [];
  const problems = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && speakers.has(node.expression.getText(source))) {
      const [first] = node.arguments;
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
      // The one place that passes on what a say() already holds.
      const passesOn = first && ts.isPropertyAccessExpression(first) && first.getText(source) === "message.text";
      if (first && ts.isStringLiteralLike(first)) sentences.push(first.text);
      else if (!passesOn) problems.push(`${file}:${line} does not write its sentence out`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { sentences, problems };
}

/** The bundle as it should be: every sentence once, in order. */
export function collect() {
  const files = ["src", "webview"]
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes(path.join("src", "cli")),
    )
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found = files.map((file) => sentencesIn(path.relative(root, file), readFileSync(file, "utf8")));
  const sentences = [...new Set(found.flatMap((each) => each.sentences))].sort();
  const bundle = Object.fromEntries(sentences.map((sentence) => [sentence, sentence]));
  return { text: `${JSON.stringify(bundle, null, 2)}\n`, problems: found.flatMap((each) => each.problems) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, problems } = collect();
  for (const problem of problems) console.error(problem);
  if (process.argv.includes("--check")) {
    const isCurrent = readFileSync(bundleFile, "utf8") === text;
    if (!isCurrent) console.error("l10n/bundle.l10n.json is not current: run `node tools/l10n.mjs`");
    process.exitCode = isCurrent && problems.length === 0 ? 0 : 1;
  } else {
    writeFileSync(bundleFile, text);
    process.exitCode = problems.length === 0 ? 0 : 1;
  }
}
