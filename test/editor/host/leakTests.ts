import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigurationTarget, commands, workspace } from "vscode";
import { eventually } from "../../support/eventually.ts";
import { kubeconfigWith } from "../support/kubeconfigs.ts";
import { openDemo } from "./documentTests.ts";
import type { HostTest } from "./hostTest.ts";
import { connections, timers } from "./resources.ts";

const dispatchers = [1, 2].map((n) => Symbol.for(`undici.globalDispatcher.${n}`));

function dispatchersNow(): readonly unknown[] {
  return dispatchers.map((slot) => (globalThis as Record<symbol, unknown>)[slot]);
}

/** Connects to an API server of this test by the commands that people use, and calls `during` once it was asked. */
async function connected(during: () => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "foreyard-host-"));
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    const body = JSON.stringify({ kind: "Status", status: "Failure", code: 401, message: "Unauthorized" });
    response.writeHead(401, { "Content-Type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const file = path.join(folder, "config");
  const { port } = server.address() as AddressInfo;
  writeFileSync(file, kubeconfigWith({ [`at-${port}`]: `http://127.0.0.1:${port}` }, `at-${port}`));
  const config = workspace.getConfiguration("foreyard");
  try {
    await config.update("kubeconfig.files", [file], ConfigurationTarget.Global);
    await commands.executeCommand("workbench.view.extension.foreyard");
    const choosing = commands.executeCommand("foreyard.chooseContexts");
    // The only context is ticked already.
    await eventually("the cluster is asked", async () => {
      await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return asked > 0;
    });
    await choosing;
    await during();
    await commands.executeCommand("foreyard.disconnect");
  } finally {
    await config.update("kubeconfig.files", undefined, ConfigurationTarget.Global);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  }
}

export const leakTests: readonly HostTest[] = [
  {
    name: "undici's global dispatchers are the same before and after a cluster was asked",
    async run() {
      assert.ok(globalThis.Headers); // Node fills the slots itself when its own fetch is first touched
      const before = dispatchersNow();
      await connected(() => Promise.resolve());
      dispatchersNow().forEach((slot, index) => assert.ok(slot === before[index], `slot ${index} was changed`));
    },
  },
  {
    name: "O14: a cluster that was disconnected leaves no socket, process or timer behind",
    async run() {
      await commands.executeCommand("foreyard.disconnect");
      await commands.executeCommand("workbench.view.explorer");
      const before = { connections: connections().length, timers: timers() };
      await connected(() => Promise.resolve());
      await commands.executeCommand("workbench.view.explorer");
      await eventually("sockets and timers are gone", () => {
        return connections().length <= before.connections && timers() <= before.timers;
      });
    },
  },
  {
    name: "O14: views that are opened and closed again and again leave no timer behind",
    async run() {
      await openDemo();
      const look = async () => {
        await commands.executeCommand("workbench.view.extension.foreyard");
        await commands.executeCommand("foreyard.services.focus");
        await commands.executeCommand("workbench.view.explorer");
      };
      await look();
      const before = timers();
      for (let i = 0; i < 20; i++) await look();
      await eventually("there are no more timers than before", () => timers() <= before);
      await commands.executeCommand("foreyard.disconnect");
    },
  },
];
