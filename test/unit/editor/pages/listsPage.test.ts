import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LevelPath } from "../../../../src/mesh/drilldown/level.ts";
import { createMetadataDesk } from "../../../../src/mesh/metadata/metadataDesk.ts";
import type { ToPage } from "../../../../src/protocol/contract.ts";
import type { ListsFacts, ListSnapshot } from "../../../../src/protocol/lists/listsContract.ts";
import { eventually } from "../../../support/eventually.ts";
import { aWindow, openDemo, type AWindow } from "../support/aWindow.ts";
import { ask } from "../support/onTopologyPage.ts";
import { fake } from "../support/useFakeVscode.ts";

const { ListPages } = await import("../../../../src/editor/pages/listsPage.ts");
const { ContainerLogs } = await import("../../../../src/editor/resources/containerLogs.ts");
const { ObjectActions } = await import("../../../../src/editor/resources/objectActions.ts");
const { editorClock } = await import("../../../../src/editor/clock.ts");

interface OpenLists {
  readonly panel: InstanceType<typeof fake.FakePanel>;
  readonly window: AWindow;
  readonly pages: InstanceType<typeof ListPages>;
  /** Where the page led to, in order. */
  readonly drilled: readonly LevelPath[];
}

/** Opens the page on the services of the demo mesh, and gives everything back at the end. */
async function onLists(act: (open: OpenLists) => Promise<void>): Promise<void> {
  const window = aWindow();
  fake.panels.length = 0;
  const { connection, log } = window;
  const logs = new ContainerLogs(connection, editorClock, log);
  const objects = new ObjectActions({
    ...{
      connection,
      logs,
      reveal: () => Promise.resolve(true),
      showTopology: () => undefined,
      validate: () => Promise.resolve(),
    },
  });
  const drilled: LevelPath[] = [];
  const drill = (path: LevelPath | undefined) => {
    if (path) drilled.push(path);
  };
  const metadata = createMetadataDesk({ clock: editorClock, log });
  const pages = new ListPages({ connection, log, objects, metadata, drill }, fake.Uri.file("/extension") as never);
  await openDemo(window);
  const view = connection.view();
  pages.show("services");
  const [panel] = fake.panels;
  assert.ok(panel);
  try {
    await act({ panel, window, pages, drilled });
  } finally {
    pages.dispose();
    objects.dispose();
    logs.dispose();
    view.dispose();
    connection.dispose();
  }
}

const namesOf = ({ names, strings }: ListSnapshot) => [...names].map((at) => strings[at]);

function idOf({ names, ids, strings }: ListSnapshot, name: string): string {
  return strings[ids[names.findIndex((at) => strings[at] === name)] ?? 0] ?? "";
}

describe("the lists page", () => {
  it("is told its facts and the list that was asked for, then reads its rows", async () => {
    await onLists(async ({ panel, window, pages }) => {
      const facts = await ask<ListsFacts>(panel, "page.open", {});
      assert.deepEqual([facts.what, panel.title], ["services", "Lists · demo mesh"]);
      const services = await ask<ListSnapshot>(panel, "list.load", { what: "services" });
      assert.equal(services.length, window.connection.live?.services.length);
      pages.show("workloads");
      const told = await eventually("the open page is told", () =>
        (panel.posted as readonly ToPage[]).find((each) => each.t === "evt" && each.name === "list.show"),
      );
      assert.deepEqual(told, { t: "evt", name: "list.show", data: { what: "workloads", path: null } });
      const workloads = await ask<ListSnapshot>(panel, "list.load", { what: "workloads" });
      assert.ok(namesOf(workloads).includes("reviews-v2"));
    });
  });

  it("leads from a row to the drill-down on it", async () => {
    await onLists(async ({ panel, drilled }) => {
      await ask(panel, "page.open", {});
      const list = await ask<ListSnapshot>(panel, "list.load", { what: "workloads" });
      await ask(panel, "row.open", { id: idOf(list, "reviews-v2") });
      assert.deepEqual(
        drilled.map((path) => path.map(({ level, ref }) => `${level} ${ref.name}`)),
        [["workload reviews-v2"]],
      );
    });
  });

  it("acts on rows of this window's mesh alone", async () => {
    await onLists(async ({ panel, drilled }) => {
      await ask(panel, "page.open", {});
      const list = await ask<ListSnapshot>(panel, "list.load", { what: "workloads" });
      const id = idOf(list, "reviews-v2");
      await ask(panel, "row.act", { id, action: "copyName" });
      assert.equal(fake.clipboard.text, "reviews-v2");
      fake.clipboard.text = "";
      const elsewhere = `another cluster ${id}`;
      await assert.rejects(ask(panel, "row.act", { id: elsewhere, action: "copyName" }), /leads nowhere/);
      await assert.rejects(ask(panel, "row.open", { id: elsewhere }), /leads nowhere/);
      assert.deepEqual([fake.clipboard.text, drilled], ["", []]);
    });
  });

  it("refuses to act once the window shows no mesh", async () => {
    await onLists(async ({ panel, window, drilled }) => {
      await ask(panel, "page.open", {});
      const list = await ask<ListSnapshot>(panel, "list.load", { what: "workloads" });
      window.connection.dispose();
      await assert.rejects(ask(panel, "row.open", { id: idOf(list, "reviews-v2") }));
      assert.deepEqual(drilled, []);
    });
  });
});
