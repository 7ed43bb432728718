// Writes docs/rules.md: every code with what it means and an example that gives it and one that does not. The examples are
// the fixtures that the tests run (test/fixtures/rules).
//
//   node tools/node24.mjs tools/rules.mjs            writes it
//   node tools/node24.mjs tools/rules.mjs --check    fails if it is not current

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { rulesPage } from "../test/support/validation/rulesPage.ts";

const file = path.join(fileURLToPath(new URL("..", import.meta.url)), "docs/rules.md");
const page = rulesPage();
if (!process.argv.includes("--check")) writeFileSync(file, page);
else if (readFileSync(file, "utf8") !== page) {
  process.stderr.write("docs/rules.md is not current: run node tools/node24.mjs tools/rules.mjs\n");
  process.exitCode = 1;
}
