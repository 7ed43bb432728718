import { commands, env, l10n, window, type QuickPickItem } from "vscode";
import type { MeshConnection } from "../connection.ts";
import type { ExplorerViews } from "../explorer/explorerViews.ts";
import { rowOf, rowsOf } from "../explorer/row.ts";
import type { SortOrder, ViewFilter } from "../../mesh/live/liveMesh.ts";
import type { TreeNode } from "../../mesh/explorer/node.ts";
import { viewIds } from "../ids.ts";
import { documentUri, objectOf } from "../resources/objectUri.ts";
import { sortOrders } from "../settings.ts";
import type { StoredState } from "../storedState.ts";
import type { WindowState } from "../windowState.ts";
import { translate } from "../words.ts";

/** Looks at everything anew; whoever connects elsewhere meanwhile waits for nothing. */
export async function refresh(connection: MeshConnection): Promise<void> {
  const { live } = connection;
  if (!live) {
    await connection.reopen();
    return;
  }
  const abort = new AbortController();
  const listening = connection.onChange((change) => (change === "opened" ? abort.abort() : undefined));
  const location = { viewId: viewIds.meshes };
  try {
    await window.withProgress({ location }, () => live.refresh(abort.signal));
  } finally {
    listening.dispose();
  }
}

/** Narrows the rows while one types; Escape brings the earlier filter back. */
export async function setFilter({ live }: MeshConnection): Promise<void> {
  if (!live) return;
  const before = live.filter.text;
  const input = window.createInputBox();
  input.title = l10n.t("Filter Rows");
  input.placeholder = l10n.t("Part of a name, such as “review”");
  input.value = before;
  const show = (text: string): void => live.setFilter({ ...live.filter, text: text.trim() });
  input.onDidChangeValue(show);
  const isAccepted = await new Promise<boolean>((resolve) => {
    input.onDidAccept(() => resolve(true));
    input.onDidHide(() => resolve(false));
    input.show();
  });
  if (!isAccepted && live.filter.text !== before) show(before);
  input.dispose();
}

/** Shows everything that may be read: no text, no namespaces, in mesh or not. */
export async function clearFilter({ live }: MeshConnection, state: StoredState<WindowState>): Promise<void> {
  await state.update({ namespaces: [], inMeshOnly: false });
  const all: ViewFilter = { namespaces: undefined, inMeshOnly: false, text: "" };
  live?.setFilter(all);
}

export async function toggleInMeshOnly({ live }: MeshConnection, state: StoredState<WindowState>): Promise<void> {
  const inMeshOnly = !(live?.filter.inMeshOnly ?? state.value.inMeshOnly);
  await state.update({ inMeshOnly });
  live?.setFilter({ ...live.filter, inMeshOnly });
}

export async function chooseSort(connection: MeshConnection, state: StoredState<WindowState>): Promise<void> {
  const current = connection.live?.sort ?? state.value.sort ?? connection.settings.sort;
  const items = sortOrders.map((order): QuickPickItem & { readonly order: SortOrder } => ({
    label: sortWords(order),
    description: order === current ? l10n.t("current") : "",
    order,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t("Sort Services and Workloads By") });
  if (!picked) return;
  await state.update({ sort: picked.order });
  connection.live?.setSort(picked.order);
}

function sortWords(order: SortOrder): string {
  switch (order) {
    case "name":
      return l10n.t("Name");
    case "rps":
      return l10n.t("Requests per second");
    case "errors":
      return l10n.t("Errors");
    case "latency":
      return l10n.t("Latency");
  }
}

export function showMore({ live }: MeshConnection, argument: unknown): void {
  const row = rowOf(argument);
  if (row) live?.showMore?.(row.tree, row.id);
}

function nodeOf({ live }: MeshConnection, argument: unknown): TreeNode | undefined {
  const row = rowOf(argument);
  return row && live?.tree(row.tree).find(row.id);
}

/** Opens the live documents of the selected rows. */
export async function openDocument(connection: MeshConnection, one: unknown, many: unknown): Promise<void> {
  const refs = rowsOf(one, many).flatMap((row) => nodeOf(connection, row)?.ref ?? []);
  const uris = refs.flatMap((ref) => documentUri(connection, ref) ?? []);
  for (const uri of uris) await commands.executeCommand("vscode.open", uri, { preview: uris.length === 1 });
}

/** Copies the names of the selected rows, one a line, as the cluster spells them. */
export async function copyName(connection: MeshConnection, one: unknown, many: unknown): Promise<void> {
  const names = rowsOf(one, many).flatMap((row) => {
    const node = nodeOf(connection, row);
    if (!node) return [];
    return node.ref?.name ?? (typeof node.label === "string" ? node.label : translate(node.label));
  });
  if (names.length > 0) await env.clipboard.writeText(names.join("\n"));
}

/** Selects the row of the document in the editor, or of a service that is asked for. */
export async function revealInTree(connection: MeshConnection, views: ExplorerViews): Promise<void> {
  const open = window.activeTextEditor?.document.uri;
  const ref = (open && objectOf(connection, open)) ?? (await chooseObject(connection));
  if (!ref) return;
  if (!(await views.reveal(ref))) {
    void window.showInformationMessage(l10n.t("{0} has no row in the Foreyard views. A filter may hide it.", ref.name));
  }
}

async function chooseObject({ live }: MeshConnection) {
  if (!live) {
    void window.showInformationMessage(l10n.t("Connect to a cluster or open the demo mesh first."));
    return undefined;
  }
  const items = [...live.services, ...live.workloads].map(({ ref }) => ({
    label: ref.name,
    description: `${ref.kind} · ${ref.namespace}`,
    ref,
  }));
  const options = { title: l10n.t("Reveal in Foreyard"), matchOnDescription: true };
  return (await window.showQuickPick(items, options))?.ref;
}
