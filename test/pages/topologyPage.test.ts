import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../src/mesh/meshError.ts";
import { say } from "../../src/mesh/message.ts";
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

describe("The topology page", () => {
  it("asks for its facts first, then for one picture, and says of when that is", async () => {
    const host = new FakeHost();
    await onPage(host, async (open) => {
      assert.deepEqual(
        host.asked.map((one) => one.name),
        ["page.open", "graph.load"],
      );
      assert.match(await open.page.locator(".fy-status").innerText(), /12:04:35 PM.*last 5 min.*every 15 s.*V2/su);
    });
  });

  it("walks along the traffic by the keyboard and says where it is", async () => {
    await onPage(new FakeHost(), async (open) => {
      await tree(open).focus();
      assert.match(await spoken(open), /^istio-ingressgateway, /u);
      await open.page.keyboard.press("ArrowRight");
      assert.equal(
        await spoken(open),
        "front, service, 40 requests per second, 0 percent errors, 1 inbound, 1 outbound",
      );
      await open.page.keyboard.press("ArrowRight");
      await open.page.keyboard.press("ArrowRight");
      assert.match(await spoken(open), /^catalog, service, 25 requests/u);
      await open.page.keyboard.press("ArrowDown");
      assert.equal(
        await spoken(open),
        "reviews, service, degraded, 12 requests per second, 5 percent errors, 1 inbound, 2 outbound",
      );
      await open.page.keyboard.press("ArrowLeft");
      assert.match(await spoken(open), /^front-v1, workload, version v1/u);
    });
  });

  it("does all of its work by the keyboard alone: find, select, drill down, focus, collapse, table, back", async () => {
    await onPage(new FakeHost(), async (open) => {
      const { page, host } = open;
      await tree(open).focus();
      await page.keyboard.press("/");
      await page.keyboard.type("not healthy");
      await page.getByText("2 found").waitFor();
      assert.equal(host.last("graph.mark")?.find, "not healthy");
      await page.keyboard.press("Enter");
      await tree(open).focus();
      assert.match(await spoken(open), /^reviews/u);
      await page.keyboard.press("Home");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Space");
      await panel(open).getByRole("heading", { name: "front", exact: true }).waitFor();
      assert.equal(host.count("link.follow"), 0);
      await page.keyboard.press("Enter");
      await asked(open, "link.follow", 1);
      assert.deepEqual(host.last("link.follow"), { target: host.last("details.load"), id: "drillDown" });
      await page.keyboard.press("Escape");
      assert.equal(await panel(open).count(), 0);
      assert.ok(await tree(open).evaluate((element) => element === document.activeElement));
      await page.keyboard.press("f");
      await page.getByText("Focus, hops: 1").waitFor();
      await page.keyboard.press("f");
      await page.getByText("Focus, hops: 2").waitFor();
      await page.keyboard.press("Escape");
      await page.keyboard.press("c");
      assert.match(await spoken(open), /^shop, namespace, failing, collapsed, \d+ nodes/u);
      await page.keyboard.press("c");
      await page.keyboard.press("t");
      assert.ok(await page.locator(".fy-twin-scroll").evaluate((element) => element === document.activeElement));
      await page.keyboard.press("t");
      assert.ok(await tree(open).evaluate((element) => element === document.activeElement));
      await page.keyboard.press("?");
      await page.getByRole("heading", { name: "Keyboard" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("heading", { name: "Keyboard" }).waitFor({ state: "hidden" });
    });
  });

  it("completes what is typed into find, walks what it found, and says where it cannot be read", async () => {
    await onPage(new FakeHost(), async (open) => {
      const { page } = open;
      await tree(open).focus();
      await page.keyboard.press("/");
      await page.keyboard.type("http.err");
      const offered = page.locator(".fy-completions li");
      await offered.first().waitFor();
      assert.equal(await offered.first().innerText(), "http.errors");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.type("> 20%");
      await page.getByText("1 found").waitFor();
      await page.keyboard.press("Enter");
      await tree(open).focus();
      assert.match(await spoken(open), /^reviews-v2, workload/u);
      await page.keyboard.press("/");
      await page.keyboard.press("End");
      await page.keyboard.type(" and (");
      await page.locator(".fy-completions li").first().waitFor();
      await page.keyboard.press("Escape");
      await page.locator(".fy-expression-error").waitFor();
    });
  });

  it("hides what the hide text names, moving nothing else", async () => {
    await onPage(new FakeHost(), async (open) => {
      await named(open, "hide").locator("input").fill("protocol = tcp");
      await asked(open, "graph.mark", 1);
      assert.equal(open.host.last("graph.mark")?.hide, "protocol = tcp");
      await named(open, "table").click();
      await named(open, "table-edges").click();
      const grid = open.page.getByRole("grid", { name: "Edges" });
      await grid.getByText("gRPC").first().waitFor();
      assert.equal(await grid.getByText("TCP").count(), 0);
      assert.equal(open.host.count("graph.load"), 1);
    });
  });

  it("selects an edge and shows how its requests ended", async () => {
    await onPage(new FakeHost(), async (open) => {
      await tree(open).focus();
      await open.page.keyboard.press("Shift+ArrowRight");
      assert.equal(await spoken(open), "istio-ingressgateway to front, HTTP, 40 requests per second, 0 percent errors");
      await open.page.keyboard.press("Space");
      await panel(open).getByText("How requests ended").waitFor();
      assert.equal(open.host.last("details.load")?.what, "edge");
      assert.match(await panel(open).innerText(), /500\s+URX\s+reviews\.shop\.svc\.cluster\.local\s+0\.6 rps\s+5%/u);
      assert.match(await panel(open).innerText(), /p95 120 ms/u);
    });
  });

  it("reads anew with another window and only with what is asked", async () => {
    await onPage(new FakeHost(), async (open) => {
      await choose(open, "window", "Last 1 h");
      await asked(open, "graph.load", 2);
      assert.equal(open.host.last("graph.load")?.windowSeconds, 3600);
      await named(open, "legend").click();
      await open.page.getByRole("heading", { name: "Legend" }).waitFor();
      assert.equal(open.host.count("graph.load"), 2);
    });
  });

  it("lists the same in a table, sorts it, and shares the selection", async () => {
    await onPage(new FakeHost(), async (open) => {
      const { page } = open;
      await named(open, "table").click();
      const grid = page.getByRole("grid", { name: "Nodes" });
      assert.equal(await grid.getAttribute("aria-rowcount"), "15");
      await grid.getByRole("columnheader", { name: "Errors" }).getByRole("button").click();
      assert.equal(await grid.getByRole("columnheader", { name: "Errors" }).getAttribute("aria-sort"), "descending");
      assert.match(await grid.getByRole("row").nth(1).innerText(), /reviews-v2.*50%/su);
      await grid.getByRole("row").nth(1).click();
      await panel(open).getByRole("heading", { name: "reviews-v2" }).waitFor();
      await named(open, "close-table").click();
      await tree(open).focus();
      assert.match(await spoken(open), /^reviews-v2, workload/u);
      assert.equal(await tree(open).locator("[aria-selected=true]").count(), 1);
    });
  });

  it("opens as a table where a screen reader is in use", async () => {
    const classes = ["vscode-using-screen-reader"];
    await onPage(new FakeHost(), async (open) => open.page.getByRole("grid").waitFor(), { classes });
  });

  it("opens a large mesh as namespaces, and one of them on demand", async () => {
    const host = new FakeHost();
    host.lines = largeMesh(8, 15);
    await onPage(host, async (open) => {
      await tree(open).focus();
      assert.match(await spoken(open), /^team-\d, namespace, healthy, collapsed, 30 nodes/u);
      await open.page.keyboard.press("c");
      assert.match(await spoken(open), /^app-\d-\d/u);
      assert.ok((await open.page.locator("*").count()) < 700);
    });
  });

  it("changes text and nothing else when only rates differ", async () => {
    const host = new FakeHost();
    await onPage(host, async (open) => {
      const { page } = open;
      await tree(open).focus();
      await page.keyboard.press("Space");
      await panel(open).getByText("How requests ended").waitFor();
      await page.locator(".uplot").waitFor();
      await page.evaluate(() => {
        const changes: string[] = [];
        Object.assign(window, { changes });
        new MutationObserver((records) => {
          for (const { addedNodes, removedNodes } of records) {
            for (const node of [...addedNodes, ...removedNodes])
              if (node instanceof Element) changes.push(node.outerHTML);
          }
        }).observe(document.body, { childList: true, subtree: true });
      });
      host.lines = shop.map((line) => ({ ...line, rps: (line.rps ?? 0) * 1.07 }));
      await named(open, "refresh-now").click();
      await asked(open, "graph.load", 2);
      await asked(open, "details.series", 2);
      await settled(open);
      await page
        .locator('[role="treeitem"]', { hasText: "43 requests per second" })
        .first()
        .waitFor({ state: "attached" });
      assert.deepEqual(await page.evaluate(() => (window as unknown as { changes: string[] }).changes), []);
    });
  });

  it("asks nothing while it is hidden, and at once when it is shown", async () => {
    const host = new FakeHost();
    host.facts = { defaults: { windowSeconds: 60, refreshSeconds: 5 } };
    await onPage(host, async (open) => {
      await open.page.clock.install();
      await open.setVisible(false);
      const before = host.asked.length;
      await open.page.clock.runFor(60_000);
      assert.equal(host.asked.length, before);
      await open.setVisible(true);
      await asked(open, "graph.load", 2);
    });
  });

  it("is as it was after the window was loaded again", async () => {
    const host = new FakeHost();
    await onPage(host, async (open) => {
      await choose(open, "view", "Workload");
      await choose(open, "window", "Last 30 min");
      await tree(open).focus();
      await open.page.keyboard.press("Space");
      await panel(open).getByText("How requests ended").waitFor();
      const selected = host.last("details.load")?.id;
      await named(open, "table").click();
      await open.reload();
      await settled(open);
      await open.page.getByRole("grid", { name: "Nodes" }).waitFor();
      assert.equal(host.last("graph.load")?.view, "workload");
      assert.equal(host.last("graph.load")?.windowSeconds, 1800);
      await panel(open).getByText("How requests ended").waitFor();
      assert.equal(host.last("details.load")?.id, selected);
    });
  });

  it("says once what details and chart could not be asked, also where nothing is left to chart", async () => {
    const host = new FakeHost();
    const gaps = new Float64Array(60).fill(NaN);
    host.details = { problems: ["Store us: No answer"] };
    host.series = { rps: gaps, errorsPerSecond: gaps, problems: ["Store us: No answer", "The chart leaves out bytes"] };
    await onPage(host, async (open) => {
      await named(open, "table").click();
      await open.page.getByRole("row", { name: "reviews" }).first().click();
      await panel(open).getByText("The chart leaves out bytes").waitFor();
      assert.equal(await panel(open).getByText("Store us: No answer").count(), 1);
      assert.equal(await open.page.locator(".uplot").count(), 0);
    });
  });

  it("shows hostile names as the text they are", async () => {
    const host = new FakeHost();
    const bidi = "pay\u202Egnp.exe";
    const long = "n".repeat(253);
    host.lines = [
      { from: "<b>shop</b>/<img src=x onerror=alert(1)>", to: `shop/${bidi}`, rps: 3 },
      { from: `shop/${long}`, to: "shop/\"'><script>alert(1)</script>", rps: 1 },
    ];
    host.details = { title: "<img src=x onerror=alert(1)>", reasons: ["<script>alert(1)</script>"] };
    host.problems = [
      { id: "p", words: "<img src=x onerror=alert(2)>", canRetry: false, severity: "warning", query: "<b>q</b>" },
    ];
    await onPage(host, async (open) => {
      let dialogs = 0;
      open.page.on("dialog", (dialog) => {
        dialogs += 1;
        void dialog.dismiss();
      });
      await named(open, "table").click();
      await open.page.getByRole("grid").getByText(long).first().waitFor();
      await open.page.getByRole("row", { name: "<img src=x onerror=alert(1)>" }).first().click();
      await panel(open).getByRole("heading", { name: "<img src=x onerror=alert(1)>" }).waitFor();
      assert.equal(await open.page.locator("img, fy-topology script").count(), 0);
      assert.equal(await open.page.locator(".fy-panel b, .fy-banner img").count(), 0);
      assert.equal(dialogs, 0);
      const isWide = await open.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      assert.equal(isWide, false);
    });
  });

  it("says in the banner what is missing, retries it, and copies its query", async () => {
    const host = new FakeHost();
    host.problems = [
      { id: "slow", words: "Prometheus of demo-us did not answer.", canRetry: true, severity: "warning", query: "up" },
      { id: "ns", words: "Namespace bank may not be read.", canRetry: false, severity: "info" },
      { id: "bad", words: "12 series could not be read.", canRetry: false, severity: "info" },
    ];
    await onPage(host, async (open) => {
      const banner = open.page.locator(".fy-banner");
      assert.equal(await banner.locator(".fy-line").count(), 2);
      await named(open, "problems").click();
      assert.equal(await banner.locator(".fy-line").count(), 3);
      await named(open, "retry").click();
      await asked(open, "way.take", 1);
      assert.deepEqual(host.last("way.take"), { way: "retry", problem: "slow" });
      await asked(open, "graph.load", 2);
      await banner.getByRole("button", { name: "Copy query" }).click();
      await asked(open, "text.copy", 1);
      assert.deepEqual(host.last("text.copy"), { text: "up" });
    });
  });

  it("keeps the last picture where a reading fails, and says so", async () => {
    const host = new FakeHost();
    await onPage(host, async (open) => {
      host.failure = new MeshError("unreachable", say("Nobody answers at {0}.", "prometheus:9090"), {
        hint: say("Is it running?"),
      });
      await named(open, "refresh-now").click();
      await open.page.getByText("Nobody answers at prometheus:9090. Is it running?").waitFor();
      await tree(open).focus();
      assert.match(await spoken(open), /^istio-ingressgateway/u);
      host.failure = undefined;
      await named(open, "retry-read").click();
      await open.page.locator(".fy-banner").waitFor({ state: "detached" });
    });
  });

  it("says that nothing could be read when the first reading fails, and tries again", async () => {
    const host = new FakeHost();
    host.failure = new MeshError("unreachable", say("Nobody answers."));
    await onPage(host, async (open) => {
      await open.page.locator('[data-empty="failed"]').getByText("Nobody answers.").waitFor();
      host.failure = undefined;
      await named(open, "way-out").click();
      await open.page.locator(".fy-empty").waitFor({ state: "detached" });
    });
  });
});

const ways = [
  { cause: "noPrometheus", wayOut: "setPrometheus", button: "Set Prometheus …" },
  { cause: "noSeries", wayOut: "runDoctor", button: "Run Doctor" },
  { cause: "wrongLabels", wayOut: "runDoctor", button: "Run Doctor" },
  { cause: "noTraffic", wayOut: "showIdle", button: "Show idle nodes and edges" },
  { cause: "shortWindow", wayOut: "widenWindow", button: "Show the last 10 min" },
  { cause: "filtered", wayOut: "allNamespaces", button: "Show all namespaces" },
  { cause: "noAnswer", wayOut: "retry", button: "Try again" },
] as const;

describe("An empty picture", () => {
  for (const { cause, wayOut, button } of ways) {
    it(`explains ${cause}, gives the query, and offers "${button}"`, async () => {
      const host = new FakeHost();
      const widened = wayOut === "widenWindow" ? { windowSeconds: 600 } : {};
      host.empty = { cause, wayOut, words: `Because of ${cause}.`, query: "count(istio_requests_total)", ...widened };
      await onPage(host, async (open) => {
        const state = open.page.locator(`[data-empty="${cause}"]`);
        await state.getByText(`Because of ${cause}.`).waitFor();
        await state.getByRole("button", { name: "Copy query" }).click();
        await asked(open, "text.copy", 1);
        const isEditors = wayOut === "setPrometheus" || wayOut === "runDoctor";
        await state.getByRole("button", { name: button }).click();
        await asked(open, "graph.load", 2);
        assert.equal(host.count("way.take"), isEditors ? 1 : 0);
        if (wayOut === "widenWindow") assert.equal(host.last("graph.load")?.windowSeconds, 600);
        if (wayOut === "showIdle") assert.equal(host.last("graph.load")?.withIdleEdges, true);
      });
    });
  }
});
