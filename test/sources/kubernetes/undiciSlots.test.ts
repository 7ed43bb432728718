import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { FakeApiServer, sendJson } from "./fakeApiServer.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

// What a window does: load the adapter, read an object, open a stream. Prints what came of it.
const program = `
const slots = [1, 2].map((n) => Symbol.for("undici.globalDispatcher." + n));
void globalThis.Headers; // Node fills the slots itself when its own fetch is first touched
const before = slots.map((slot) => globalThis[slot]);
const { openCluster } = await import("./src/sources/kubernetes/openCluster.ts");
const { systemClock } = await import("./src/sources/kubernetes/systemClock.ts");
const file = "/home/dev/config";
const kubeconfig = {
  files: [file], currentContext: "test", problems: [],
  contexts: [{ name: "test", cluster: "k", user: "u", namespace: undefined, server: process.argv[2] }],
  clusters: new Map([["k", { file, fields: { server: process.argv[2] } }]]),
  users: new Map([["u", { file, fields: {} }]]),
};
const log = { debug() {}, info() {}, error() {} };
const { signal } = new AbortController();
const pods = { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true };
const source = openCluster(kubeconfig, "test", { log, clock: systemClock, mayRun: () => false, env: {} });
const { metadata } = await source.get(pods, "shop", "web", signal);
const exec = await source.exec({ namespace: "shop", pod: "web", container: "app", command: ["x"] }, signal).catch((e) => e.name);
source.dispose();
console.log(JSON.stringify({ name: metadata.name, exec, same: slots.map((slot, i) => globalThis[slot] === before[i]), filled: before.every(Boolean) }));
`;

describe("the bundled cluster adapter", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-bundle-"));
    await build({
      stdin: { contents: program, resolveDir: root, loader: "ts" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      absWorkingDir: root,
      alias: { undici: "./src/sources/kubernetes/undiciShim.ts" },
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
      logLevel: "error",
    });
  });
  after(() => rm(folder, { recursive: true }));

  it("leaves the process-wide dispatcher slots as they were, and works", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, { metadata: { name: "web" } }));
    const { stdout } = await promisify(execFile)(process.execPath, [path.join(folder, "stdin.mjs"), server.url]);
    assert.deepEqual(JSON.parse(stdout), { name: "web", exec: "MeshError", same: [true, true], filled: true });
  });

  const chunks = async () =>
    await Promise.all(
      (await readdir(folder)).map(async (name) => ({ name, text: await readFile(path.join(folder, name), "utf8") })),
    );

  it("holds nothing that would fill the slots", async () => {
    const holders = (await chunks()).filter(({ text }) => /undici\.globalDispatcher\.[12]/.test(text));
    assert.deepEqual(holders, []);
  });

  it("keeps the client library out of what is loaded to read a cluster", async () => {
    const all = await chunks();
    const entry = all.find(({ name }) => name === "stdin.mjs")?.text ?? "";
    const holders = all.filter(({ text }) => text.includes("loadFromClusterAndUser(cluster"));
    assert.ok(holders.length > 0);
    // Imported on first use: named in import(), never in an import statement.
    for (const { name } of holders) assert.doesNotMatch(entry, new RegExp(`^import[^(]*"\\./${name}"`, "m"));
  });
});
