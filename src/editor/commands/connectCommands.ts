import { l10n, QuickPickItemKind, window, type QuickPickItem } from "vscode";
import type { ClusterStatus } from "../../mesh/live/liveMesh.ts";
import type { MeshConnection } from "../connection.ts";
import type { ContextEntry, ContextList } from "../engine.ts";
import type { StoredState } from "../storedState.ts";
import type { WindowState } from "../windowState.ts";

/** Opens what is pinned, or asks what to pin. */
export async function connect(connection: MeshConnection): Promise<void> {
  if (connection.choice) await connection.open();
  else await chooseContexts(connection);
}

interface ContextItem extends QuickPickItem {
  readonly context: string;
}

/** Asks for one or more contexts and pins this window to them. Escape changes nothing. */
export async function chooseContexts(connection: MeshConnection): Promise<void> {
  const list = await connection.contexts();
  if (list.contexts.length === 0) {
    await connection.reopen();
    void window.showWarningMessage(
      l10n.t("No kubeconfig context was found. Foreyard looked in {0}.", list.files.join(", ") || l10n.t("no file")),
    );
    return;
  }
  const pinned = connection.choice?.kind === "contexts" ? connection.choice.contexts : [];
  const picked = await pickMany(contextItems(list, pinned), {
    title: l10n.t("Contexts to Show in This Window"),
    placeholder: l10n.t("Several contexts that form one mesh are shown as one"),
  });
  if (picked && picked.length > 0) {
    await connection.pin({ kind: "contexts", contexts: picked.map(({ context }) => context) });
  }
}

/** The current context first, its name marked; what is pinned is picked already. */
function contextItems({ contexts, currentContext }: ContextList, pinned: readonly string[]): ContextItem[] {
  const isCurrent = ({ name }: ContextEntry): boolean => name === currentContext;
  const sorted = contexts.toSorted((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)) || compare(a.name, b.name));
  return sorted.map((entry) => ({
    label: entry.name,
    context: entry.name,
    description: isCurrent(entry) ? l10n.t("current context of kubectl") : "",
    detail: [entry.server ?? entry.cluster, entry.namespace].filter(Boolean).join(" · "),
    picked: pinned.length > 0 ? pinned.includes(entry.name) : isCurrent(entry),
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** showQuickPick cannot offer what was typed and knows no preselection that outlives a filter. */
async function pickMany<T extends QuickPickItem>(
  items: readonly T[],
  { title, placeholder, create }: { title: string; placeholder: string; create?: (typed: string) => T | undefined },
): Promise<readonly T[] | undefined> {
  const pick = window.createQuickPick<T>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = items;
  pick.selectedItems = items.filter((item) => item.picked);
  if (create) {
    pick.onDidChangeValue((typed) => {
      const chosen = pick.selectedItems;
      const created = create(typed.trim());
      const kept = chosen.filter((item) => !items.includes(item) && item.label !== created?.label);
      pick.items = [...items, ...kept, ...(created ? [created] : [])];
      pick.selectedItems = chosen;
    });
  }
  const picked = await new Promise<readonly T[] | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems));
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  return picked;
}

/** Asks which namespaces to show. None picked means all. */
export async function chooseNamespaces(connection: MeshConnection, state: StoredState<WindowState>): Promise<void> {
  const { live } = connection;
  if (!live) {
    await connect(connection);
    return;
  }
  const shown = live.filter.namespaces ?? [];
  const listed = live.scopes.flatMap(({ namespaces }) => namespaces ?? []);
  // Where namespaces may not be listed, those of the rows are known all the same.
  const known = [...listed, ...[...live.services, ...live.workloads].map(({ ref }) => ref.namespace)];
  const names = [...new Set([...known, ...shown])].filter((name) => name !== "").toSorted(compare);
  const picked = await pickMany(
    names.map((name): QuickPickItem => ({ label: name, picked: shown.includes(name) })),
    {
      title: l10n.t("Namespaces to Show"),
      placeholder: l10n.t("Pick none to show all; a name that is not listed can be typed"),
      create: (typed) => (isNamespace(typed) && !names.includes(typed) ? { label: typed } : undefined),
    },
  );
  // The names are those of the clusters that were shown when the question was asked.
  if (!picked || connection.live !== live) return;
  const namespaces = picked.map(({ label }) => label);
  await state.update({ namespaces });
  live.setFilter({ ...live.filter, namespaces: namespaces.length > 0 ? namespaces : undefined });
}

function isNamespace(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name);
}

interface MenuItem extends QuickPickItem {
  readonly run?: () => unknown;
}

/** What the status bar item opens. */
export async function showMenu(connection: MeshConnection, run: (id: `foreyard.${string}`) => unknown): Promise<void> {
  const { situation, live } = connection;
  const names = situation.demo ? l10n.t("the demo mesh") : situation.contexts.join(", ");
  const item = (icon: string, label: string, id: `foreyard.${string}`): MenuItem => ({
    label: `$(${icon}) ${label}`,
    run: () => run(id),
  });
  const items: MenuItem[] = [
    item("server", l10n.t("Choose Contexts…"), "foreyard.chooseContexts"),
    ...(live ? [item("symbol-namespace", l10n.t("Choose Namespaces…"), "foreyard.chooseNamespaces")] : []),
    ...(situation.demo ? [] : [item("beaker", l10n.t("Open the Demo Mesh"), "foreyard.connectDemo")]),
    { label: "", kind: QuickPickItemKind.Separator },
    ...(live ? [item("refresh", l10n.t("Refresh"), "foreyard.refresh")] : []),
    item("checklist", l10n.t("Doctor"), "foreyard.showDoctor"),
    item("output", l10n.t("Show Log"), "foreyard.showLog"),
    ...(live ? [item("debug-disconnect", l10n.t("Disconnect"), "foreyard.disconnect")] : []),
  ];
  const title = live ? l10n.t("Foreyard shows {0}", names) : l10n.t("Foreyard is not connected");
  const picked = await window.showQuickPick(items, { title });
  await picked?.run?.();
}

/** Says that a context leads to another cluster than before, and asks whether that one is meant. */
export async function offerOtherCluster(
  connection: MeshConnection,
  { context, foundKey }: ClusterStatus,
): Promise<void> {
  if (foundKey === undefined) return;
  const show = l10n.t("Show the Other Cluster");
  const picked = await window.showWarningMessage(
    l10n.t("{0} leads to another cluster than this window showed before, so nothing of it is shown.", context),
    show,
  );
  if (picked === show) await connection.accept(context, foundKey);
}

/** Says once that kubectl's current context is another one now, and offers it; this window stays where it is. */
export async function offerContext(
  connection: MeshConnection,
  state: StoredState<WindowState>,
  { current, neverAgain }: { current: string | undefined; neverAgain: () => unknown },
): Promise<void> {
  const { choice } = connection;
  const isNews = current !== undefined && current !== state.value.offeredContext;
  if (!isNews || choice?.kind !== "contexts" || !connection.settings.offerContextSwitch) return;
  await state.update({ offeredContext: current });
  if (choice.contexts.includes(current)) return;
  const switchOver = l10n.t("Show {0}", current);
  const never = l10n.t("Don't Show Again");
  const picked = await window.showInformationMessage(
    l10n.t("kubectl's current context is {0} now. This window stays on {1}.", current, choice.contexts.join(", ")),
    switchOver,
    never,
  );
  if (picked === switchOver) await connection.pin({ kind: "contexts", contexts: [current] });
  if (picked === never) await neverAgain();
}
