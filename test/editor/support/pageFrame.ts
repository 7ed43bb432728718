import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, FrameLocator, Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A page of Foreyard as a person finds it in VS Code: inside the two frames of a webview. */
export class PageFrame {
  readonly frame: FrameLocator;
  readonly code: Workbench;

  constructor(code: Workbench) {
    this.code = code;
    this.frame = code.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  named(name: string): Locator {
    return this.frame.locator(`[data-name="${name}"]`);
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

  async hasFocus(): Promise<boolean> {
    return (await (await this.#own()).evaluate("document.hasFocus()")) === true;
  }

  async #own(): Promise<Frame> {
    const main = await this.frame.locator("main#app").elementHandle();
    const frame = await main.ownerFrame();
    if (!frame) throw new Error("The page is not open.");
    return frame;
  }
}
