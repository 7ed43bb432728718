import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { say } from "../../../../src/mesh/message.ts";
import { refId } from "../../../../src/mesh/model/refs.ts";
import type { ToPage } from "../../../../src/protocol/contract.ts";
import type { DrilldownFacts, Level, WireCard } from "../../../../src/protocol/drilldown/drilldownContract.ts";
import { eventually } from "../../../support/eventually.ts";
import { onDrilldown } from "../support/onDrilldownPage.ts";
import { ask, nextId } from "../support/onTopologyPage.ts";
import { fake } from "../support/useFakeVscode.ts";

const now = { windowSeconds: 60, atMillis: null };

describe("the drill-down page", () => {
  it("W1: is a panel with its own script that keeps nothing while hidden and runs no commands", async () => {
    await onDrilldown(async ({ panel }) => {
      await Promise.resolve();
      const { enableCommandUris, ...rest } = panel.webview.options as {
        enableCommandUris: boolean;
        retainContextWhenHidden?: boolean;
      };
      assert.deepEqual([enableCommandUris, rest.retainContextWhenHidden ?? false], [false, false]);
      assert.match(panel.webview.html, /dist\/webview\/drilldown\.js/);
    });
  });

  it("is told its facts, then reads the level that it asks for", async () => {
    await onDrilldown(async ({ panel, podPath }) => {
      const facts = await ask<DrilldownFacts>(panel, "page.open", {});
      assert.deepEqual([facts.isDemo, facts.path, panel.title], [true, null, "Drill-down · demo mesh"]);
      const level = await ask<Level>(panel, "level.load", { path: podPath, ...now });
      assert.deepEqual([level.at, level.presence], [podPath[1], "there"]);
    });
  });

  it("begins with what somebody asked to see, and is told of it later where it is open", async () => {
    await onDrilldown(async ({ panel, pages, podPath }) => {
      pages.show(podPath);
      await eventually("the page is told", async () => {
        return JSON.stringify((await ask<DrilldownFacts>(panel, "page.open", {})).path) === JSON.stringify(podPath);
      });
      pages.show(podPath.slice(0, 1));
      const told = await eventually("the open page is told", () =>
        (panel.posted as readonly ToPage[]).find((each) => each.t === "evt" && each.name === "path.show"),
      );
      assert.deepEqual(told, { t: "evt", name: "path.show", data: { path: podPath.slice(0, 1) } });
    });
  });

  it("refuses levels of a cluster that this window does not show", async () => {
    await onDrilldown(async ({ panel, podPath }) => {
      await ask(panel, "page.open", {});
      const path = podPath.map(({ level, ref }) => ({ level, ref: { ...ref, cluster: "another cluster" } }));
      await assert.rejects(
        ask(panel, "level.load", { path, ...now }),
        /^Error: conflict: This window shows another mesh/,
      );
      const run = ask(panel, "action.run", { path, action: "copyName", row: "" });
      await assert.rejects(run, /^Error: conflict: This window shows another mesh/);
    });
  });

  it("runs actions on what was shown alone", async () => {
    await onDrilldown(async ({ panel, podPath }) => {
      await ask(panel, "page.open", {});
      const copy = { path: podPath, action: "copyName", row: "" };
      await assert.rejects(ask(panel, "action.run", copy), /leads nowhere/);
      await ask(panel, "level.load", { path: podPath, ...now });
      await ask(panel, "action.run", copy);
      assert.equal(fake.clipboard.text, podPath[1]?.ref.name);
    });
  });

  it("opens no query that it was never told", async () => {
    await onDrilldown(async ({ panel, podPath }) => {
      await ask(panel, "page.open", {});
      await ask(panel, "level.load", { path: podPath, ...now });
      const open = ask(panel, "query.open", { path: podPath, query: "up", tool: "prometheus" });
      await assert.rejects(open, /leads nowhere/);
      assert.deepEqual(fake.opened, []);
    });
  });

  it("shows a provider's card, and runs its command when it is chosen and not before", async () => {
    await onDrilldown(async ({ panel, metadata, podPath }) => {
      const seen: string[] = [];
      metadata.register({
        id: "cost",
        kinds: ["Pod"],
        provide: ({ context, name }) => {
          seen.push(`${context} ${name}`);
          return {
            summary: "3 € a day",
            data: { team: "<b>a</b>" },
            actions: [{ title: "Open", command: "cost.open" }],
          };
        },
      });
      await ask(panel, "page.open", {});
      const { cards } = await ask<{ cards: readonly WireCard[] }>(panel, "cards.load", {
        ...{ path: podPath, ...now, rangeSeconds: 3600 },
      });
      assert.deepEqual(
        cards.map(({ providerId, summary, data }) => [providerId, summary, data]),
        [["cost", "3 € a day", [{ name: "team", value: "<b>a</b>" }]]],
      );
      assert.equal(seen.length, 1);
      const id = cards[0]?.actions[0]?.id ?? "";
      await ask(panel, "link.follow", { path: podPath, id });
      await assert.rejects(ask(panel, "link.follow", { path: podPath, id: `${id} of nobody` }), /leads nowhere/);
    });
  });

  it("keeps the last reading of what is gone, and says that it is gone", async () => {
    await onDrilldown(async ({ panel, window, podPath }) => {
      await ask(panel, "page.open", {});
      const before = await ask<Level>(panel, "level.load", { path: podPath, ...now });
      const { live } = window.connection;
      assert.ok(live);
      const drilldown = live.drilldown.bind(live);
      const id = refId(podPath[1]?.ref ?? assert.fail());
      live.drilldown = () => {
        const input = drilldown();
        const workloads = input.workloads.map((each) => ({ ...each, pods: each.pods.filter((pod) => pod.id !== id) }));
        const goneRead = () => Promise.reject(new MeshError("not-found", say("{0} is gone.", "pod")));
        return { ...input, workloads, reads: { ...input.reads, object: goneRead } };
      };
      const level = await ask<Level>(panel, "level.load", { path: podPath, ...now });
      assert.deepEqual([level.presence, level.figures], ["gone", before.figures]);
    });
  });

  it("colors charts from the thresholds that somebody set", async () => {
    await onDrilldown(async ({ panel, window, podPath }) => {
      fake.userSettings.set("foreyard.drilldown.thresholds", { errors: [0.05, 0.1] });
      await window.connection.applySettings();
      await ask(panel, "page.open", {});
      const level = await ask<Level>(panel, "level.load", { path: podPath, ...now });
      const of = (chart: string) => level.charts.find((each) => each.chart === chart)?.thresholds;
      // Latency keeps Foreyard's own: 0.35 and 0.6 s.
      assert.deepEqual([of("errors"), of("latency"), of("requests")], [[0.05, 0.1], [0.35, 0.6], null]);
    });
  });

  it("W3: is sent nothing while it is hidden", async () => {
    await onDrilldown(async ({ panel, podPath }) => {
      await ask(panel, "page.open", {});
      panel.look(false);
      const sent = panel.posted.length;
      panel.say({ t: "req", id: nextId(), name: "level.load", params: { path: podPath, ...now } });
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(panel.posted.length, sent);
    });
  });

  it("W3: is restored with its window", async () => {
    await onDrilldown(async ({ panel }) => {
      panel.dispose();
      const restored = new fake.FakePanel("foreyard.drilldown", "Drill-down");
      await fake.serializers.get("foreyard.drilldown")?.deserializeWebviewPanel(restored, { version: 1 });
      assert.equal((await ask<DrilldownFacts>(restored, "page.open", {})).isDemo, true);
      restored.dispose();
    });
  });
});
