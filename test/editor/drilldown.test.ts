import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { DrilldownFrame } from "./support/drilldownFrame.ts";
import { openWorkbench, root, themeClasses, type Theme, type Workbench } from "./support/workbench.ts";

describe("the drill-down page of the demo mesh, in a real VS Code", { timeout: 420_000 }, () => {
  let code: Workbench;
  let page: DrilldownFrame;

  before(async () => {
    code = await openWorkbench({
      settings: { "foreyard.demo.connectOnOpen": true, "foreyard.metrics.refreshSeconds": 5 },
      extensions: [path.join(root, "examples/cost-card")],
      size: { width: 1600, height: 1300 },
    });
    page = new DrilldownFrame(code);
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  async function openWorkload(): Promise<void> {
    await code.openViews();
    await code.open("Workloads", /^shop, /);
    const row = code.row("Workloads", /^reviews-v2, /);
    await row.hover();
    await row.getByRole("button", { name: "Drill Down" }).click();
    await page.heading(/reviews-v2/).waitFor();
  }

  test("opens from a tree's row, names the mesh, and says what the row's workload is", async () => {
    await openWorkload();
    await code.page.locator(".tab", { hasText: "Drill-down · demo mesh" }).waitFor();
    assert.equal(await page.at("Workload"), "reviews-v2");
    await code.picture("drilldown-vscode-workload");
  });

  test("draws charts with numbers in them", async () => {
    const chart = page.frame.locator("[data-chart='requests inbound']");
    await chart.locator(".fy-plot").waitFor();
    await eventually("the legend has a number", async () => /\d[^]*rps/.test(await chart.innerText()));
  });

  test("goes from the workload to a pod and its node by the mouse, and back and forward", async () => {
    await page.rows("Pods").first().locator(".fy-name").click();
    const pod = await page.at("Pod");
    assert.match(pod, /^reviews-v2-/);
    await page.fact("Node").click();
    const node = await page.at("Node");
    await code.picture("drilldown-vscode-node");
    await page.named("back").click();
    assert.equal(await page.at("Pod"), pod);
    await page.named("forward").click();
    assert.equal(await page.at("Node"), node);
  });

  test("shows what another extension knows of a pod", async () => {
    await page.named("back").click();
    await page.at("Pod");
    const card = page.frame.getByRole("article", { name: "Cost" });
    await card.getByText(/€\/h/).waitFor();
    await card.scrollIntoViewIfNeeded();
    await code.picture("drilldown-vscode-card");
    await card.getByRole("button", { name: "Explain the cost" }).click();
    await code.page.locator(".notification-toast", { hasText: "€ an hour" }).waitFor();
    await code.command("Notifications: Clear All Notifications");
  });

  test("opens the description and the logs of a pod", async () => {
    await page.named("describe").first().click();
    await eventually("the description is shown", async () => /Name:\s+reviews-v2-/.test(await code.editorText()));
    await page.tab.click();
    await page.at("Pod");
    await page.named("logs").first().click();
    const tab = code.page.locator(".tab.active", { hasText: /reviews-v2-.*log/i });
    const choice = code.choices.first();
    await tab.or(choice).first().waitFor();
    if (await choice.isVisible()) await code.page.keyboard.press("Enter");
    await tab.waitFor();
    await eventually("lines are shown", async () => (await code.editorText()).trim() !== "");
    await code.picture("drilldown-vscode-logs");
    await page.tab.click();
    await page.at("Pod");
  });

  test("goes from a row to the node and back by the keyboard alone", async () => {
    const { keyboard } = code.page;
    await code.command("Foreyard: Focus on Workloads View");
    await code.pane("Workloads").locator(".monaco-list:focus").waitFor();
    const focused = code.page.locator(".monaco-list:focus [role=treeitem].focused");
    await keyboard.press("Home");
    await eventually("the keyboard is on reviews-v2", async () => {
      const row = (await focused.count()) > 0 ? focused.first() : undefined;
      const name = (await row?.getAttribute("aria-label")) ?? "";
      if (/^reviews-v2, /.test(name)) return true;
      const isClosed = (await row?.getAttribute("aria-expanded")) === "false";
      await keyboard.press(isClosed && /^shop, /.test(name) ? "ArrowRight" : "ArrowDown");
      return false;
    });
    await keyboard.press("Shift+F10");
    const menu = code.page.getByRole("menu").last();
    await menu.getByRole("menuitem", { name: "Drill Down" }).waitFor();
    await eventually("Drill Down is the item in focus", async () => {
      const item = menu.locator(".action-item.focused");
      if ((await item.count()) > 0 && /Drill Down/.test(await item.innerText())) return true;
      await keyboard.press("ArrowDown");
      return false;
    });
    await keyboard.press("Enter");
    await page.at("Workload");
    await eventually("the page has the focus", () => page.hasFocus());
    await keyboard.press("Alt+ArrowDown");
    const pod = await page.at("Pod");
    await page.frame.locator(".fy-title:focus").waitFor();
    await keyboard.press("Alt+ArrowDown");
    await page.at("Node");
    await page.frame.locator(".fy-title:focus").waitFor();
    await keyboard.press("[");
    assert.equal(await page.at("Pod"), pod);
    await page.frame.locator(".fy-title:focus").waitFor();
    await keyboard.press("]");
    await page.at("Node");
    await page.frame.locator(".fy-title:focus").waitFor();
    await keyboard.press("Alt+ArrowUp");
    await page.at("Pod");
  });

  test("W3: is restored on its level when the window is loaded again", async () => {
    const pod = await page.at("Pod");
    const reloaded = code.page.waitForEvent("load");
    await code.command("Developer: Reload Window");
    await reloaded;
    await code.page.waitForSelector(".monaco-workbench .part.statusbar");
    assert.equal(await page.at("Pod"), pod);
    await page.named("crumb-workload").getByText("reviews-v2").first().waitFor();
  });

  for (const theme of Object.keys(themeClasses) as Theme[]) {
    test(`W10: is drawn in ${theme}, where axe-core finds nothing serious`, async () => {
      await code.theme(theme);
      await page.at("Pod");
      await page.frame.locator("[data-chart] .fy-plot").first().waitFor();
      await code.picture(`drilldown-vscode-${theme.toLowerCase().replaceAll(" ", "-")}`);
      assert.deepEqual(await page.seriousFindings(), []);
    });
  }

  test("shows the overview of the mesh by its command", async () => {
    await code.command("Foreyard: Show Overview");
    await page.at("Mesh");
    await page.frame.getByRole("grid").first().waitFor();
    await code.picture("drilldown-vscode-overview");
  });

  test("W1: nothing was refused by the page's policy, and nothing left this machine", () => {
    const refused = code.console.filter(
      (line) => /Content Security Policy|Refused to/i.test(line) && /drilldown|fy-/i.test(line),
    );
    assert.deepEqual(refused, []);
    assert.deepEqual(code.outside, []);
  });
});
