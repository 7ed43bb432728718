import { l10n, MarkdownString, StatusBarAlignment, window } from "vscode";
import { Disposer, type Disposable } from "../mesh/disposer.ts";
import type { ConnectionState, LiveMesh } from "../mesh/live/liveMesh.ts";
import type { MeshConnection } from "./connection.ts";
import { clusterWords, telemetryWords } from "./explorer/viewNotes.ts";
import type { CommandId } from "./ids.ts";
import { appendWords } from "./markdownText.ts";
import type { Situation } from "./situation.ts";

const longest = 24;
const showMenu: CommandId = "foreyard.showMenu";

/** Says which clusters this window is pinned to; hidden until the first of them is opened. */
export function createStatusBar(connection: MeshConnection): Disposable {
  const owned = new Disposer();
  const item = owned.own(window.createStatusBarItem("foreyard.contexts", StatusBarAlignment.Left, 10));
  item.name = l10n.t("Foreyard Contexts");
  item.command = showMenu;
  const update = (): void => {
    const { live, situation } = connection;
    if (!live) {
      if (situation.contexts.length === 0) item.hide();
      return;
    }
    const { namespaces } = live.filter;
    const text = statusText(situation, namespaces);
    item.text = `$(${statusIcon(situation)}) ${text}`;
    item.tooltip = statusTooltip(live, situation);
    item.accessibilityInformation = { label: l10n.t("Foreyard shows {0}", text) };
    item.show();
  };
  owned.own(connection.onChange(update));
  return owned;
}

/** "prod-eu · shop +2", at most 24 characters. Of a long name the end stays: there, providers put what tells. */
export function statusText(situation: Situation, namespaces: readonly string[] | undefined): string {
  const [first = "", ...others] = situation.contexts;
  const context = situation.demo ? l10n.t("demo mesh") : first;
  const more = !situation.demo && others.length > 0 ? ` +${others.length}` : "";
  if (!namespaces || namespaces.length === 0) return endOf(context, longest - more.length) + more;
  const [namespace = "", ...rest] = namespaces;
  const tail = rest.length > 0 ? ` +${rest.length}` : "";
  const room = longest - more.length - tail.length - " · ".length;
  const forContext = Math.max(Math.ceil(room / 2), room - namespace.length);
  const shownContext = endOf(context, forContext);
  return `${shownContext}${more} · ${endOf(namespace, room - shownContext.length)}${tail}`;
}

function endOf(text: string, length: number): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  return letters.length <= length ? text : `…${letters.slice(letters.length - length + 1).join("")}`;
}

const icons: Readonly<Partial<Record<ConnectionState, string>>> = {
  connecting: "sync~spin",
  unauthorized: "warning",
  unreachable: "warning",
};

function statusIcon({ state, gone }: Situation): string {
  if (gone.length > 0) return "warning";
  return (state && icons[state]) ?? "type-hierarchy";
}

function statusTooltip(live: LiveMesh, { gone }: Situation): MarkdownString {
  const text = new MarkdownString("", true);
  const lines = [
    ...live.clusters.flatMap((cluster) => [
      l10n.t("{0}: {1}", cluster.context, clusterWords(cluster)),
      ...(cluster.state === "ready" ? [l10n.t("Numbers: {0}", telemetryWords(cluster))] : []),
    ]),
    ...gone.map((name) => l10n.t("{0} is no longer in the kubeconfig.", name)),
    live.filter.namespaces
      ? l10n.t("Namespaces: {0}", live.filter.namespaces.join(", "))
      : l10n.t("All namespaces that may be read"),
    l10n.t("Pinned to this window: kubectl config use-context changes nothing here."),
  ];
  lines.forEach((line, index) => {
    if (index > 0) text.appendMarkdown("\n\n");
    appendWords(text, line);
  });
  return text;
}
