import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { eventually } from "../support/eventually.ts";
import { inPage, openWorkbench, type Workbench } from "./support/workbench.ts";

describe("with the keyboard alone, in a real VS Code", { timeout: 180_000 }, () => {
  let code: Workbench;
  before(async () => {
    code = await openWorkbench({ settings: { "foreyard.demo.connectOnOpen": true } });
  });
  afterEach((t) => code.pictureOfFailure(t));
  after(() => code.close());

  /** What a screen reader would say now. */
  async function focused(): Promise<string> {
    const labels = await inPage(code.page.locator(".monaco-list:focus [role=treeitem].focused"), (all) =>
      all.map((row) => String(row.getAttribute("aria-label"))),
    );
    return labels.join();
  }

  const press = (key: string) => code.page.keyboard.press(key);

  async function walkTo(name: RegExp, key: string): Promise<void> {
    await eventually(`${key} leads to ${name}`, async () => {
      if (name.test(await focused())) return true;
      await press(key);
      return false;
    });
  }

  test("a view opens and takes the focus by its command", async () => {
    await code.command("Foreyard: Focus on Services View");
    await code.row("Services", /^shop, /).waitFor();
    // The first time there were no rows to take the focus.
    await code.command("Foreyard: Focus on Services View");
    await code.pane("Services").locator(".monaco-list:focus").waitFor();
  });

  test("arrows walk the rows, open a namespace and close it again", async () => {
    await walkTo(/^shop, /, "ArrowDown");
    await press("ArrowRight");
    await code.row("Services", /^banner, /).waitFor();
    await press("ArrowLeft");
    await code.row("Services", /^banner, /).waitFor({ state: "detached" });
    await press("ArrowRight");
    await code.row("Services", /^banner, /).waitFor();
  });

  test("the context menu of a row opens its YAML", async () => {
    // A service of several clusters has a document in each, on the rows below it.
    await walkTo(/^banner, /, "ArrowDown");
    await press("Shift+F10");
    const menu = code.page.getByRole("menu").last();
    await menu.getByRole("menuitem", { name: "Open YAML" }).waitFor();
    const current = menu.locator(".action-item.focused");
    await eventually("Open YAML is the item in focus", async () => {
      if ((await current.count()) > 0 && /Open YAML/.test(await current.innerText())) return true;
      await press("ArrowDown");
      return false;
    });
    await press("Enter");
    await code.page.locator(".tab", { hasText: "banner.yaml" }).waitFor();
    await eventually("the document is shown", async () => (await code.editorText()).includes("name: banner"));
  });

  test("a filter narrows the rows while it is typed, and goes again", async () => {
    await code.command("Foreyard: Filter Rows");
    await code.quickPick("Filter Rows").waitFor();
    await code.page.keyboard.type("review");
    await code.row("Services", /^reviews, /).waitFor();
    await code.row("Services", /^cart, /).waitFor({ state: "detached" });
    await press("Enter");
    await code.pane("Services").getByText("“review”").waitFor();
    await code.command("Foreyard: Clear Filters");
    await code.row("Services", /^cart, /).waitFor();
    assert.equal(await code.page.locator(".notification-toast").count(), 0);
  });

  test("a filter that nothing matches says so, and its link takes it away", async () => {
    await code.command("Foreyard: Filter Rows");
    await code.quickPick("Filter Rows").waitFor();
    await code.page.keyboard.type("nothing-has-this-name");
    await press("Enter");
    await code.pane("Services").getByText("Nothing matches the filter.").waitFor();
    await code.picture("welcome-filtered");
    await code.command("Foreyard: Focus on Services View");
    const button = code.pane("Services").locator(".monaco-button:focus", { hasText: "Clear Filters" });
    await eventually("Tab leads to the button", async () => {
      if ((await button.count()) > 0) return true;
      await press("Tab");
      return false;
    });
    await press("Enter");
    await code.row("Services", /^shop, /).waitFor();
  });
});
