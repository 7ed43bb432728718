import { l10n, QuickPickItemKind, Uri, window, type QuickPickItem } from "vscode";
import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { MeshConnection } from "../connection.ts";
import { rowOf } from "../explorer/row.ts";
import type { DrilldownPages } from "../pages/drilldownPage.ts";
import { meshPath, pathOfRef, pathOfRow, pathOfWanted } from "../pages/levelPaths.ts";
import type { ObjectAction, ObjectActions } from "../resources/objectActions.ts";
import { connect } from "./connectCommands.ts";
import { wantedInEditor } from "./topologyCommands.ts";

/** Opens the page at its top. */
export function showOverview({ live }: MeshConnection, pages: DrilldownPages): void {
  pages.show(live && meshPath(live));
}

/** Opens the page on a tree's row, on the object of a document, or on what is picked. */
export async function drillDown(connection: MeshConnection, pages: DrilldownPages, one: unknown): Promise<void> {
  const row = rowOf(one);
  if (row) {
    const path = connection.live && pathOfRow(connection.live, row);
    if (path) pages.show(path);
    return;
  }
  if (!connection.live) await connect(connection);
  const { live } = connection;
  if (!live) return;
  if (one instanceof Uri) await drillInEditor(live, connection, pages);
  else {
    const path = await choosePath(live);
    if (path) pages.show(path);
  }
}

async function drillInEditor(live: LiveMesh, connection: MeshConnection, pages: DrilldownPages): Promise<void> {
  const wanted = wantedInEditor(connection);
  const path = wanted && pathOfWanted(live, wanted);
  if (path) pages.show(path);
  else if (wanted) {
    const name = wanted.name ?? wanted.namespace;
    await window.showInformationMessage(
      l10n.t("{0} is no service, workload, pod or node of the mesh that is shown.", name),
    );
  } else {
    await window.showInformationMessage(
      l10n.t("No Kubernetes object with a name was found at the cursor of this document."),
    );
  }
}

interface LevelItem extends QuickPickItem {
  readonly path?: LevelPath;
}

/** Services, workloads, pods and nodes by name; of several clusters each with its context. */
async function choosePath(live: LiveMesh): Promise<LevelPath | undefined> {
  const contexts = new Map(live.clusters.flatMap(({ key, context }) => (key === undefined ? [] : [[key, context]])));
  const item = (ref: ObjectRef): LevelItem => ({
    label: ref.name,
    description: [ref.kind, ref.namespace, ...(contexts.size > 1 ? [contexts.get(ref.cluster) ?? ""] : [])]
      .filter((part) => part !== "")
      .join(" · "),
    path: pathOfRef(live, ref),
  });
  const group = (label: string, refs: readonly ObjectRef[]): readonly LevelItem[] => {
    const items = refs.map(item).toSorted((a, b) => compare(a.label, b.label));
    return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
  };
  const items: readonly LevelItem[] = [
    { label: l10n.t("Overview"), description: l10n.t("the whole mesh"), path: meshPath(live) },
    ...group(l10n.t("Services"), live.services.map(refOf)),
    ...group(l10n.t("Workloads"), live.workloads.map(refOf)),
    ...group(
      l10n.t("Pods"),
      live.workloads.flatMap(({ pods }) => pods.map(refOf)),
    ),
    ...group(l10n.t("Nodes"), live.drilldown().nodes.map(refOf)),
  ];
  const options = { title: l10n.t("Drill Down"), matchOnDescription: true };
  return (await window.showQuickPick(items, options))?.path;
}

function refOf({ ref }: { readonly ref: ObjectRef }): ObjectRef {
  return ref;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Asks for one of the pods that were restarted, and shows what it said before. */
export async function showPreviousLogs({ live }: MeshConnection, objects: ObjectActions): Promise<void> {
  const restarted = (live?.workloads ?? []).flatMap(({ pods }) => pods.filter(({ restarts }) => restarts > 0));
  if (restarted.length === 0) {
    void window.showInformationMessage(l10n.t("No pod of the mesh has been restarted."));
    return;
  }
  const items = restarted.map(({ ref, restarts, reason }) => ({
    label: ref.name,
    description: [ref.namespace, l10n.t("{0} restarts", restarts), ...(reason ? [reason] : [])].join(" · "),
    ref,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t("Previous Log"), matchOnDescription: true });
  if (picked) await objects.run("previousLogs", picked.ref);
}

/** Does it with the object of a tree's row. */
export async function onRow(
  { live }: MeshConnection,
  objects: ObjectActions,
  action: ObjectAction,
  one: unknown,
): Promise<void> {
  const row = rowOf(one);
  const ref = row && live?.tree(row.tree).find(row.id)?.ref;
  if (ref) await objects.run(action, ref);
}
