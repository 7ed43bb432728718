import assert from "node:assert/strict";
import type { LevelPath } from "../../../../src/mesh/drilldown/level.ts";
import { createMetadataDesk } from "../../../../src/mesh/metadata/metadataDesk.ts";
import type { MetadataDesk } from "../../../../src/mesh/metadata/metadata.ts";
import { eventually } from "../../../support/eventually.ts";
import { aWindow, openDemo, type AWindow } from "./aWindow.ts";
import { fake } from "./useFakeVscode.ts";

const { DrilldownPages } = await import("../../../../src/editor/pages/drilldownPage.ts");
const { ContainerLogs } = await import("../../../../src/editor/resources/containerLogs.ts");
const { ObjectActions } = await import("../../../../src/editor/resources/objectActions.ts");
const { editorClock } = await import("../../../../src/editor/clock.ts");

type FakePanel = InstanceType<typeof fake.FakePanel>;

export interface OpenDrilldown {
  readonly panel: FakePanel;
  readonly window: AWindow;
  readonly pages: InstanceType<typeof DrilldownPages>;
  readonly metadata: MetadataDesk;
  /** A pod of reviews-v2 in the demo's first cluster, and the path to it. */
  readonly podPath: LevelPath;
}

/** Opens the page in a window of its own on the demo mesh, and gives everything back at the end. */
export async function onDrilldown(act: (open: OpenDrilldown) => Promise<void>): Promise<void> {
  const window = aWindow();
  fake.panels.length = 0;
  const { connection, state, log } = window;
  const metadata = createMetadataDesk({ clock: editorClock, log });
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
  const desk = { connection, state, log, objects, metadata, foundAbout: () => [] };
  const pages = new DrilldownPages(desk, fake.Uri.file("/extension") as never);
  await openDemo(window);
  const view = connection.view();
  const owner = await eventually("reviews-v2 has a pod", () =>
    connection.live?.workloads.find(({ ref, pods }) => ref.name === "reviews-v2" && pods.length > 0),
  );
  const [pod] = owner.pods;
  assert.ok(pod);
  const podPath: LevelPath = [
    { level: "workload", ref: owner.ref },
    { level: "pod", ref: pod.ref },
  ];
  pages.show(undefined);
  const [panel] = fake.panels;
  assert.ok(panel);
  try {
    await act({ panel, window, pages, metadata, podPath });
  } finally {
    pages.dispose();
    objects.dispose();
    logs.dispose();
    view.dispose();
    connection.dispose();
  }
}
