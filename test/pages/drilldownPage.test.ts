import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../src/mesh/meshError.ts";
import { say } from "../../src/mesh/message.ts";
import { seriousFindings, smallTargets } from "./support/axe.ts";
import { DrilldownHost, refOf, reviewsPath, rowsTable } from "./support/drilldownHost.ts";
import { PageLab, type OpenOptions, type OpenPage } from "./support/pageInBrowser.ts";
import type { ThemeName } from "./support/themes.ts";

type Open = OpenPage<DrilldownHost>;

let lab: PageLab;
before(async () => {
  lab = await PageLab.start("drilldown");
});
after(async () => {
  await lab.stop();
});

async function onPage(
  host: DrilldownHost,
  act: (open: Open) => Promise<void>,
  options: OpenOptions = {},
): Promise<void> {
  const open = await lab.open(host, options);
  try {
    await open.page.locator(".fy-title, [data-state=failed]").first().waitFor();
    await open.page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
    await act(open);
    assert.deepEqual(open.complaints, []);
  } finally {
    await open.close();
  }
}

const named = ({ page }: Open, name: string) => page.locator(`[data-name="${name}"]`);
const grid = ({ page }: Open) => page.getByRole("grid").first();
const title = async (open: Open, text: string): Promise<void> => {
  await open.page.locator(".fy-title bdi").getByText(text, { exact: true }).waitFor();
};

async function until(open: Open, holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    assert.ok(turn < 400, what);
    await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

describe("The drill-down page", () => {
  it("asks for its facts first, then for the level, and answers why with links", async () => {
    const host = new DrilldownHost();
    await onPage(host, async ({ page }) => {
      assert.deepEqual(
        host.asked.slice(0, 2).map(({ name }) => name),
        ["page.open", "level.load"],
      );
      assert.match(await page.locator(".fy-headline").innerText(), /reviews.*failing:.*8\.3% of 12 rps failed/su);
      const figures = await page.locator(".fy-figures").innerText();
      assert.match(figures, /12 rps.*8\.3%.*1\.2 s.*idle.*0\.3 of 0\.5 cores \(limit\)/su);
      assert.match(await page.locator("[data-figure=throttling]").innerText(), /–.*cAdvisor would tell/su);
    });
  });

  it("goes from a service to the node by the keyboard, and back, forward and up", async () => {
    await onPage(new DrilldownHost(), async (open) => {
      const { page, host } = open;
      for (const name of ["reviews", "reviews-v2", "reviews-v2-x8k2", "node-b"]) {
        const asked = host.count("level.load");
        await grid(open).focus();
        await page.keyboard.press("Enter");
        await until(open, () => host.count("level.load") > asked, "a row was opened");
        await title(open, name);
      }
      assert.deepEqual(
        host.last("level.load")?.path.map(({ level }) => level),
        ["mesh", "meshService", "service", "workload", "pod", "node"],
      );
      await page.keyboard.press("[");
      await title(open, "reviews-v2-x8k2");
      await page.keyboard.press("]");
      await title(open, "node-b");
      await page.keyboard.press("Alt+ArrowUp");
      await title(open, "reviews-v2-x8k2");
      await page.keyboard.press("Alt+ArrowDown");
      await title(open, "node-b");
      assert.ok(await page.locator(".fy-title").evaluate((element) => element === document.activeElement));
    });
  });

  it("follows suspects, reasons and choices of the breadcrumb by the mouse", async () => {
    await onPage(new DrilldownHost(), async (open) => {
      const { page, host } = open;
      await page.locator(".fy-suspect .fy-link").first().click();
      await title(open, "reviews");
      await until(open, () => host.last("level.load")?.path.at(-1)?.level === "service", "the suspect was opened");
      await page.locator(".fy-reasons .fy-link").nth(1).click();
      await title(open, "reviews-v2-x8k2");
      await named(open, "crumb-node").getByRole("button").first().click();
      await page.locator(".fy-choice").filter({ hasText: "node-b" }).click();
      await title(open, "node-b");
      await named(open, "clear-node").click();
      await title(open, "reviews-v2-x8k2");
    });
  });

  it("keeps focus, scroll and what is open when it is refreshed, and puts new values in place", async () => {
    const host = new DrilldownHost();
    host.level = {
      tables: [
        rowsTable(
          "workload",
          Array.from({ length: 300 }, (_, i) => `w-${i}`),
        ),
      ],
    };
    await onPage(host, async (open) => {
      const { page } = open;
      await grid(open).focus();
      for (let i = 0; i < 40; i++) await page.keyboard.press("ArrowDown");
      const places = () =>
        page.evaluate(() => [
          document.querySelector(".fy-scroll")?.scrollTop,
          document.querySelector(".fy-table-scroll")?.scrollTop,
          document.activeElement?.getAttribute("aria-activedescendant"),
        ]);
      const before = await places();
      assert.ok(Number(before[1]) > 0, "the table was scrolled");
      const asked = host.count("level.load");
      host.level = { ...host.level, state: "degraded" };
      host.emit("mesh.changed", { meshId: "mesh" });
      await until(open, () => host.count("level.load") > asked, "it was read again");
      await page.locator(".fy-headline-degraded").waitFor();
      assert.deepEqual(await places(), before);
      assert.equal(await page.locator("[role=status]").last().innerText(), "reviews: now degraded");
    });
  });

  it("sorts by its heads, idle after numbers and no data last, either way", async () => {
    await onPage(new DrilldownHost(), async (open) => {
      const names = () => open.page.locator(".fy-table-rows .fy-name bdi").allInnerTexts();
      const head = open.page.getByRole("columnheader", { name: "Requests" });
      await head.getByRole("button").click();
      await open.page.locator("[aria-sort=descending]").waitFor();
      assert.deepEqual(await names(), ["reviews", "reviews-v1", "reviews-v3"]);
      await head.getByRole("button").click();
      await open.page.locator("[aria-sort=ascending]").waitFor();
      assert.deepEqual(await names(), ["reviews-v1", "reviews", "reviews-v3"]);
    });
  });

  it("draws only the rows in sight of 5,000 and walks to the last", async () => {
    const host = new DrilldownHost();
    host.level = {
      tables: [
        rowsTable(
          "workload",
          Array.from({ length: 5000 }, (_, i) => `w-${i}`),
        ),
      ],
    };
    await onPage(host, async (open) => {
      assert.ok((await open.page.locator(".fy-table-rows .fy-table-row").count()) < 100);
      await grid(open).focus();
      await open.page.keyboard.press("End");
      await open.page.locator(".fy-focused").getByText("w-4999").waitFor();
    });
  });

  it("runs actions on the level and on a row, and shows the query of a number", async () => {
    await onPage(new DrilldownHost(), async (open) => {
      const { page, host } = open;
      await named(open, "logs").first().click();
      await until(open, () => host.count("action.run") === 1, "an action was run");
      assert.deepEqual(host.last("action.run"), { path: reviewsPath, action: "logs", row: "" });
      await grid(open).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Shift+F10");
      await page.locator("fy-level-table .fy-sheet").getByText("Copy Name").click();
      await until(open, () => host.count("action.run") === 2, "an action of a row was run");
      assert.equal(host.last("action.run")?.row, "eu//x/shop/reviews-v1");
      await named(open, "query-rps").getByRole("button").first().click();
      await named(open, "copy-query").click();
      await until(open, () => host.count("text.copy") === 1, "the query was copied");
      assert.match(host.last("text.copy")?.text ?? "", /^sum\(rate\(istio_requests_total/u);
    });
  });

  it("stays when the thing is gone, and says so; says which permission lacks; offers a way out of a failure", async () => {
    const host = new DrilldownHost();
    await onPage(host, async (open) => {
      const { page } = open;
      host.level = { presence: "gone", figures: [], tables: [], facts: [] };
      host.emit("mesh.changed", { meshId: "mesh" });
      await page.getByText("It no longer exists.", { exact: false }).waitFor();
      assert.match(await page.locator(".fy-figures").innerText(), /12 rps/u);
      host.level = {};
      host.failure = new MeshError("unreachable", say("prod-eu did not answer."));
      host.emit("mesh.changed", { meshId: "mesh" });
      await page.getByText("prod-eu did not answer.").waitFor();
      await page.locator(".fy-figures").waitFor();
      await page.keyboard.press("Alt+ArrowDown");
      await page.locator("[data-state=failed]").waitFor();
      host.failure = undefined;
      host.level = { presence: "unreadable", problems: ["It needs get nodes in prod-eu."], figures: [], tables: [] };
      await named(open, "way-out").click();
      await page.getByText("It needs get nodes in prod-eu.").waitFor();
    });
  });

  it("shows hostile names and cards as text, and 1,000 labels without drawing them all", async () => {
    const host = new DrilldownHost();
    const evil = "<img src=x onerror=alert(1)>";
    const long = "שלום".repeat(63) + "x";
    const labels = Array.from({ length: 1000 }, (_, i) => `label-${i}=${i}`);
    host.level = {
      title: evil,
      subtitle: long,
      facts: [{ title: evil, facts: [{ name: "Labels", values: labels, atMillis: NaN, to: null }] }],
    };
    host.cards = [
      {
        providerId: evil,
        summary: evil,
        severity: "warning",
        data: [{ name: evil, value: long }],
        raw: [],
        actions: [],
        failure: "",
      },
      {
        providerId: "cost",
        summary: "",
        severity: "info",
        data: [],
        raw: [],
        actions: [],
        failure: "It did not answer within 2 s",
      },
    ];
    await onPage(
      host,
      async (open) => {
        const { page } = open;
        await page.getByText("It did not answer within 2 s").waitFor();
        assert.equal(await page.locator("img").count(), 0);
        assert.equal(await page.locator(".fy-chip").count(), 12);
        await named(open, "all-values").click();
        assert.equal(await page.locator(".fy-chip").count(), 212);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        await open.picture("hostile-900");
      },
      { width: 900 },
    );
  });

  it("reads another window and a past time, comes back to live, and finds all of it again after a reload", async () => {
    await onPage(new DrilldownHost(), async (open) => {
      const { page, host } = open;
      await named(open, "window").click();
      await named(open, "window").getByRole("option", { name: "Last 1 h", exact: true }).click();
      await until(open, () => host.last("level.load")?.windowSeconds === 3600, "another window was read");
      await named(open, "time").click();
      await until(open, () => host.last("level.load")?.atMillis !== null, "the past was read");
      await named(open, "back-to-live").click();
      await until(open, () => host.last("level.load")?.atMillis === null, "live was read");
      host.emit("path.show", { path: [...reviewsPath, refOf("pod", "reviews-v2-x8k2")] });
      await title(open, "reviews-v2-x8k2");
      host.facts = { path: null };
      await open.reload();
      await title(open, "reviews-v2-x8k2");
      assert.equal(host.last("level.load")?.windowSeconds, 3600);
      await page.keyboard.press("[");
      await title(open, "reviews");
    });
  });

  for (const theme of ["dark", "light", "highContrast", "highContrastLight"] satisfies ThemeName[]) {
    for (const width of [320, 900, 1600]) {
      it(`has nothing that axe calls serious in ${theme} at ${width} pixels, and no sideways scrolling`, async () => {
        await onPage(
          new DrilldownHost(),
          async (open) => {
            await open.picture(`${theme}-${width}`);
            await open.page.locator("fy-charts").scrollIntoViewIfNeeded();
            await open.page.locator(".uplot").first().waitFor({ state: "attached", timeout: 10_000 });
            await open.picture(`${theme}-${width}-charts`);
            assert.deepEqual(await seriousFindings(open.page), []);
            assert.deepEqual(await smallTargets(open.page), []);
            const wide = await open.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(wide <= 0, `${wide} pixels too wide`);
          },
          { theme, width, height: width === 320 ? 900 : 1000 },
        );
      });
    }
  }
});
