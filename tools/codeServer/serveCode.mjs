// Starts code-server with extensions, linked from where they are built, and stops all that it started.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Settings under which nothing but the extension asks for attention or for the network. */
const quietSettings = {
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "workbench.editor.useModal": "off",
  "window.menuBarVisibility": "compact",
  "window.confirmBeforeClose": "never",
  "git.openRepositoryInParentFolders": "never",
};

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * @param {object} options
 * @param {{ node: string, entry: string }} options.installed what installCodeServer returned
 * @param {string} options.dir an empty folder for its state
 * @param {readonly string[]} [options.extensions] folders of the extensions to link in
 * @param {Record<string, unknown>} [options.settings] user settings on top of the quiet ones
 * @param {string[]} [options.args] further arguments
 * @param {Record<string, string>} [options.env] further environment
 * @param {number} [options.port] a free one if not given
 * @param {boolean} [options.trustEverything] no workspace trust prompt; true unless said otherwise
 */
export async function serveCode({
  installed,
  dir,
  extensions: linked = [],
  settings,
  args = [],
  env,
  port,
  trustEverything = true,
}) {
  const user = path.join(dir, "user");
  const extensions = path.join(dir, "extensions");
  mkdirSync(path.join(user, "User"), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const all = { ...quietSettings, "security.workspace.trust.enabled": !trustEverything, ...settings };
  writeFileSync(path.join(user, "User/settings.json"), JSON.stringify(all, null, 2));
  writeFileSync(path.join(dir, "config.yaml"), "");
  for (const extension of linked) {
    const { publisher, name, version } = JSON.parse(readFileSync(path.join(extension, "package.json"), "utf8"));
    symlinkSync(extension, path.join(extensions, `${publisher}.${name}-${version}`), "dir");
  }
  port ??= await freePort();
  const log = openSync(path.join(dir, "server.log"), "a");
  const child = spawn(
    installed.node,
    [
      installed.entry,
      ...["--config", path.join(dir, "config.yaml"), "--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
      ...["--user-data-dir", user, "--extensions-dir", extensions],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override", "--disable-proxy"],
      ...(trustEverything ? ["--disable-workspace-trust"] : []),
      ...args,
    ],
    // A process group of its own: killing the server alone would leave its watcher and extension host behind.
    { stdio: ["ignore", log, log], detached: true, env: { ...process.env, EXTENSIONS_GALLERY: "{}", ...env } },
  );
  closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  const stop = () => stopGroup(child);
  for (const deadline = Date.now() + 60_000; ; await pause(50)) {
    if (child.exitCode !== null) throw new Error(`code-server ended with ${child.exitCode}; see ${dir}/server.log`);
    const ready = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    if (Date.now() > deadline) {
      await stop();
      throw new Error(`code-server did not answer within a minute; see ${dir}/server.log`);
    }
  }
  return { url, port, child, stop };
}

async function stopGroup(child) {
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
      return true;
    } catch {
      return false; // all gone
    }
  };
  signal("SIGTERM");
  for (const deadline = Date.now() + 5_000; Date.now() < deadline && signal(0);) await pause(50);
  signal("SIGKILL");
}
