import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { FakeHost } from "./fakeHost.ts";
import type { OpenOptions, OpenPage, PageLab } from "./pageInBrowser.ts";

export interface Visit {
  readonly lab: PageLab;
  readonly host: FakeHost;
  readonly options?: OpenOptions;
}

/** Opens the page, waits for its first picture, and afterwards closes it and holds that it complained of nothing. */
export async function visit({ lab, host, options = {} }: Visit, act: (open: OpenPage) => Promise<void>): Promise<void> {
  const open = await lab.open(host, options);
  try {
    await settled(open);
    await act(open);
    assert.deepEqual(open.complaints, []);
  } finally {
    await open.close();
  }
}

/** The page has read and drawn: no wheel turns and there is a time in the bottom line, or an explanation instead. */
export async function settled({ page }: OpenPage): Promise<void> {
  await page.locator(".fy-status time, .fy-empty:not([data-empty=loading])").first().waitFor();
  await page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
}

export const tree = ({ page }: OpenPage) => page.locator(".fy-tree");
export const panel = ({ page }: OpenPage) => page.locator(".fy-panel");
export const named = ({ page }: OpenPage, name: string): Locator => page.locator(`[data-name="${name}"]`);

/** What a screen reader would say of the place where the keyboard is. */
export function spoken({ page }: OpenPage): Promise<string> {
  return page.evaluate(() => {
    const id = document.querySelector(".fy-tree")?.getAttribute("aria-activedescendant") ?? "";
    return document.getElementById(id)?.textContent.trim() ?? "";
  });
}

export async function choose(open: OpenPage, name: string, label: string): Promise<void> {
  await named(open, name).click();
  await named(open, name).getByRole("option", { name: label, exact: true }).click();
}

export async function asked(open: OpenPage, name: Parameters<FakeHost["count"]>[0], times: number): Promise<void> {
  for (let turn = 0; open.host.count(name) < times; turn++) {
    assert.ok(turn < 400, `${name} was asked ${open.host.count(name)} times, not ${times}`);
    await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}
