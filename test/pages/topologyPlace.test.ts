import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { FakeHost } from "./support/fakeHost.ts";
import { largeMesh, shop } from "./support/meshCalls.ts";
import { PageLab, type OpenOptions, type OpenPage } from "./support/pageInBrowser.ts";
import { asked, choose, named, panel, settled, spoken, tree, visit } from "./support/topologySteps.ts";

let lab: PageLab;
before(async () => {
  lab = await PageLab.start("topology");
});
after(async () => {
  await lab.stop();
});

const onPage = (host: FakeHost, act: (open: OpenPage) => Promise<void>, options: OpenOptions = {}): Promise<void> =>
  visit({ lab, host, options }, act);

describe("The topology page, where it is and when", () => {
  it("shows, keeps and asks nothing of one mesh in another", async () => {
    const host = new FakeHost();
    host.facts = { meshId: "a" };
    await onPage(host, async (open) => {
      const { page } = open;
      await choose(open, "view", "Workload");
      await named(open, "hide").locator("input").fill("name = front-v1");
      await asked(open, "graph.mark", 1);
      await tree(open).focus();
      await page.keyboard.press("Space");
      await panel(open).getByText("How requests ended").waitFor();
      await page.keyboard.press("c");
      host.facts = { meshId: "b", meshName: "other" };
      host.lines = largeMesh(8, 15);
      let answer = (): void => undefined;
      host.gate = new Promise((resolve) => (answer = resolve));
      host.emit("mesh.changed", { meshId: "b" });
      await page.locator('[data-empty="loading"]').waitFor();
      assert.equal(await page.getByRole("treeitem").count(), 0);
      assert.equal(await panel(open).count(), 0);
      answer();
      await settled(open);
      await asked(open, "graph.load", 3);
      const { view, hide } = host.last("graph.load") ?? {};
      assert.deepEqual({ view, hide }, { view: "workload", hide: "" });
      await tree(open).focus();
      assert.match(await spoken(open), /^team-\d, namespace, healthy, collapsed/u);
      await open.reload();
      host.facts = { meshId: "a" };
      host.lines = shop;
      await open.reload();
      await settled(open);
      await tree(open).focus();
      assert.match(await spoken(open), /^istio-ingressgateway, workload/u);
    });
  });

  it("saves where nodes were put under the mesh that it shows", async () => {
    const host = new FakeHost();
    host.facts = { meshId: "a", positions: { nodes: { x: [1, 2] } } };
    await onPage(host, async (open) => {
      await named(open, "tidy").click();
      await asked(open, "positions.save", 1);
      assert.deepEqual(host.last("positions.save"), { meshId: "a", nodes: {} });
    });
  });

  it("scrolls its table to what is selected elsewhere", async () => {
    const host = new FakeHost();
    host.lines = largeMesh(8, 15);
    await onPage(host, async (open) => {
      await named(open, "table").click();
      const last = "workload/demo-eu/team-7/app-7-14-v1";
      host.emit("focus.show", { what: "node", id: last });
      await open.page.locator('.fy-row[aria-selected="true"]', { hasText: "app-7-14-v1" }).waitFor();
    });
  });

  it("says that numbers are old when they become so, without anything else happening", async () => {
    const host = new FakeHost();
    host.facts = { defaults: { windowSeconds: 60, refreshSeconds: 15 } };
    host.atMillis = Date.now();
    await onPage(host, async (open) => {
      host.gate = new Promise(() => undefined);
      await open.page.locator(".fy-page:not(.fy-is-stale)").waitFor();
      await open.page.clock.install();
      await open.page.evaluate((millis) => {
        Date.now = () => millis;
      }, Date.now() + 90_000);
      await open.page.locator(".fy-page.fy-is-stale").waitFor();
    });
  });

  it("can be read at the first look, and is close to what somebody asked to see", async () => {
    for (const width of [900, 1600]) {
      await onPage(new FakeHost(), (open) => open.picture(`first-look-${width}`), { width });
      const host = new FakeHost();
      host.facts = { focus: { what: "node", id: "workload/demo-eu/shop/reviews-v2" } };
      await onPage(
        host,
        async (open) => {
          await panel(open).getByRole("heading", { name: "reviews-v2" }).waitFor();
          await open.page.locator(".uplot").waitFor();
          await open.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
          await open.picture(`asked-for-${width}`);
        },
        { width },
      );
    }
  });
});
