import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExportFormat, Details } from "../../../../src/protocol/topology/topologyContract.ts";
import { ask, load, onPage } from "../support/onTopologyPage.ts";
import { fake } from "../support/useFakeVscode.ts";

const pixel =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

type Panel = (typeof fake.panels)[number];

async function saved(panel: Panel, format: ExportFormat, more: object = {}): Promise<string> {
  const name = `/tmp/topology.${format}`;
  fake.saving.to = fake.Uri.file(name);
  const result = await ask(panel, "graph.export", { format, picture: null, hiddenNodes: [], ...more });
  assert.deepEqual(result, { saved: true });
  return new TextDecoder().decode(fake.saving.files.get(name));
}

describe("W14: the picture of the demo mesh", { timeout: 60_000 }, () => {
  it("is saved in each text format where the dialog leads", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      const graph = JSON.parse(await saved(panel, "json")) as { nodes: { id: string }[]; edges: unknown[] };
      assert.ok(graph.nodes.some(({ id }) => id === "service/eu/shop/reviews"));
      assert.ok(graph.edges.length > 20);
      assert.match(await saved(panel, "mermaid"), /^flowchart LR\n/);
      assert.match(await saved(panel, "dot"), /^digraph /);
      assert.match(await saved(panel, "csv"), /reviews/);
    });
  });

  it("is saved without what is hidden, and without the edges there", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      const hidden = "service/eu/shop/reviews";
      const text = await saved(panel, "json", { hiddenNodes: [hidden] });
      assert.equal(text.includes(`"${hidden}"`), false);
    });
  });

  it("is saved as the page draws it, and only if that is a picture", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      await saved(panel, "png", { picture: pixel });
      const bytes = fake.saving.files.get("/tmp/topology.png");
      assert.equal(new TextDecoder().decode(bytes?.slice(1, 4)), "PNG");
      await assert.rejects(saved(panel, "png", { picture: "data:image/png;base64,AAAA" }));
      await assert.rejects(saved(panel, "png"));
    });
  });

  it("is nowhere saved when the dialog is left", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      fake.saving.files.clear();
      fake.saving.to = undefined;
      const result = await ask(panel, "graph.export", { format: "csv", picture: null, hiddenNodes: [] });
      assert.deepEqual(result, { saved: false });
      assert.equal(fake.saving.files.size, 0);
    });
  });

  it("is copied as Markdown", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      await ask(panel, "graph.export", { format: "markdown", picture: null, hiddenNodes: [] });
      assert.match(fake.clipboard.text, /\|.*reviews/);
    });
  });
});

describe("the panel of a node", { timeout: 60_000 }, () => {
  const target = { what: "node", id: "service/eu/shop/reviews" };

  it("offers the drill-down, YAML, its row, focus, its name and its query, and copies the query", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      const { actions } = await ask<Details>(panel, "details.load", target);
      assert.deepEqual(actions.map(({ id }) => id).slice(0, 7), [
        "drillDown",
        "yaml",
        "reveal",
        "validate",
        "focus",
        "copyName",
        "copyQuery",
      ]);
      await ask(panel, "link.follow", { target, id: "copyQuery" });
      assert.match(fake.clipboard.text, /istio_requests_total/);
    });
  });

  it("has the page focus on it", async () => {
    await onPage(async ({ panel }) => {
      await ask(panel, "graph.load", load);
      await ask(panel, "link.follow", { target, id: "focus" });
      const told = (panel.posted as { t: string; name?: string; data?: unknown }[]).filter(({ t }) => t === "evt");
      assert.deepEqual(told.at(-1), { t: "evt", name: "menu.act", data: { act: "focus", target } });
    });
  });
});
