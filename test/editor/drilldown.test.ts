import { after, afterEach, before, describe, test } from "node:test";
import { DrilldownFrame } from "./support/drilldownFrame.ts";
import { openWorkbench, themeClasses, type Theme, type Workbench } from "./support/workbench.ts";

describe("the drill-down page of the demo mesh, in a real VS Code", { timeout: 300_000 }, () => {
  let code: Workbench;
  let page: DrilldownFrame;

  before(async () => {
    code = await openWorkbench({
      settings: { "foreyard.demo.connectOnOpen": true, "foreyard.metrics.refreshSeconds": 5 },
      size: { width: 1600, height: 1300 },
    });
    page = new DrilldownFrame(code);
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  test("opens from a tree's row, names the mesh, and says what the row's workload is", async () => {
    await code.openViews();
    await code.open("Workloads", /^shop, /);
    const row = code.row("Workloads", /^reviews-v2, /);
    await row.hover();
    await row.getByRole("button", { name: "Drill Down" }).click();
    await code.page.locator(".tab", { hasText: "Drill-down · demo mesh" }).waitFor();
    await page.heading(/reviews-v2/).waitFor();
    await code.picture("drilldown-vscode-workload");
  });

  test("W3: is restored on its level when the window is loaded again", async () => {
    const reloaded = code.page.waitForEvent("load");
    await code.command("Developer: Reload Window");
    await reloaded;
    await code.page.waitForSelector(".monaco-workbench .part.statusbar");
    await page.heading(/reviews-v2/).waitFor();
  });

  for (const theme of Object.keys(themeClasses) as Theme[]) {
    test(`is drawn in ${theme}`, async () => {
      await code.theme(theme);
      await page.heading(/reviews-v2/).waitFor();
      await code.picture(`drilldown-vscode-${theme.toLowerCase().replaceAll(" ", "-")}`);
    });
  }
});
