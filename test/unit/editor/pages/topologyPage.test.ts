import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ToPage } from "../../../../src/protocol/contract.ts";
import type { PageFacts } from "../../../../src/protocol/topology/topologyContract.ts";
import { readSnapshot } from "../../../../src/protocol/topology/readSnapshot.ts";
import type { GraphSnapshot } from "../../../../src/protocol/topology/graphSnapshot.ts";
import { eventually } from "../../../support/eventually.ts";
import { aWindow, openDemo } from "../support/aWindow.ts";
import { ask, load, nextId, onPage, pagesOf } from "../support/onTopologyPage.ts";
import { fake } from "../support/useFakeVscode.ts";

describe("the topology page", () => {
  it("W1, W2: is a panel that keeps nothing while hidden, loads from its own folder alone and runs no commands", async () => {
    await onPage(async ({ panel }) => {
      await Promise.resolve();
      const { enableScripts, enableCommandUris, localResourceRoots, ...rest } = panel.webview.options as {
        enableScripts: boolean;
        enableCommandUris: boolean;
        localResourceRoots: { path: string }[];
        retainContextWhenHidden?: boolean;
      };
      assert.deepEqual([enableScripts, enableCommandUris, rest.retainContextWhenHidden ?? false], [true, false, false]);
      assert.deepEqual(
        localResourceRoots.map(({ path }) => path),
        ["/extension/dist/webview"],
      );
      assert.match(panel.webview.html, /https:\/\/webview\.test\/extension\/dist\/webview\/topology\.js/);
    });
  });

  it("is told its facts, then a whole picture that it can read, and names the mesh", async () => {
    await onPage(async ({ panel }) => {
      const facts = await ask<PageFacts>(panel, "page.open", {});
      assert.deepEqual([facts.isDemo, facts.defaults], [true, { windowSeconds: 300, refreshSeconds: 15 }]);
      const snapshot = readSnapshot(await ask(panel, "graph.load", load));
      assert.ok(snapshot.nodes.count > 20 && snapshot.edges.count > 20);
      assert.equal(panel.title, "Topology · demo mesh");
    });
  });

  it("is one in a window: shown again, it comes to the front", async () => {
    await onPage(async ({ panel, pages }) => {
      await Promise.resolve();
      pages.show(undefined);
      assert.deepEqual([fake.panels.length, panel.reveals], [1, 1]);
    });
  });

  it("W3: is restored with its window, with the folders of this version", async () => {
    const window = aWindow();
    const pages = pagesOf(window);
    await openDemo(window);
    const panel = new fake.FakePanel("foreyard.topology", "Topology");
    await fake.serializers.get("foreyard.topology")?.deserializeWebviewPanel(panel, { version: 1 });
    assert.equal((await ask<PageFacts>(panel, "page.open", {})).isDemo, true);
    assert.match(JSON.stringify(panel.webview.options), /dist\/webview/);
    pages.dispose();
    window.connection.dispose();
  });

  it("W3: is sent nothing and asks nothing while it is hidden, and has its last picture at once when it is back", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "page.open", {});
      const first = await ask<GraphSnapshot>(panel, "graph.load", load);
      panel.look(false);
      panel.say({ t: "req", id: nextId(), name: "graph.load", params: load });
      const sent = panel.posted.length;
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(panel.posted.length, sent);
      panel.look(true);
      await ask(panel, "page.open", {});
      const begun = performance.now();
      const again = await ask<GraphSnapshot>(panel, "graph.load", load);
      assert.ok(performance.now() - begun < 300);
      assert.deepEqual([again.atMillis, again.nodes.count], [first.atMillis, first.nodes.count]);
    });
  });

  it("shows the node of what was asked for once it is in the picture", async () => {
    await onPage(async ({ panel, pages }) => {
      pages.show({ cluster: undefined, namespace: "shop", kind: "Service", name: "reviews" });
      await ask(panel, "page.open", {});
      await ask(panel, "graph.load", load);
      const told = await eventually("the page is told what to show", () =>
        (panel.posted as readonly ToPage[]).find((each) => each.t === "evt" && each.name === "focus.show"),
      );
      assert.deepEqual(told, { t: "evt", name: "focus.show", data: { what: "node", id: "service/eu/shop/reviews" } });
    });
  });

  it("says so where what was asked for is in no picture", async () => {
    await onPage(async ({ panel, pages }) => {
      pages.show({ cluster: undefined, namespace: "nowhere", kind: "Service", name: "nobody" });
      await ask(panel, "page.open", {});
      await ask(panel, "graph.load", load);
      await eventually("it is said", () =>
        fake.shown.some(({ text }) => text.startsWith("nobody is not in the topology")),
      );
    });
  });

  it("begins anew when the window disconnects, so that no number of the last mesh stays on it", async () => {
    await onPage(async ({ panel, window }) => {
      await ask(panel, "page.open", {});
      await ask(panel, "graph.load", load);
      const before = panel.webview.html;
      await window.connection.pin(undefined);
      await eventually("the page has another document", () => panel.webview.html !== before);
      const facts = await ask<PageFacts>(panel, "page.open", {});
      assert.deepEqual([facts.meshName, panel.title], ["", "Topology"]);
      await assert.rejects(
        ask(panel, "graph.load", load),
        /^Error: unreachable: This window is not connected to a mesh\./,
      );
    });
  });

  it("keeps where nodes were dragged, under the mesh", async () => {
    await onPage(async ({ panel }) => {
      const { meshId } = await ask<PageFacts>(panel, "page.open", {});
      await ask(panel, "positions.save", { meshId, nodes: { "service/eu/shop/reviews": [12, 34] } });
      const { positions } = await ask<PageFacts>(panel, "page.open", {});
      assert.deepEqual(positions.nodes, { "service/eu/shop/reviews": [12, 34] });
    });
  });

  it("refuses positions of another mesh than the window shows", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "page.open", {});
      const save = ask(panel, "positions.save", {
        meshId: "another mesh",
        nodes: { "service/eu/shop/reviews": [1, 2] },
      });
      await assert.rejects(save, /^Error: conflict: This window shows another mesh/);
      assert.deepEqual((await ask<PageFacts>(panel, "page.open", {})).positions.nodes, {});
    });
  });

  it("O14: leaves no listener and no panel behind when it is closed", async () => {
    const window = aWindow();
    await openDemo(window);
    const before = { ...fake.counts };
    const pages = pagesOf(window);
    for (let i = 0; i < 3; i++) {
      fake.panels.length = 0;
      pages.show(undefined);
      const [panel] = fake.panels;
      assert.ok(panel);
      await ask(panel, "page.open", {});
      await ask(panel, "graph.load", load);
      panel.dispose();
    }
    pages.dispose();
    await eventually("all is given back", () => JSON.stringify(fake.counts) === JSON.stringify(before));
    window.connection.dispose();
  });
});
