import assert from "node:assert/strict";
import { test } from "node:test";
import type { TreeModel, TreeNode } from "../../../src/mesh/explorer/node.ts";
import { fill } from "../../../src/mesh/message.ts";
import { createMetadataDesk } from "../../../src/mesh/metadata/metadataDesk.ts";
import type { Metadata, ResourceRef } from "../../../src/mesh/metadata/providers.ts";
import { refId, type ObjectRef } from "../../../src/mesh/model/refs.ts";
import type { ToPage } from "../../../src/protocol/contract.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { eventually } from "../../support/eventually.ts";
import { aWindow, openDemo, type AWindow } from "./support/aWindow.ts";
import { ask, load, pagesOf } from "./support/onTopologyPage.ts";
import { fake } from "./support/useFakeVscode.ts";

const { askAbout, giveKnownNotes } = await import("../../../src/editor/knownNotes.ts");

/** A window with the demo and a provider of costs that remembers whom it was asked about. */
async function withCosts(answer: Metadata, act: (open: Open) => Promise<void>): Promise<void> {
  const window = aWindow();
  const asked: ResourceRef[] = [];
  const desk = createMetadataDesk({ clock: systemClock, log: window.log });
  desk.register({
    id: "costs",
    kinds: ["Deployment", "Service"],
    provide: (ref) => {
      asked.push(ref);
      return answer;
    },
  });
  const giving = giveKnownNotes(window.connection, desk);
  await openDemo(window);
  const ref = await eventually("the cart is there", () => refOfCart(window));
  try {
    await act({ window, desk, asked, ref });
  } finally {
    giving.dispose();
    window.connection.dispose();
  }
}

interface Open {
  readonly window: AWindow;
  readonly desk: ReturnType<typeof createMetadataDesk>;
  readonly asked: readonly ResourceRef[];
  readonly ref: ObjectRef;
}

function refOfCart({ connection }: AWindow): ObjectRef | undefined {
  return connection.live?.workloads.find(({ ref }) => ref.namespace === "shop" && ref.name.startsWith("cart"))?.ref;
}

function rowOf(model: TreeModel, nodes: readonly TreeNode[], ref: ObjectRef): TreeNode | undefined {
  for (const node of nodes) {
    if (node.ref && refId(node.ref) === refId(ref)) return node;
    const below =
      node.kind === "namespace" && node.label === ref.namespace
        ? rowOf(model, model.children(node.id), ref)
        : undefined;
    if (below) return below;
  }
  return undefined;
}

function tooltipOf({ connection }: AWindow, ref: ObjectRef): readonly string[] {
  const model = connection.live?.tree("workloads");
  const row = model && rowOf(model, model.roots(), ref);
  return row ? model.tooltip(row.id).map(({ name, value }) => `${fill(name)}: ${fill(value)}`) : [];
}

function focusOf(posted: readonly ToPage[]): unknown {
  return posted.flatMap((each) => (each.t === "evt" && each.name === "focus.show" ? [each.data] : []))[0];
}

test("no provider is asked before a person looks, and then only about that", async () => {
  await withCosts({ summary: "3 €/h", data: {} }, async ({ window, desk, asked, ref }) => {
    assert.deepEqual(asked, []);
    assert.equal(await askAbout(ref, window.connection, desk), true);
    assert.deepEqual(
      asked.map(({ name }) => name),
      [ref.name],
    );
  });
});

test("what a provider told of a workload is in its row's tooltip from then on", async () => {
  await withCosts({ summary: "3 €/h", data: {} }, async ({ window, desk, ref }) => {
    assert.ok(!tooltipOf(window, ref).some((line) => line.includes("3 €/h")));
    await askAbout(ref, window.connection, desk);
    await eventually("the tooltip has it", () => tooltipOf(window, ref).includes("Also known: costs: 3 €/h"));
  });
});

test("a second look at what is known already tells of nothing new", async () => {
  await withCosts({ summary: "3 €/h", data: {} }, async ({ window, desk, ref }) => {
    await askAbout(ref, window.connection, desk);
    assert.equal(await askAbout(ref, window.connection, desk), false);
  });
});

test("a provider's error is a reason of health, and makes a mesh that is opened later fail, too", async () => {
  await withCosts({ summary: "Out of budget", data: {}, severity: "error" }, async ({ window, desk, ref }) => {
    const verdict = () => window.connection.live?.assessment(refId(ref)).verdict;
    await askAbout(ref, window.connection, desk);
    const isFailing = () =>
      verdict()?.state === "failing" && (verdict()?.reasons.map(fill).includes("costs: Out of budget") ?? false);
    await eventually("the workload fails", isFailing);
    await window.connection.reopen();
    await openDemo(window);
    await eventually("it fails again", isFailing);
  });
});

test("what is in no connected cluster is asked of nobody", async () => {
  await withCosts({ summary: "3 €/h", data: {} }, async ({ window, desk, asked, ref }) => {
    assert.equal(await askAbout({ ...ref, cluster: "elsewhere" }, window.connection, desk), false);
    assert.deepEqual(asked, []);
  });
});

test("the topology's panel asks about what is selected: facts of what is told, findings of what is warned of", async () => {
  const window = aWindow();
  const desk = createMetadataDesk({ clock: systemClock, log: window.log });
  const asked: string[] = [];
  const tell = (id: string, answer: Metadata) => {
    const provide = ({ name }: ResourceRef) => {
      asked.push(name);
      return answer;
    };
    desk.register({ id, kinds: ["Deployment", "Service"], provide });
  };
  tell("costs", { summary: "3 €/h", data: { team: "<b>shop</b>" } });
  tell("audit", { summary: "Runs as root", data: {}, severity: "warning" });
  fake.panels.length = 0;
  const pages = pagesOf(window, desk);
  await openDemo(window);
  pages.show(undefined);
  const [panel] = fake.panels;
  assert.ok(panel);
  try {
    await ask(panel, "page.open", {});
    await ask(panel, "graph.load", { ...load, view: "service" });
    assert.deepEqual(asked, []);
    pages.show({ cluster: undefined, namespace: "shop", kind: "Service", name: "cart" });
    const target = await eventually("the page is told", () => focusOf(panel.posted as readonly ToPage[]));
    const details = await ask<{ facts: readonly object[]; findings: readonly object[] }>(panel, "details.load", target);
    assert.deepEqual(new Set(asked).size, 1);
    assert.deepEqual(details.facts.slice(-2), [
      { name: "costs", value: "3 €/h" },
      { name: "costs · team", value: "<b>shop</b>" },
    ]);
    assert.deepEqual(details.findings.at(-1), { severity: "warning", words: "audit: Runs as root", link: null });
  } finally {
    pages.dispose();
    window.connection.dispose();
  }
});
