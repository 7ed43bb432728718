import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, FrameLocator, Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The topology page inside VS Code's own two frames. */
export class TopologyFrame {
  readonly #code: Workbench;
  readonly frame: FrameLocator;

  constructor(code: Workbench) {
    this.#code = code;
    this.frame = code.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  get tab(): Locator {
    return this.#code.page.locator(".tab", { hasText: "Topology" });
  }

  get tree(): Locator {
    return this.frame.locator(".fy-tree");
  }

  get panel(): Locator {
    return this.frame.locator(".fy-panel");
  }

  heading(name: string): Locator {
    return this.panel.getByRole("heading", { name, exact: true });
  }

  named(name: string): Locator {
    return this.frame.locator(`[data-name="${name}"]`);
  }

  /** A picture is drawn, and nothing is being read. */
  async drawn(): Promise<void> {
    await this.frame.locator(".fy-status time").first().waitFor();
    await this.frame.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
  }

  async choose(name: string, label: string): Promise<void> {
    await this.named(name).click();
    await this.named(name).getByRole("option", { name: label, exact: true }).click();
  }

  /** What a screen reader says of the place where the keyboard is. */
  async spoken(): Promise<string> {
    const id = (await this.tree.getAttribute("aria-activedescendant")) ?? "";
    return id === "" ? "" : (await this.frame.locator(`[id="${id}"]`).innerText()).trim();
  }

  /** The state of a node as the screen's bottom line and table have it: the first row of the table for a name. */
  row(name: string): Locator {
    return this.frame
      .getByRole("grid")
      .getByRole("row", { name: new RegExp(`^${name}\\b`) })
      .first();
  }

  /** What axe-core calls serious or critical, one line each. */
  async seriousFindings(): Promise<readonly string[]> {
    const frame = await this.#own();
    // As a function body, not a tag: the page's policy lets no other script in.
    await frame.evaluate(axe);
    const lines: unknown = await frame.evaluate(
      `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, impact, nodes }) => nodes.map(({ html, failureSummary }) =>
          id + " (" + impact + "): " + html.slice(0, 160) + " " + (failureSummary ?? ""))))`,
    );
    return lines as readonly string[];
  }

  async #own(): Promise<Frame> {
    const main = await this.frame.locator("main#app").elementHandle();
    const frame = await main.ownerFrame();
    if (!frame) throw new Error("The topology page is not open.");
    return frame;
  }
}
