import assert from "node:assert/strict";
import { extensions, window, workspace } from "vscode";
import type { HostTest } from "./hostTest.ts";

const id = "foreyard.foreyard";

/** Sockets and child processes of the extension host; timers and the host's own pipes do not count. */
function connections(): string[] {
  return process.getActiveResourcesInfo().filter((each) => /^(TCP|ProcessWrap|UDP|TLS)/.test(each));
}

export const lifeTests: readonly HostTest[] = [
  {
    name: "M3: a YAML file that has nothing to do with Istio does not activate Foreyard",
    async run() {
      const [file] = await workspace.findFiles("app.yaml");
      assert.ok(file);
      await window.showTextDocument(await workspace.openTextDocument(file));
      assert.equal(extensions.getExtension(id)?.isActive, false);
    },
  },
  {
    name: "M5: activation opens no socket and starts no process",
    async run() {
      const before = connections();
      await extensions.getExtension(id)?.activate();
      assert.equal(extensions.getExtension(id)?.isActive, true);
      assert.deepEqual(connections(), before);
    },
  },
];
