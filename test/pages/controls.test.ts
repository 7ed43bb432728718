import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { eventually } from "../support/eventually.ts";
import { seriousFindings } from "./support/axe.ts";
import { FakeHost } from "./support/fakeHost.ts";
import { PageLab, type OpenPage } from "./support/pageInBrowser.ts";

// The adapter of the toolkit, on the page that uses all of it.

let lab: PageLab;
let open: OpenPage;
before(async () => {
  lab = await PageLab.start("topology");
  open = await lab.open(new FakeHost());
  await open.page.locator(".fy-status time").waitFor();
});
after(async () => {
  await open.close();
  await lab.stop();
});

const active = (): Promise<string> =>
  open.page.evaluate(() => document.activeElement?.closest<HTMLElement>("[data-name]")?.dataset["name"] ?? "");

describe("A button", () => {
  it("is named by its words, also where only its picture is shown", async () => {
    assert.equal(await open.page.getByRole("button", { name: "Refresh now", exact: true }).count(), 1);
  });

  it("is pressed by Space and by Enter", async () => {
    const legend = open.page.locator('[data-name="legend"]');
    await legend.focus();
    await open.page.keyboard.press("Space");
    assert.equal(await legend.getAttribute("aria-pressed"), "true");
    await open.page.keyboard.press("Enter");
    assert.equal(await legend.getAttribute("aria-pressed"), "false");
  });

  it("shows a ring where the keyboard is, and none after a click", async () => {
    const outline = () =>
      open.page
        .locator('[data-name="legend"]')
        .evaluate((element) => getComputedStyle(element.shadowRoot?.querySelector("button") ?? element).outlineStyle);
    await open.page.locator('[data-name="table"]').focus();
    await open.page.keyboard.press("Tab");
    assert.equal(await outline(), "solid");
    await open.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await open.page.locator('[data-name="legend"]').click();
    assert.equal(await outline(), "none");
    await open.page.locator('[data-name="legend"]').click();
  });
});

describe("A dropdown", () => {
  it("has a name, and tells whether it is open", async () => {
    const view = open.page.getByRole("combobox", { name: "View" });
    const expanded = (isOpen: boolean) =>
      open.page.locator(`[data-name="view"][role="combobox"][aria-expanded="${isOpen}"]`).waitFor();
    await expanded(false);
    await view.click();
    await expanded(true);
    assert.deepEqual(await seriousFindings(open.page), []);
    await open.page.keyboard.press("Escape");
    await expanded(false);
  });

  it("is chosen from by arrows and Enter, and shows what the page holds", async () => {
    const view = open.page.getByRole("combobox", { name: "View" });
    await view.focus();
    await open.page.keyboard.press("Enter");
    await open.page.keyboard.press("ArrowDown");
    await open.page.keyboard.press("Enter");
    await open.page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
    assert.equal(open.host.last("graph.load")?.view, "app");
    assert.match(
      await view.evaluate((element) => element.shadowRoot?.querySelector(".selected-value")?.textContent ?? ""),
      /App/u,
    );
  });
});

describe("A text field", () => {
  it("keeps the label it was given", async () => {
    assert.equal(await open.page.getByRole("textbox", { name: "Find" }).count(), 1);
    assert.equal(await open.page.getByRole("textbox", { name: "Text field" }).count(), 0);
  });
});

describe("A check box in a sheet", () => {
  it("is named by its words, switched by Space, and Escape leads back to the button", async () => {
    const button = open.page.locator('[data-name="display"]').getByRole("button").first();
    await button.click();
    const services = open.page.getByRole("checkbox", { name: "Services", exact: true });
    assert.equal(await services.getAttribute("aria-checked"), "true");
    await services.focus();
    await open.page.keyboard.press("Space");
    // The control says so with its next drawing.
    await eventually("it is switched off", async () => (await services.getAttribute("aria-checked")) === "false");
    await open.page.keyboard.press("Space");
    await open.page.keyboard.press("Escape");
    await open.page.getByRole("dialog", { name: "Display" }).waitFor({ state: "hidden" });
    assert.equal(await active(), "display");
  });
});

describe("A ring that turns while something is read", () => {
  it("is no alert: it does not interrupt what is read out", async () => {
    const host = new FakeHost();
    host.gate = new Promise(() => undefined);
    const waiting = await lab.open(host);
    try {
      const ring = waiting.page.getByRole("progressbar", { name: "Reading the mesh" });
      await ring.waitFor();
      assert.equal(await ring.getAttribute("aria-live"), null);
      assert.deepEqual(await seriousFindings(waiting.page), []);
      await waiting.picture("loading-dark");
    } finally {
      await waiting.close();
    }
  });
});
