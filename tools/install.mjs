// Brings node_modules to what package-lock.json says, unless it is there already.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = path.join(root, "node_modules/.foreyard-lock");

export async function install() {
  const lock = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  // No package of ours needs its install script: esbuild's binary and Node itself are packages of their own.
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const code = await run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root });
  if (code !== 0) throw new Error(`npm ci ended with ${code}.`);
  writeFileSync(stamp, lock);
}
