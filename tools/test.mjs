// Runs every check and test that can run here. The last line counts them.
//
//   npm test                 everything
//   npm test -- unit types   only these steps
//
// A step is skipped with its reason where this machine lacks something; with CI=true that is a failure instead, because
// a machine that tests for everybody must have it all.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { node24, underNode24 } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
await install();
await underNode24(import.meta.url);

// Not on Node 20, where this file starts on a new machine.
const { globSync } = await import("node:fs");

const work = mkdtempSync(path.join(tmpdir(), "foreyard-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };

/** Runs a program; resolves with its exit code and all that it printed. */
function output(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  child.stderr.on("data", (chunk) => (text += chunk));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, text: String(error) }));
    child.once("close", (code) => resolve({ code: code ?? 1, text }));
  });
}

/** One program is one test: it passes with exit code 0. */
function program(...command) {
  return async () => {
    const { code, text } = await output(node24(), command);
    if (code !== 0) console.log(text.trimEnd());
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  };
}

/** Test files for node:test. Files of one step run one after the other unless `concurrency` allows more. */
function suites(pattern, { concurrency = 1 } = {}) {
  return async (name) => {
    const files = globSync(pattern, { cwd: root }).sort();
    if (files.length === 0) {
      console.log(`No test file matches ${pattern}.`);
      return { passed: 0, failed: 1, skipped: 0 };
    }
    const counts = path.join(work, `${name}.json`);
    const args = ["--test", `--test-concurrency=${concurrency}`, "--test-reporter=./tools/reporter.mjs", ...files];
    const { code, text } = await output(node24(), args, { FOREYARD_COUNTS: counts, FOREYARD_ROOT: root });
    if (text.trim()) console.log(text.trimEnd());
    const result = read(counts);
    // A runner that dies before it counts must not look like a run without failures.
    if (code !== 0 && result.failed === 0) return { ...result, failed: 1 };
    return result;
  };
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const bin = (file) => path.join("node_modules", file);
const steps = {
  format: program(bin("prettier/bin/prettier.cjs"), "--check", "--log-level=warn", "."),
  types: program(bin("typescript/bin/tsc"), "-p", "."),
  "types of pages": program(bin("typescript/bin/tsc"), "-p", "webview"),
  "types of page tests": program(bin("typescript/bin/tsc"), "-p", "test/pages"),
  lint: program(bin("eslint/bin/eslint.js"), "--max-warnings=0", "."),
  unit: suites("test/unit/**/*.test.ts", { concurrency: 2 }),
  build: program("build.mjs"),
  go: program("test/support/prebuild.ts"),
  bundle: suites("test/bundle/**/*.test.ts"),
  pages: suites("test/pages/**/*.test.ts"),
  cli: suites("test/cli/**/*.test.ts"),
  sources: suites("test/sources/**/*.test.ts"),
  cluster: suites("{test/cluster/**/*,test/support/**/!(start)}.test.ts"),
  oracle: suites("test/oracle/**/*.test.ts"),
  editor: suites("test/editor/**/*.test.ts"),
  // Builds again, which would pull the extension from under the editor.
  start: suites("test/support/start.test.ts"),
};

// Each lane runs its steps in order; a step waits for those it needs. Two lanes for two cores, and the Go builds, which
// take longest on a new machine, beside them from the start.
const lanes = [
  ["go"],
  ["format", "types", "types of pages", "types of page tests", "lint"],
  ["build", "unit", "bundle", "cli"],
];
const after = [
  ["sources", "cluster", "oracle"],
  ["pages", "editor", "start"],
];

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in steps)) {
    console.error(`No step "${name}". There are: ${Object.keys(steps).join(", ")}.`);
    process.exit(2);
  }
}

async function lane(names) {
  for (const name of names) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const started = performance.now();
    const result = await steps[name](name);
    for (const key of Object.keys(total)) total[key] += result[key];
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
    console.log(`${name}: ${result.passed} passed, ${result.failed} failed${skipped} (${seconds} s)`);
  }
}

await Promise.all(lanes.map(lane));
await Promise.all(after.map(lane));

rmSync(work, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
