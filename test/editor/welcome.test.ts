import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { FakeApiServer, sendStatus } from "../sources/kubernetes/fakeApiServer.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/freePort.ts";
import { kubeconfigWith } from "./support/kubeconfigs.ts";
import { contextPickTitle, openWorkbench, type Workbench } from "./support/workbench.ts";

// What the first view says in each state (V3). Istio's absence and a cluster that comes back are in realCluster.test.ts,
// an untrusted workspace in trust.test.ts.

describe("what the views say while there is no mesh to show", { timeout: 240_000 }, () => {
  let code: Workbench;
  let folder: string;
  let file: string;
  let refusing: FakeApiServer;
  let silent: FakeApiServer;
  let contexts: Record<string, string>;

  const says = (text: string) => code.pane("Meshes").getByText(text).first().waitFor();
  const buttons = () => code.pane("Meshes").locator(".monaco-button:visible").allInnerTexts();

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-welcome-"));
    file = path.join(folder, "config");
    refusing = await FakeApiServer.start(({ response }) => sendStatus(response, 401, "Unauthorized"));
    silent = await FakeApiServer.start(() => undefined);
    contexts = {
      away: `http://127.0.0.1:${await freePort()}`,
      refusing: refusing.url,
      silent: silent.url,
      "arn:aws:eks:eu-central-1:123456789012:cluster/a-name-as-long-as-clouds-make-them": silent.url,
    };
    await writeFile(file, kubeconfigWith(contexts, "refusing"));
    code = await openWorkbench({ env: { KUBECONFIG: file } });
    await code.openViews();
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(async () => {
    await code.close();
    await Promise.all([refusing.close(), silent.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  test("V3 noContext: with a kubeconfig but nothing chosen, it asks, and reaches nothing", async () => {
    await says("Choose which clusters this window shows.");
    assert.deepEqual(await buttons(), ["Choose Contexts"]);
    await code.pane("Services").getByText("Services with their live numbers appear here").waitFor();
    assert.deepEqual([refusing.asked, silent.asked], [[], []]);
    await code.picture("welcome-no-context");
  });

  test("C2: the quick pick names every context and its server, the current one first and ticked", async () => {
    await code.pane("Meshes").getByRole("button", { name: "Choose Contexts" }).click();
    await code.quickPick(contextPickTitle).waitFor();
    await code.choices.nth(3).waitFor();
    assert.equal(await code.choices.first().locator(".label-name").first().innerText(), "refusing");
    await code.choices.first().getByText("current context of kubectl").waitFor();
    await code.choices.first().getByText(refusing.url).waitFor();
    assert.equal(await code.choices.first().getAttribute("aria-checked"), "true");
    await code.picture("choose-contexts");
    await code.page.keyboard.press("Escape");
    await says("Choose which clusters this window shows.");
    assert.deepEqual(refusing.asked, []);
  });

  test("V3 unauthorized: a cluster that refuses the credentials", async () => {
    await code.chooseContexts("refusing");
    await says("The cluster refused your credentials.");
    assert.deepEqual(await buttons(), ["Try Again"]);
    await code
      .pane("Services")
      .getByText(/refusing/)
      .first()
      .waitFor();
    await code.picture("welcome-unauthorized");
  });

  test("Try Again asks the cluster anew", async () => {
    const before = refusing.asked.length;
    await code.pane("Meshes").getByRole("button", { name: "Try Again" }).click();
    await eventually("the cluster was asked again", () => refusing.asked.length > before);
    await says("The cluster refused your credentials.");
  });

  test("V3 unreachable: a cluster that is not there", async () => {
    await code.chooseContexts("away");
    await says("There is no connection to the cluster.");
    assert.deepEqual(await buttons(), ["Try Again"]);
    await code.picture("welcome-unreachable");
  });

  test("V3 connecting: a cluster that has not answered yet, which can be given up", async () => {
    await code.chooseContexts("silent");
    await says("Connecting…");
    assert.deepEqual(await buttons(), ["Cancel"]);
    await code.picture("welcome-connecting");
    await code.pane("Meshes").getByRole("button", { name: "Cancel" }).click();
    await says("Choose which clusters this window shows.");
  });

  test("C11: of a long context name the status bar keeps the end, where names differ", async () => {
    const [, , , long = ""] = Object.keys(contexts);
    await code.chooseContexts(long);
    const item = code.page.locator(".statusbar-item", { hasText: "clouds-make-them" });
    const text = (await item.innerText()).trim();
    assert.ok(text.length <= 24, text);
    await code.picture("long-context-name");
  });

  test("V3 contextGone: the pinned context has been taken out of the kubeconfig", async () => {
    await code.command("Foreyard: Disconnect");
    await code.chooseContexts("refusing");
    await says("The cluster refused your credentials.");
    await writeFile(file, kubeconfigWith({ away: contexts["away"] ?? "" }, "away"));
    await code.page.locator(".statusbar-item", { hasText: "refusing" }).locator(".codicon-warning").waitFor();
    await code.command("Foreyard: Refresh");
    await code.page.reload();
    await says("The context that this window was pinned to is no longer in the kubeconfig.");
    await code.picture("welcome-context-gone");
  });

  test("Doctor names the context that is gone, and has no secret in it", async () => {
    await code
      .pane("Meshes")
      .getByRole("button", { name: "Doctor" })
      .or(code.pane("Meshes").getByText("Doctor"))
      .first()
      .click();
    await code.page.locator(".editor-instance .view-lines").getByText("No longer in the kubeconfig").first().waitFor();
    assert.doesNotMatch(await code.editorText(), /secret-of-/);
    await code.picture("doctor-context-gone");
  });
});
