import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../src/mesh/meshError.ts";
import { say } from "../../src/mesh/message.ts";
import { listOf, manyRows } from "../unit/webview/lists/listOf.ts";
import { ListsTestHost } from "./lists/listsHost.ts";
import { seriousFindings, smallTargets } from "./support/axe.ts";
import { PageLab, type OpenOptions, type OpenPage } from "./support/pageInBrowser.ts";
import type { ThemeName } from "./support/themes.ts";

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

function hostOf(rows: number): ListsTestHost {
  const host = new ListsTestHost();
  host.services = listOf("services", manyRows(rows));
  return host;
}

const named = ({ page }: Open, name: string) => page.locator(`[data-name="${name}"]`);
const names = ({ page }: Open) => page.locator(".fy-grid-rows .fy-name > bdi").allInnerTexts();
const grid = ({ page }: Open) => page.getByRole("grid");

async function until(open: Open, holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; !(await holds()); turn++) {
    assert.ok(turn < 400, what);
    await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

describe("The lists page", () => {
  it("shows a list with its window, time and totals, worst first; idle and no data are no zeros", async () => {
    await onPage(hostOf(30), async (open) => {
      const { page } = open;
      assert.match(await page.locator(".fy-about").innerText(), /30 services\s+last 5 min\s+12:04:35/u);
      assert.equal((await names(open))[0], "service-0");
      assert.match(await page.locator(".fy-grid-foot").innerText(), /All 30 services\s+42 rps\s+2\.1%/u);
      const row = (name: string) => page.getByRole("row").filter({ hasText: name }).first();
      assert.match(await row("service-8").innerText(), /idle\s+team-8\s+prod-eu\s+idle\s+–/u);
      assert.equal(
        await page.locator(".fy-state-failing").first().locator("..").getAttribute("title"),
        "failing\n8.3% of 12 rps failed\n2 of 3 pods ready",
      );
      await open.picture("30");
    });
  });

  it("measures the columns of head, rows and totals by one font, so that all stand below each other", async () => {
    await onPage(hostOf(30), async ({ page }) => {
      const fonts = await page.evaluate(() =>
        ["head", "rows", "foot"].map((part) => {
          const row = document.querySelector(`.fy-grid-${part} .fy-grid-row`);
          return row ? getComputedStyle(row).font : part;
        }),
      );
      assert.equal(new Set(fonts).size, 1, fonts.join(" | "));
    });
  });

  it("is walked by keys, sorts by a head and opens a row", async () => {
    await onPage(hostOf(5000), async (open) => {
      const { page, host } = open;
      assert.ok((await page.locator(".fy-grid-rows .fy-grid-row").count()) < 80);
      await grid(open).focus();
      await page.keyboard.press("End");
      await page.locator(".fy-focused").waitFor();
      const active = await grid(open).getAttribute("aria-activedescendant");
      assert.equal(active, "fy-cell-4999-0");
      await page.locator(`#${active}`).waitFor();
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowUp");
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      await page.locator("[data-column=rps][aria-sort=descending]").waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await until(open, () => host.count("row.open") === 1, "a row was opened");
      const opened = host.last("row.open")?.id.split("/").at(-1);
      assert.equal(opened, (await names(open))[0]);
    });
  });

  it("filters by texts and states, says how many are left, and finds the way back", async () => {
    await onPage(hostOf(30), async (open) => {
      const { page } = open;
      await page.keyboard.press("/");
      await page.keyboard.type("service-2 prod-us");
      await page.locator(".fy-count").getByText("3 of 30 services").waitFor();
      assert.deepEqual((await names(open)).toSorted(), ["service-21", "service-24", "service-27"]);
      await page.keyboard.press("Escape");
      await page.keyboard.type("nowhere");
      await page.locator("[data-state=filtered]").waitFor();
      await named(open, "clear-filter").click();
      await page.locator(".fy-count").getByText("30 services", { exact: true }).waitFor();
    });
  });

  it("keeps columns, order and filter over a reload", async () => {
    await onPage(hostOf(30), async (open) => {
      const { page } = open;
      await named(open, "columns").getByRole("button").first().click();
      await named(open, "column-namespace").click();
      await named(open, "up-rps").click();
      await page.keyboard.press("Escape");
      await page.locator("[data-column=name][role=columnheader]").click();
      const heads = () => page.getByRole("columnheader").allInnerTexts();
      const before = await heads();
      assert.deepEqual(
        before.slice(0, 5).map((text) => text.trim().split(/\W/u)[0]),
        ["Name", "State", "Cluster", "Requests", "Trend"],
      );
      await open.reload();
      await grid(open).waitFor();
      assert.deepEqual(await heads(), before);
    });
  });

  it("keeps focus, scroll and order when it is refreshed, and puts new values in place", async () => {
    const host = hostOf(5000);
    await onPage(host, async (open) => {
      const { page } = open;
      await grid(open).focus();
      for (let i = 0; i < 4; i++) await page.keyboard.press("PageDown");
      await page.locator(".fy-focused").waitFor();
      const places = () =>
        page.evaluate(() => [
          document.querySelector(".fy-grid")?.scrollTop,
          document.activeElement?.getAttribute("aria-activedescendant"),
        ]);
      const before = await places();
      assert.ok(Number(before[0]) > 0, "it was scrolled");
      host.services = listOf("services", manyRows(5000), { windowSeconds: 600 });
      host.emit("mesh.changed", { meshId: "mesh" });
      await page.locator(".fy-window").getByText("last 10 min").waitFor();
      assert.deepEqual(await places(), before);
    });
  });

  it("acts on a row from its menu, saves what is shown, copies queries, switches lists", async () => {
    const host = hostOf(30);
    host.workloads = listOf("workloads", [{ name: "reviews-v2", members: 2, rps: 3 }]);
    await onPage(host, async (open) => {
      const { page } = open;
      await grid(open).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Shift+F10");
      await named(open, "copyName").click();
      await until(open, () => host.count("row.act") === 1, "it was acted on");
      assert.deepEqual(host.last("row.act"), { id: "prod-eu//Service/team-7/service-7", action: "copyName" });
      assert.equal(host.count("row.open"), 0);
      await named(open, "queries").getByRole("button").first().click();
      await named(open, "copy-query").click();
      await until(open, () => host.last("text.copy")?.text === "sum(rate(istio_requests_total[5m]))", "copied");
      await page.keyboard.press("Escape");
      await named(open, "workloads").click();
      await page.getByText("reviews-v2", { exact: true }).waitFor();
      assert.match(await page.locator(".fy-grid-head").innerText(), /Pods ready/u);
      await named(open, "csv").click();
      await until(open, () => host.count("csv.save") === 1, "it was saved");
      assert.match(host.last("csv.save")?.text ?? "", /^Name,State,.*\r\nreviews-v2,healthy,/u);
    });
  });

  it("says what failed and offers a way out; keeps old numbers and says that they are old", async () => {
    const host = hostOf(3);
    host.failure = new MeshError("unreachable", say("prod-eu did not answer."));
    await onPage(host, async (open) => {
      const { page } = open;
      await page.locator("[data-state=failed]").getByText("prod-eu did not answer.").waitFor();
      host.failure = undefined;
      await named(open, "retry").click();
      await grid(open).waitFor();
      host.failure = new MeshError("unreachable", say("prod-eu did not answer."));
      host.emit("mesh.changed", { meshId: "mesh" });
      await page.locator(".fy-banner").getByText("prod-eu did not answer.").waitFor();
      assert.match(await page.locator(".fy-stale").innerText(), /old numbers/u);
      assert.equal((await names(open)).length, 3);
    });
  });

  it("says that a mesh has nothing to list", async () => {
    await onPage(hostOf(0), async ({ page }) => {
      await page.getByText("There are no services in this mesh").waitFor();
    });
  });

  it("shows no row of another mesh", async () => {
    const host = hostOf(3);
    await onPage(host, async (open) => {
      host.facts = { meshId: "other" };
      host.openFailure = new MeshError("misconfigured", say("No mesh is open."));
      host.emit("mesh.changed", { meshId: "other" });
      await open.page.getByText("No mesh is open.").waitFor();
      assert.equal(await open.page.getByRole("row").count(), 0);
    });
  });

  for (const theme of ["dark", "light", "highContrast", "highContrastLight"] as const satisfies readonly ThemeName[]) {
    it(`has no serious finding of axe in ${theme}, and targets one can hit`, async () => {
      await onPage(
        hostOf(30),
        async (open) => {
          await grid(open).focus();
          await open.page.keyboard.press("ArrowDown");
          await open.picture(theme);
          assert.deepEqual(await seriousFindings(open.page), []);
          assert.deepEqual(await smallTargets(open.page), []);
        },
        { theme },
      );
    });
  }

  for (const width of [320, 900, 1600]) {
    it(`fits hostile names into ${width} pixels, columns under their heads`, async () => {
      const host = new ListsTestHost();
      host.services = listOf("services", [
        { name: "a".repeat(253), state: "failing", rps: 12 },
        { name: "خدمة-المراجعات", namespace: "متجر", rps: 3 },
        { name: "🛒<img src=x onerror=alert(1)>", configuration: ["VirtualService"] },
      ]);
      await onPage(
        host,
        async (open) => {
          const { page } = open;
          await open.picture(`names-${width}`);
          assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
          const lefts = await page.evaluate(() =>
            [...document.querySelectorAll(".fy-grid-row")].map((row) =>
              [...row.children].map((cell) => Math.round(cell.getBoundingClientRect().left)).join(),
            ),
          );
          assert.equal(new Set(lefts).size, 1, lefts.join(" | "));
          assert.equal(await page.locator("img").count(), 0);
        },
        { width },
      );
    });
  }
});
