import type { FrameLocator, Locator } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/** The drill-down page as a person finds it in VS Code: inside the frames of a webview. */
export class DrilldownFrame {
  readonly frame: FrameLocator;
  readonly #code: Workbench;

  constructor(code: Workbench) {
    this.#code = code;
    this.frame = code.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  get tab(): Locator {
    return this.#code.page.locator(".tab", { hasText: "Drill-down" });
  }

  /** What the page is about, once it is read. */
  heading(name: string | RegExp): Locator {
    return this.frame.getByRole("heading", { name }).first();
  }
}
