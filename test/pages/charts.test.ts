import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { contrast } from "../../webview/shared/charts/legible.ts";
import { ChartsLab, type OpenCharts, type OpenChartsPage } from "./charts/chartsLab.ts";
import { seriousFindings, smallTargets } from "./support/axe.ts";
import type { ThemeName } from "./support/themes.ts";

describe("the charts in a browser", () => {
  let lab: ChartsLab;
  before(async () => {
    lab = await ChartsLab.start();
  });
  after(() => lab.stop());

  async function withCharts(task: (open: OpenChartsPage) => Promise<void>, options: OpenCharts = {}): Promise<void> {
    const open = await lab.open(options);
    try {
      await open.run((page) => page.synthetic({ charts: 6, series: 3, points: 60 }));
      await open.run((page) => page.settled());
      await task(open);
      assert.deepEqual(open.complaints, []);
    } finally {
      await open.close();
    }
  }

  it("give no card to what was read and is empty, but to what could not be asked", async () => {
    await withCharts(async (open) => {
      const { page } = open;
      await open.run(async (own) => {
        const element = own.element;
        if (!element) return;
        const charts = new Map(element.values.charts);
        for (const [id, isFailed] of [
          ["cpu.4", false],
          ["memory.5", true],
        ] as const) {
          const chart = charts.get(id);
          const none = { names: [], points: new Float64Array(), why: [`why of ${id}`], isFailed };
          if (chart) charts.set(id, { ...chart, ...none });
        }
        own.show({ ...element.values, charts });
        await own.settled();
      });
      assert.equal(await page.locator("fy-chart-card").count(), 5);
      assert.match(await page.locator('[data-chart="memory.5"]').innerText(), /why of memory\.5/u);
      assert.equal(await page.locator(".fy-folded summary").innerText(), "Nothing was reported of: CPU");
      await page.locator(".fy-folded summary").click();
      assert.match(await page.locator(".fy-folded li").innerText(), /why of cpu\.4/u);
      await page.locator('[data-name="show-chart"]').click();
      assert.equal(await page.locator("fy-chart-card").count(), 6);
    });
  });

  it("draw a line that the theme's own colour would hide so that it is seen, and its swatch alike", async () => {
    await withCharts(async (open) => {
      const color = await open.page.evaluate(async () => {
        document.body.style.setProperty("--vscode-charts-orange", "#ea5c0055");
        document.body.classList.add("another-theme");
        for (let frame = 0; frame < 3; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
        const swatch = document.querySelector(".fy-line-orange");
        return swatch ? getComputedStyle(swatch).color : "";
      });
      const [red = NaN, green = NaN, blue = NaN] = (color.match(/\d+/g) ?? []).map(Number);
      assert.ok(contrast([red, green, blue], [31, 31, 31]) >= 3, color);
    });
  });

  it("speak the value at the keyboard's cursor and tell the range that Enter chooses", async () => {
    await withCharts(async (open) => {
      const { page } = open;
      await page.locator(".fy-plot").first().focus();
      await page.keyboard.press("End");
      await page.keyboard.press("Shift+ArrowLeft");
      await page.keyboard.press("Shift+ArrowLeft");
      assert.match(
        await page.locator("fy-charts > .fy-spoken").innerText(),
        /^11:59:40.*: 200 .*rps, 201 .*rps, 301 /u,
      );
      await page.keyboard.press("Enter");
      const noon = Date.UTC(2026, 10, 22, 12, 0, 0);
      assert.deepEqual(await open.run((own) => own.told.filter(({ name }) => name === "fy-charts-range")), [
        { name: "fy-charts-range", detail: { fromMillis: noon - 20_000, toMillis: noon } },
      ]);
    });
  });

  it("show one time under the pointer in all of them, and none when it leaves", async () => {
    await withCharts(async (open) => {
      const { page } = open;
      await page.locator(".u-over").first().hover();
      await open.run((own) => own.settled());
      const times = await page.locator(".fy-plot-time").allInnerTexts();
      assert.match(times[0] ?? "", /^\d\d:\d\d:\d\d/u);
      assert.deepEqual(new Set(times).size, 1);
    });
  });

  it("tell the range that a drag chooses", async () => {
    await withCharts(async (open) => {
      const { page } = open;
      const box = await page.locator(".u-over").first().boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + 20, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + 120, box.y + 40, { steps: 4 });
      await page.mouse.up();
      const told = await open.run((own) => own.told.filter(({ name }) => name === "fy-charts-range").length);
      assert.equal(told, 1);
    });
  });

  it("make the menu of a chart when it is asked for, with the query and the known tools alone", async () => {
    await withCharts(async (open) => {
      const { page } = open;
      assert.equal(await page.locator("fy-popup").count(), 0);
      await page.locator('[data-name="more"]').first().click();
      await page.locator('[data-name="chart-copy"]').click();
      assert.equal(await page.locator('[data-name="chart-grafana"]').count(), 0);
      assert.equal(await page.locator('[data-name="chart-prometheus"]').count(), 1);
      const told = await open.run((own) => own.told.at(-1));
      assert.deepEqual(told?.detail, {
        query: 'sum(rate(istio_requests_total{chart="0"}[1m])) by (response_code)',
        act: "copy",
      });
    });
  });

  it("leave no canvas when they are taken away", async () => {
    await withCharts(async (open) => {
      assert.ok((await open.page.locator("canvas").count()) > 0);
      assert.equal(await open.run((page) => page.remove()), 0);
    });
  });

  for (const theme of ["dark", "light", "highContrast", "highContrastLight"] satisfies ThemeName[]) {
    for (const width of [320, 900, 1600]) {
      it(`have nothing that axe calls serious in ${theme} at ${width} pixels`, async () => {
        await withCharts(
          async (open) => {
            await open.picture(`charts-${theme}-${width}`);
            assert.deepEqual(await seriousFindings(open.page), []);
            assert.deepEqual(await smallTargets(open.page), []);
            const wide = await open.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(wide <= 0, `${wide} pixels too wide`);
          },
          { theme, width, scale: width === 900 ? 2 : 1 },
        );
      });
    }
  }
});
