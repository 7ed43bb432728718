import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { TopologyFrame } from "./support/topologyFrame.ts";
import { openWorkbench, themeClasses, type Theme, type Workbench } from "./support/workbench.ts";

const routes = `apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ratings-v1
  namespace: shop
`;

describe("the topology page of the demo mesh, in a real VS Code", { timeout: 420_000 }, () => {
  let code: Workbench;
  let page: TopologyFrame;

  before(async () => {
    code = await openWorkbench({
      files: { "shop.yaml": routes },
      settings: { "foreyard.demo.connectOnOpen": true, "foreyard.metrics.refreshSeconds": 5 },
      // Rows out of sight are not drawn.
      size: { width: 1600, height: 1300 },
    });
    page = new TopologyFrame(code);
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  async function openFile(name: string): Promise<void> {
    const tab = code.page.locator(".tab", { hasText: name });
    if ((await tab.count()) > 0) await tab.click();
    else {
      await code.page.keyboard.press("Control+p");
      await code.quickInput.fill(name);
      await code.choices.filter({ hasText: name }).first().click();
    }
    await code.page.locator(".editor-instance .view-line").first().waitFor();
  }

  test("opens from a tree's row, names the mesh, and shows the row's node with its numbers", async () => {
    await code.openViews();
    await code.open("Services", /^shop, .*services/);
    const row = code.row("Services", /^reviews, /);
    await row.hover();
    await row.getByRole("button", { name: "View in Topology" }).click();
    await code.page.locator(".tab", { hasText: "Topology · demo mesh" }).waitFor();
    await page.drawn();
    await page.heading("reviews").waitFor();
    await page.panel.getByText("How requests ended").waitFor();
    assert.match(await page.panel.innerText(), /HTTP[^]*rps/i);
    await code.picture("topology-vscode-dark");
  });

  test("finds what a text asks for, and marks it in the table, too", async () => {
    await page.tree.focus();
    await code.page.keyboard.press("/");
    await code.page.keyboard.type("http.errors > 1% and ns = shop");
    await page.named("table").click();
    await page.frame.locator(".fy-found", { hasText: "reviews" }).first().waitFor();
    assert.equal(await page.frame.locator(".fy-found", { hasText: "ratings" }).count(), 0);
    await page.named("close-table").click();
    await page.frame.getByRole("textbox", { name: "Find" }).first().fill("");
  });

  test("focuses on a node's neighbours and collapses its namespace, by the keyboard", async () => {
    await page.tree.focus();
    await code.page.keyboard.press("f");
    await page.frame.getByText("Focus, hops: 1").waitFor();
    await code.page.keyboard.press("Escape");
    await code.page.keyboard.press("c");
    await eventually("a box is collapsed", async () => / collapsed, /.test(await page.spoken()));
    await code.page.keyboard.press("c");
  });

  test("selects an edge and says how its requests ended", async () => {
    await page.tree.focus();
    await code.page.keyboard.press("Home");
    await code.page.keyboard.press("Shift+ArrowRight");
    await eventually("the keyboard is on an edge", async () => / to .*, (HTTP|gRPC|TCP)/.test(await page.spoken()));
    await code.page.keyboard.press("Space");
    await page.panel.getByText("How requests ended").waitFor();
    await page.panel.getByRole("heading", { name: / → / }).waitFor();
  });

  test("reads another window when one is chosen", async () => {
    await page.choose("window", "Last 30 min");
    await page.frame.locator(".fy-status", { hasText: "last 30 min" }).waitFor();
    await page.drawn();
  });

  test("W3: is there again with its picture and choices after it was hidden", async () => {
    await openFile("shop.yaml");
    await page.frame.locator(".fy-status").waitFor({ state: "detached" });
    const begun = performance.now();
    await page.tab.click();
    await page.drawn();
    console.log(`shown again after ${Math.round(performance.now() - begun)} ms, VS Code's own part included`);
    await page.frame.locator(".fy-status", { hasText: "last 30 min" }).waitFor();
    await page.panel.getByRole("heading", { name: / → / }).waitFor();
  });

  test("W3: is restored with view, window and table when the window is loaded again", async () => {
    await page.choose("view", "Workload");
    await page.named("table").click();
    await page.frame.getByRole("grid", { name: "Nodes" }).waitFor();
    const reloaded = code.page.waitForEvent("load");
    await code.command("Developer: Reload Window");
    await reloaded;
    await code.page.waitForSelector(".monaco-workbench .part.statusbar");
    await page.frame.getByRole("grid", { name: "Nodes" }).waitFor();
    await page.drawn();
    await page.frame.locator(".fy-status", { hasText: "last 30 min" }).waitFor();
    await page.named("close-table").click();
    await page.choose("view", "Versioned app");
    await page.choose("window", "Last 5 min");
    await page.drawn();
  });

  test("opens on the object under the cursor of a YAML document", async () => {
    await openFile("shop.yaml");
    const line = code.page.locator(".view-line", { hasText: "ratings-v1" });
    await line.click();
    await line.click({ button: "right" });
    const item = code.page.locator(".context-view .action-label", { hasText: "View in Topology" });
    await item.waitFor();
    // A menu that has just opened takes no click yet.
    await eventually("the menu has taken the click", async () => {
      if (await item.isVisible()) await item.click();
      return !(await item.isVisible());
    });
    await page.heading("ratings-v1").waitFor();
  });

  test("does its work by the keyboard alone: walk, details, find, table, back", async () => {
    const { keyboard } = code.page;
    await page.tree.focus();
    await keyboard.press("Home");
    const first = await eventually("the keyboard is on a node", () => page.spoken());
    await keyboard.press("ArrowRight");
    await eventually("the keyboard went along the traffic", async () => (await page.spoken()) !== first);
    await keyboard.press("Space");
    await page.panel.getByText("How requests ended").waitFor();
    await keyboard.press("Escape");
    await page.panel.waitFor({ state: "detached" });
    await keyboard.press("t");
    await page.frame.getByRole("grid", { name: "Nodes" }).waitFor();
    await keyboard.press("t");
    await page.frame.getByRole("grid", { name: "Nodes" }).waitFor({ state: "detached" });
    await keyboard.press("?");
    await page.frame.getByRole("heading", { name: "Keyboard" }).waitFor();
    await keyboard.press("Escape");
    await page.frame.getByRole("heading", { name: "Keyboard" }).waitFor({ state: "hidden" });
  });

  for (const theme of Object.keys(themeClasses) as Theme[]) {
    test(`W10: axe-core finds nothing serious in ${theme}`, async () => {
      await code.theme(theme);
      await page.tree.focus();
      await code.page.keyboard.press("Home");
      await code.page.keyboard.press("Space");
      await page.panel.getByText("How requests ended").waitFor();
      await code.picture(`topology-vscode-${theme.toLowerCase().replaceAll(" ", "-")}`);
      assert.deepEqual(await page.seriousFindings(), []);
      await code.page.keyboard.press("Escape");
    });
  }

  test("W1: nothing was refused by the page's policy, and nothing left this machine", () => {
    assert.deepEqual(
      code.console.filter((line) => /Content Security Policy|Refused to/i.test(line) && /topology|fy-/i.test(line)),
      [],
    );
    assert.deepEqual(code.outside, []);
  });
});
