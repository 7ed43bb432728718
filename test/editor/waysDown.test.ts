import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { DrilldownFrame } from "./support/drilldownFrame.ts";
import { PageFrame } from "./support/pageFrame.ts";
import { TopologyFrame } from "./support/topologyFrame.ts";
import { openWorkbench, themeClasses, type Theme, type Workbench } from "./support/workbench.ts";

describe("ways into the drill-down of the demo mesh, in a real VS Code", { timeout: 300_000 }, () => {
  let code: Workbench;
  before(async () => {
    code = await openWorkbench({
      settings: { "foreyard.demo.connectOnOpen": true, "foreyard.metrics.refreshSeconds": 5 },
      size: { width: 1600, height: 1300 },
    });
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  test("four selections lead from an edge with errors in the topology to the node behind them", async () => {
    await code.openViews();
    await code.open("Workloads", /^shop, /);
    const row = code.row("Workloads", /^reviews-v2, /);
    await row.hover();
    await row.getByRole("button", { name: "View in Topology" }).click();
    const topology = new TopologyFrame(code);
    await topology.drawn();
    await topology.named("table").click();
    await topology.named("table-edges").click();
    const edges = topology.frame.getByRole("grid", { name: "Edges" });
    // One: the edge.
    await edges
      .getByRole("row", { name: /→?.*reviews.*v2/ })
      .filter({ hasNotText: /^reviews/ })
      .first()
      .click();
    await topology.panel.getByRole("heading", { name: / → / }).waitFor();
    await code.picture("topology-vscode-edge");
    // Two: the drill-down on what it leads to.
    await topology.panel.getByRole("button", { name: "Drill Down" }).click();
    const page = new DrilldownFrame(code);
    await page.frame.locator(".fy-suspect .fy-link").first().waitFor();
    // Three and four: whom each level suspects.
    for (let selections = 2; selections < 4; selections++) {
      if ((await page.frame.locator(".fy-title .fy-kind").innerText()) === "Node") break;
      const before = await page.frame.locator(".fy-title").innerText();
      await page.frame.locator(".fy-suspect .fy-link").first().click();
      await page.frame.locator(".fy-title").filter({ hasNotText: before }).waitFor();
    }
    assert.equal(await page.at("Node"), "node-b");
  });

  test("the list of workloads opens, sorts, and leads from a row to its level", async () => {
    await code.command("Foreyard: Show Workload List");
    await code.page.locator(".tab.active", { hasText: "Lists · demo mesh" }).waitFor();
    const page = new PageFrame(code);
    const grid = page.frame.getByRole("grid", { name: "Workloads" });
    await grid.getByRole("row", { name: /reviews-v2/ }).waitFor();
    await grid.getByRole("columnheader", { name: "Errors" }).click();
    await grid.locator("[role=columnheader][aria-sort=descending]", { hasText: "Errors" }).waitFor();
    const first = grid.locator(".fy-grid-rows [role=row]").first();
    await first.filter({ hasText: "reviews-v2" }).waitFor();
    for (const theme of Object.keys(themeClasses) as Theme[]) {
      await code.theme(theme);
      await first.waitFor();
      await code.picture(`lists-vscode-${theme.toLowerCase().replaceAll(" ", "-")}`);
      assert.deepEqual(await page.seriousFindings(), [], theme);
    }
    await grid.focus();
    await code.page.keyboard.press("Home");
    await code.page.keyboard.press("Enter");
    assert.equal(await new DrilldownFrame(code).at("Workload"), "reviews-v2");
  });
});
