import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../src/mesh/meshError.ts";
import { say } from "../../src/mesh/message.ts";
import { seriousFindings } from "./support/axe.ts";
import { DrilldownHost, levelTime, refOf, reviewsPath } from "./support/drilldownHost.ts";
import { PageLab, type OpenOptions, type OpenPage } from "./support/pageInBrowser.ts";

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
    await act(open);
    assert.deepEqual(open.complaints, []);
  } finally {
    await open.close();
  }
}

const named = ({ page }: Open, name: string) => page.locator(`[data-name="${name}"]`);

async function until(open: Open, holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; !holds(); turn++) {
    assert.ok(turn < 600, what);
    await open.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

const settled = async ({ page }: Open): Promise<void> => {
  await page.locator(".fy-title").waitFor();
  await page.locator(".fy-working:not(.fy-on)").waitFor({ state: "attached" });
};

const sideways = ({ page }: Open) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

describe("The drill-down page", () => {
  it("shows an outline where a level takes long, and none where it comes at once", async () => {
    const host = new DrilldownHost();
    let answer: () => void = () => undefined;
    await onPage(host, async (open) => {
      await settled(open);
      await open.page.evaluate(() => {
        const seen = { outlines: 0 };
        Object.assign(window, { seen });
        new MutationObserver(() => {
          if (document.querySelector("[data-state=loading]")) seen.outlines++;
        }).observe(document.body, { subtree: true, childList: true });
      });
      await open.page.keyboard.press("Alt+ArrowDown");
      await until(open, () => host.count("level.load") === 2, "the next level was asked for");
      await settled(open);
      host.gate = new Promise((resolve) => {
        answer = resolve;
      });
      await open.page.keyboard.press("[");
      assert.equal(await open.page.locator("[data-state=loading]").count(), 0);
      await open.page.locator("[data-state=loading]").waitFor();
      answer();
      await open.page.locator(".fy-title bdi").getByText("reviews", { exact: true }).waitFor();
      assert.equal(await open.page.locator("[data-state=loading]").count(), 0);
    });
  });

  it("offers to connect where the window has no mesh, and reads when there is one", async () => {
    const host = new DrilldownHost();
    host.openFailure = new MeshError("unreachable", say("This window is not connected to a mesh."));
    await onPage(host, async (open) => {
      await open.page.locator("[data-state=no-mesh]").waitFor();
      await named(open, "way-connect").click();
      await until(open, () => host.count("way.take") === 1, "the way was taken");
      assert.deepEqual(host.last("way.take"), { way: "connect" });
      await open.picture("no-mesh");
      assert.deepEqual(await seriousFindings(open.page), []);
      host.openFailure = undefined;
      await named(open, "way-out").click();
      await settled(open);
    });
  });

  it("leads from a failure to the doctor", async () => {
    const host = new DrilldownHost();
    host.failure = new MeshError("forbidden", say("prod-eu refuses."));
    await onPage(host, async (open) => {
      await open.page.getByText("prod-eu refuses.").waitFor();
      await named(open, "way-doctor").click();
      await until(open, () => host.count("way.take") === 1, "the way was taken");
      assert.deepEqual(host.last("way.take"), { way: "runDoctor" });
    });
  });

  it("draws charts of third parties beside a card that failed", async () => {
    const host = new DrilldownHost();
    const card = { data: [], raw: [], actions: [], severity: "info" as const };
    host.cards = [
      { ...card, providerId: "example.cost", summary: "4 EUR a day", failure: "" },
      { ...card, providerId: "example.slow", summary: "", failure: "It did not answer within 2 s" },
    ];
    const times = Float64Array.from({ length: 10 }, (_, i) => levelTime / 1000 - 600 + i * 60);
    const chart = {
      id: "cost",
      by: "none",
      unit: "count",
      foreignUnit: "EUR",
      title: "Cost",
      names: ["cost"],
    } as const;
    host.foreign = { times, charts: [{ ...chart, points: times.map((_, i) => i), origin: null, why: [] }] };
    await onPage(host, async (open) => {
      await settled(open);
      const section = open.page.locator(".fy-section", { hasText: "From other extensions" });
      await section.getByText("It did not answer within 2 s").waitFor();
      await section.getByText("4 EUR a day").waitFor();
      await section.locator("fy-charts").scrollIntoViewIfNeeded();
      await section.getByRole("heading", { name: "Cost", exact: true }).waitFor();
    });
  });

  it("names the charts that hold nothing instead of drawing them", async () => {
    const host = new DrilldownHost();
    host.emptyCharts = ["errors inbound"];
    await onPage(host, async (open) => {
      await settled(open);
      await open.page.locator(".fy-folded summary").click();
      await open.page.locator(".fy-folded li").getByText("Errors").waitFor();
      assert.equal(await open.page.locator(".fy-charts-section fy-chart-card").count(), 2);
    });
  });

  it("finds a choice of the breadcrumb by typing", async () => {
    const host = new DrilldownHost();
    const choices = Array.from({ length: 300 }, (_, i) => {
      const to = refOf("meshService", `svc-${i}`);
      return { to, name: to.ref.name, state: "healthy" as const };
    });
    const own = refOf("meshService", "reviews");
    host.level = {
      crumbs: [{ level: "meshService", chosen: { to: own, name: "reviews", state: "failing" }, choices }],
    };
    await onPage(host, async (open) => {
      await settled(open);
      await named(open, "crumb-meshService").getByRole("button").first().click();
      assert.equal(await open.page.locator(".fy-choice").count(), 100);
      await open.page.keyboard.type("c-217");
      await open.page.locator(".fy-choice").nth(1).waitFor({ state: "detached" });
      await open.page.keyboard.press("Enter");
      await until(open, () => host.last("level.load")?.path.at(-1)?.ref.name === "svc-217", "the choice was opened");
    });
  });

  it("goes to the time that is dragged over a chart, and back to live", async () => {
    const host = new DrilldownHost();
    await onPage(host, async (open) => {
      await settled(open);
      const plot = open.page.locator(".u-over").first();
      await plot.scrollIntoViewIfNeeded();
      const box = await plot.boundingBox();
      assert.ok(box);
      const y = box.y + box.height / 2;
      await open.page.mouse.move(box.x + box.width * 0.25, y);
      await open.page.mouse.down();
      await open.page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
      await open.page.mouse.up();
      await until(open, () => typeof host.last("level.load")?.atMillis === "number", "the past was read");
      const at = host.last("level.load")?.atMillis ?? NaN;
      // An hour is drawn; its half ends half an hour before the level's time.
      assert.ok(Math.abs(at - (levelTime - 1_800_000)) < 60_000, `${levelTime - at} ms before`);
      await named(open, "back-to-live").click();
      await until(open, () => host.last("level.load")?.atMillis === null, "live was read");
    });
  });

  it("saves a chart's numbers as CSV", async () => {
    const host = new DrilldownHost();
    await onPage(host, async (open) => {
      await settled(open);
      await open.page.locator(".uplot").first().waitFor({ state: "attached" });
      await open.page.locator(".fy-charts-head").getByText("CSV").click();
      await until(open, () => host.count("csv.save") === 1, "the file was asked for");
      const [head, ...lines] = host.last("csv.save")?.text.split(/\r?\n/u) ?? [];
      assert.match(head ?? "", /time/iu);
      assert.ok(lines.length > 60, `${lines.length} lines`);
    });
  });

  for (const [what, title] of [
    ["253 characters", "x".repeat(253)],
    ["right to left", "שירות-ביקורות"],
    ["emoji", "👩‍👩‍👧‍👦-🛒"],
    ["two characters", "ab"],
  ] as const) {
    it(`holds a name of ${what} at 320 pixels`, async () => {
      const host = new DrilldownHost();
      host.facts = { path: [reviewsPath[0] ?? refOf("mesh", "mesh", ""), refOf("meshService", title)] };
      host.level = { title };
      await onPage(
        host,
        async (open) => {
          await settled(open);
          assert.equal(await open.page.locator(".fy-title bdi").innerText(), title);
          assert.ok((await sideways(open)) <= 0);
        },
        { width: 320, height: 700 },
      );
    });
  }

  it("fits 1280 pixels at 200 % zoom, without movement where that is asked for", async () => {
    const host = new DrilldownHost();
    await onPage(
      host,
      async (open) => {
        await settled(open);
        assert.ok((await sideways(open)) <= 0);
        assert.equal(
          await open.page
            .locator(".fy-working .codicon")
            .evaluate((element) => getComputedStyle(element).animationName),
          "none",
        );
        await open.picture("zoom-200");
      },
      { scale: 2, classes: ["vscode-reduce-motion"] },
    );
  });

  it("keeps the focus when the inventory below changes", async () => {
    const host = new DrilldownHost();
    host.facts = { defaults: { windowSeconds: 300, refreshSeconds: 3600, rangeSeconds: 3600 } };
    await onPage(host, async (open) => {
      await settled(open);
      const focused = () =>
        open.page.evaluate(() => document.activeElement?.closest("[data-name]")?.outerHTML.slice(0, 60));
      await named(open, "logs").first().focus();
      const before = await focused();
      assert.ok(before);
      const asked = host.count("level.load");
      host.level = { state: "degraded" };
      host.emit("level.changed", {});
      await until(open, () => host.count("level.load") > asked, "it was read again");
      await open.page.locator(".fy-headline-degraded").waitFor();
      assert.equal(await focused(), before);
    });
  });
});
