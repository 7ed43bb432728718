import assert from "node:assert/strict";
import { createMetadataDesk } from "../../../../src/mesh/metadata/metadataDesk.ts";
import { systemClock } from "../../../../src/sources/kubernetes/systemClock.ts";
import type { ToPage } from "../../../../src/protocol/contract.ts";
import type { LoadParams } from "../../../../src/protocol/topology/topologyContract.ts";
import { eventually } from "../../../support/eventually.ts";
import { aWindow, openDemo, type AWindow } from "./aWindow.ts";
import { MemoryStore } from "./memoryStore.ts";
import { fake } from "./useFakeVscode.ts";

const { TopologyPages } = await import("../../../../src/editor/pages/topologyPage.ts");
const { keptPositionsShape } = await import("../../../../src/editor/pages/keptPositions.ts");
const { StoredState } = await import("../../../../src/editor/storedState.ts");

type FakePanel = InstanceType<typeof fake.FakePanel>;

/** What a page asks for that nobody has touched yet. */
export const load: LoadParams = {
  view: "versionedApp",
  windowSeconds: 300,
  atMillis: null,
  namespaces: null,
  ambient: "total",
  withIdleEdges: false,
  withIdleNodes: false,
  label: "rate",
  find: "",
  hide: "",
};

export function pagesOf(
  { connection, state, log }: AWindow,
  metadata = createMetadataDesk({ clock: systemClock, log }),
) {
  const positions = new StoredState(new MemoryStore(), keptPositionsShape, log);
  const desk = {
    connection,
    state,
    positions,
    log,
    metadata,
    reveal: () => Promise.resolve(true),
    drill: () => undefined,
    validate: () => Promise.resolve(),
  };
  return new TopologyPages(desk, fake.Uri.file("/extension") as never);
}

/** Opens the page in a window of its own, and gives everything back at the end. */
export async function onPage(
  act: (open: { panel: FakePanel; window: AWindow; pages: ReturnType<typeof pagesOf> }) => Promise<void>,
): Promise<void> {
  const window = aWindow();
  fake.panels.length = 0;
  const pages = pagesOf(window);
  await openDemo(window);
  pages.show(undefined);
  const [panel] = fake.panels;
  assert.ok(panel);
  try {
    await act({ panel, window, pages });
  } finally {
    pages.dispose();
    window.connection.dispose();
  }
}

let lastId = 0;

export function nextId(): number {
  return ++lastId;
}

/** What a page's request is answered with. */
export async function ask<T>(panel: FakePanel, name: string, params: unknown): Promise<T> {
  const id = ++lastId;
  panel.say({ t: "req", id, name, params });
  const reply = await eventually(`${name} is answered`, () =>
    (panel.posted as readonly ToPage[]).find((each) => each.t === "res" && each.id === id),
  );
  assert.ok(reply.t === "res");
  if (!reply.ok) throw new Error(`${reply.error.kind}: ${reply.error.message}`);
  return reply.result as T;
}
