// Compares Foreyard with the real programs that it stands in for, at full length: test/oracle.
//
//   npm run test:oracle                    everything
//   npm run test:oracle -- apiServer       only the files whose path has this in it

import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { node24, underNode24 } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
await install();
await underNode24(import.meta.url);

// Not on Node 20, where this file starts on a new machine.
const { globSync } = await import("node:fs");

const wanted = process.argv.slice(2);
const files = globSync("test/oracle/**/*.test.ts", { cwd: root })
  .filter((file) => wanted.every((word) => file.split(path.sep).join("/").includes(word)))
  .sort();
if (files.length === 0) {
  console.error("No test file matches.");
  process.exit(1);
}
// One after the other: each starts programs of its own.
const args = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files];
const env = { ...process.env, FOREYARD_ORACLE: "full" };
const { status } = spawnSync(node24(), args, { cwd: root, stdio: "inherit", env });
process.exitCode = status ?? 1;
