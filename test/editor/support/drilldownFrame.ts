import type { Locator } from "playwright-core";
import { PageFrame } from "./pageFrame.ts";

/** The drill-down page. */
export class DrilldownFrame extends PageFrame {
  get tab(): Locator {
    return this.code.page.locator(".tab", { hasText: "Drill-down" });
  }

  /** What the page is about, once it is read. */
  heading(name: string | RegExp): Locator {
    return this.frame.getByRole("heading", { level: 1, name }).first();
  }

  /** What the heading calls the level: Workload, Pod, Node. */
  async at(level: string): Promise<string> {
    await this.frame.locator(".fy-title .fy-kind", { hasText: new RegExp(`^${level}$`) }).waitFor();
    return this.frame.locator(".fy-title bdi").innerText();
  }

  /** Rows of a table that lead on, the first first. */
  rows(table: string): Locator {
    return this.grid(table).locator(".fy-table-row.fy-leads");
  }

  /** The link of a fact. */
  fact(name: string): Locator {
    return this.frame.locator(".fy-facts dt", { hasText: new RegExp(`^${name}$`) }).locator("+ dd .fy-link");
  }

  grid(table: string): Locator {
    return this.frame.getByRole("grid", { name: table });
  }
}
