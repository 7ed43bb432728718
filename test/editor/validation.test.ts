import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { DrilldownFrame } from "./support/drilldownFrame.ts";
import { openWorkbench, root, type Theme, type Workbench } from "./support/workbench.ts";

const themes: readonly Theme[] = ["Light Modern", "Default High Contrast", "Dark Modern"];

const sample = (name: string): string => readFileSync(path.join(root, "examples/mistakes", name), "utf8");

describe("validation, in a real VS Code", { timeout: 300_000 }, () => {
  let code: Workbench;

  before(async () => {
    code = await openWorkbench({
      settings: { "foreyard.demo.connectOnOpen": true, "workbench.editor.enablePreview": false },
      files: { "reviews.yaml": sample("reviews.yaml"), "routes.yaml": sample("routes.yaml") },
      size: { width: 1400, height: 1300 },
    });
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  const squiggles = (kind: "error" | "warning" | "hint") => code.page.locator(`.editor-instance .squiggly-${kind}`);
  const problems = () => code.page.locator(".markers-panel .monaco-list-row");

  async function openFile(name: string): Promise<void> {
    await code.page.keyboard.press("Control+p");
    await code.quickInput.fill(name);
    await code.choices.filter({ hasText: name }).first().waitFor();
    await code.page.keyboard.press("Enter");
    await code.page.locator(".tab.active", { hasText: name }).waitFor();
  }

  test("marks the mistakes of an open file, and lists them in the Problems view with their codes", async () => {
    await openFile("routes.yaml");
    await squiggles("error").first().waitFor();
    await code.command("View: Focus Problems");
    await problems().filter({ hasText: "FY0101" }).first().waitFor();
    const texts = (await problems().allInnerTexts()).join("\n");
    // timeot: the key is wrong, at line 23 and column 7 of the file.
    assert.match(texts, /timeot[^]*FY0101[^]*Ln 23, Col 7/u);
    await code.picture("validation-problems");
  });

  test("follows an edit of the file on disk", async () => {
    writeFileSync(path.join(code.workspace, "routes.yaml"), sample("routes.yaml").replace("timeot", "timeout"));
    await eventually("the finding of the key is gone", async () => {
      return (await problems().filter({ hasText: "FY0101" }).count()) === 0;
    });
  });

  test("Run Validations fills the Problems view with findings of the demo mesh", async () => {
    await code.openViews();
    await code.open("Services", /^shop, /);
    await code.command("Foreyard: Run Validations");
    await code.choices.filter({ hasText: "Mesh" }).first().click();
    const files = code.page.locator(".markers-panel .monaco-list-row .resource-label-container");
    await eventually("documents of live objects have findings", async () => {
      const names = await files.allInnerTexts();
      return names.some((name) => !name.includes("routes.yaml") && !name.includes("reviews.yaml"));
    });
    await code.picture("validation-mesh");
  });

  test("says beside rows, to the eye and to a screen reader, how much was found about them", async () => {
    await code.row("Meshes", /^cluster\.local, .*, \d+ warnings$/).waitFor();
    await code.row("Services", /^shop, .*, \d+ warnings$/).waitFor();
    await code.row("Services", /^ratings, .*, 1 warning$/).waitFor();
    for (const theme of themes) {
      await code.theme(theme);
      await code.picture(`validation-rows-${theme.replaceAll(" ", "-").toLowerCase()}`);
    }
    await code.theme("Dark Modern");
  });

  test("Validate This of a row shows what was found about it and about nothing else", async () => {
    const row = code.row("Services", /^reviews, /);
    await row.click({ button: "right" });
    const menu = code.page.getByRole("menu").last();
    await menu.getByRole("menuitem", { name: "Validate This" }).waitFor();
    // A menu that has just opened takes no clicks yet, but keys.
    await eventually("Validate This is the item in focus", async () => {
      const item = menu.locator(".action-item.focused");
      if ((await item.count()) > 0 && /Validate This/.test(await item.innerText())) return true;
      await code.page.keyboard.press("ArrowDown");
      return false;
    });
    await code.page.keyboard.press("Enter");
    await eventually("no other live object has findings in the Problems view", async () => {
      const names = await code.page
        .locator(".markers-panel .monaco-list-row .resource-label-container")
        .allInnerTexts();
      return names.length > 0 && names.every((name) => /routes\.yaml|reviews/u.test(name));
    });
  });

  test("the drill-down lists findings with a way to their objects, and validates its object", async () => {
    const page = new DrilldownFrame(code);
    const row = code.row("Services", /^reviews, /);
    await row.scrollIntoViewIfNeeded();
    await row.hover();
    await row.getByRole("button", { name: "Drill Down" }).click();
    await page.heading(/reviews/).waitFor();
    await page.frame
      .getByText(/\(IST0101\)/)
      .first()
      .waitFor();
    await code.picture("validation-drilldown");
    await page.frame
      .getByRole("button", { name: /Validate/ })
      .first()
      .click();
    await eventually("the Problems view has the focus again", async () => {
      return (await code.page.locator(".markers-panel").isVisible()) && (await problems().count()) > 0;
    });
  });
});
