import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { listOf, manyRows } from "../unit/webview/lists/listOf.ts";
import { ListsTestHost } from "./lists/listsHost.ts";
import { PageLab, type OpenOptions, type OpenPage } from "./support/pageInBrowser.ts";

type Open = OpenPage<ListsTestHost>;

let lab: PageLab;
before(async () => {
  lab = await PageLab.start("lists");
});
after(async () => {
  await lab.stop();
});

async function onPage(
  host: ListsTestHost,
  act: (open: Open) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const open = await lab.open(host, options);
  try {
    await open.page.locator("fy-list-table .fy-grid, [data-state=failed], [data-state=empty]").first().waitFor();
    await open.page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
    await act(open);
    assert.deepEqual(open.complaints, []);
  } finally {
    await open.close();
  }
}

const names = ({ page }: Open) => page.locator(".fy-grid-rows .fy-name > bdi").allInnerTexts();

describe("The lists page", () => {
  it("shows a list as it was sent, worst first, and sorts by a head", async () => {
    const host = new ListsTestHost();
    host.services = listOf("services", manyRows(30));
    await onPage(host, async (open) => {
      await open.picture("30");
      console.log(await open.page.locator(".fy-page").innerText());
      console.log(await names(open));
    });
  });
});
