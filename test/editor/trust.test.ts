import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { FakeApiServer, sendStatus } from "../sources/kubernetes/fakeApiServer.ts";
import { eventually } from "../support/eventually.ts";
import { openWorkbench, type Workbench } from "./support/workbench.ts";

describe("O5: a workspace that is not trusted, in a real VS Code", { timeout: 180_000 }, () => {
  let code: Workbench;
  let server: FakeApiServer;
  let marker: string;

  const says = (text: string) => code.pane("Meshes").getByText(text).first().waitFor();

  /** A kubeconfig whose credential program leaves a trace. */
  function kubeconfig(context: string): string {
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "/bin/sh",
      args: ["-c", `touch '${marker}'; exit 1`],
      interactiveMode: "Never",
    };
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      clusters: [{ name: "c", cluster: { server: server.url } }],
      users: [{ name: "u", user: { exec } }],
      contexts: [{ name: context, context: { cluster: "c", user: "u" } }],
    });
  }

  before(async () => {
    server = await FakeApiServer.start(({ response }) => sendStatus(response, 401, "Unauthorized"));
    code = await openWorkbench({ asksForTrust: true });
    marker = path.join(code.dir, "the-program-ran");
    writeFileSync(path.join(code.workspace, "named-by-settings"), kubeconfig("named-by-settings"));
    code.settings({ "foreyard.kubeconfig.files": [path.join(code.workspace, "named-by-settings")] });
    await code.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(async () => {
    await code.close();
    await server.close();
  });

  test("V3 untrusted: a kubeconfig that the workspace names is not read, and the view says so", async () => {
    await code.openViews();
    await says("No kubeconfig was found, and one that this workspace names is not read until you trust the workspace.");
    await code.picture("welcome-untrusted");
  });

  test("a credential program in a file of the workspace is not started, wherever the way to the file begins", async () => {
    const home = path.join(code.dir, "home/.kube");
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(code.workspace, "linked"), kubeconfig("linked"));
    symlinkSync(path.join(code.workspace, "linked"), path.join(home, "config"));
    await code.chooseContexts("linked");
    await code.page.locator(".statusbar-item", { hasText: "linked" }).waitFor();
    await code.pane("Services").getByText(/trust/i).first().waitFor();
    assert.equal(existsSync(marker), false);
    assert.deepEqual(server.asked, []);
    await code.picture("untrusted-program");
  });

  test("once trusted, the kubeconfig that the workspace names is read, and its program is started", async () => {
    await code.command("Foreyard: Disconnect");
    await code.command("Workspaces: Manage Workspace Trust");
    await code.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    // The window tells extensions of trust, and of the settings that count by it, a moment after it shows it.
    await eventually("the workspace's settings count", () => code.isContextOffered("named-by-settings"));
    await code.chooseContexts("named-by-settings");
    await eventually("the program ran", () => existsSync(marker));
  });
});
