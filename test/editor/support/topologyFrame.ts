import type { Locator } from "playwright-core";
import { PageFrame } from "./pageFrame.ts";

/** The topology page. */
export class TopologyFrame extends PageFrame {
  get tab(): Locator {
    return this.code.page.locator(".tab", { hasText: "Topology" });
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
}
