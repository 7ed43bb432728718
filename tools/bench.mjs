// Runs the programs of test/bench one after the other; each prints its figures beside the budgets they are held to.
//
//   npm run bench                 all of them
//   npm run bench -- inventory    those whose file name contains a word

import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { node24, run, underNode24 } from "./node24.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await install();
await underNode24(import.meta.url);

// Not on Node 20, where this file may start.
const { globSync } = await import("node:fs");

const words = process.argv.slice(2);
const programs = globSync("test/bench/*.bench.ts").sort();
const chosen = programs.filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
if (chosen.length === 0) {
  console.error(`No bench matches. There are: ${programs.join(", ")}.`);
  process.exit(2);
}
for (const file of chosen) {
  console.log(`\n${file}`);
  const code = await run(node24(), ["--expose-gc", file]);
  if (code !== 0) process.exitCode = code;
}
