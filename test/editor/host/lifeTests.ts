import assert from "node:assert/strict";
import { Session } from "node:inspector";
import { readFileSync } from "node:fs";
import path from "node:path";
import { extensions, window, workspace } from "vscode";
import { extensionId, type HostTest } from "./hostTest.ts";
import { connections } from "./resources.ts";

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly imports: readonly { path: string; kind: string }[] }>>;
}

function extension() {
  const found = extensions.getExtension(extensionId);
  assert.ok(found, `${extensionId} is not there`);
  return found;
}

/** Files of dist/ whose code this process has loaded: a debugger is told of each script when it starts. */
function loadedFiles(): readonly string[] {
  const session = new Session();
  const files: string[] = [];
  session.connect();
  session.on("Debugger.scriptParsed", ({ params }) => {
    const at = params.url.lastIndexOf("/dist/");
    if (at >= 0 && params.url.includes(path.basename(extension().extensionPath))) files.push(params.url.slice(at + 1));
  });
  session.post("Debugger.enable");
  session.disconnect();
  return files.filter((file) => file.startsWith("dist/extension.") || file.startsWith("dist/chunks/"));
}

/** dist/extension.js and all that it imports before it runs. */
function eagerFiles(): ReadonlySet<string> {
  const text = readFileSync(path.join(extension().extensionPath, "dist/meta.json"), "utf8");
  const { outputs } = JSON.parse(text) as Metafile;
  const eager = new Set<string>();
  const add = (file: string): void => {
    if (eager.has(file)) return;
    eager.add(file);
    for (const each of outputs[file]?.imports ?? []) if (each.kind === "import-statement") add(each.path);
  };
  add("dist/extension.js");
  return eager;
}

/** What holds for a host in which nobody has touched Foreyard; these run first, in this order. */
export const lifeTests: readonly HostTest[] = [
  {
    name: "M3: a YAML file that has nothing to do with Istio does not activate Foreyard",
    async run() {
      const [file] = await workspace.findFiles("app.yaml");
      assert.ok(file);
      await window.showTextDocument(await workspace.openTextDocument(file));
      assert.equal(extension().isActive, false);
    },
  },
  {
    name: "M5: activation opens no socket and starts no process",
    async run() {
      const before = connections();
      await extension().activate();
      assert.equal(extension().isActive, true);
      assert.deepEqual(connections(), before);
    },
  },
  {
    name: "M4: activation loads no cluster code, only what dist/extension.js imports at once",
    run() {
      const loaded = loadedFiles();
      assert.ok(loaded.includes("dist/extension.js"), loaded.join(", "));
      const eager = eagerFiles();
      assert.deepEqual(
        loaded.filter((file) => !eager.has(file)),
        [],
      );
      return Promise.resolve();
    },
  },
];
