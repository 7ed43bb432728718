import { l10n, window } from "vscode";
import type { MenuAct, Target } from "../../protocol/topology/topologyContract.ts";
import type { MeshConnection } from "../connection.ts";
import { rowOf } from "../explorer/row.ts";
import { objectInYaml } from "../pages/objectInYaml.ts";
import type { TopologyPages } from "../pages/topologyPage.ts";
import { wantedOfRow, type Wanted } from "../pages/wanted.ts";
import { objectOf } from "../resources/objectUri.ts";

/** Opens the topology on a tree's row, or on the object under the cursor of a YAML document. */
export async function viewInTopology(connection: MeshConnection, pages: TopologyPages, one: unknown): Promise<void> {
  const row = rowOf(one);
  if (row) {
    pages.show(connection.live && wantedOfRow(connection.live, row));
    return;
  }
  const wanted = wantedInEditor(connection);
  if (wanted) pages.show(wanted);
  else {
    await window.showInformationMessage(
      l10n.t("No Kubernetes object with a name was found at the cursor of this document."),
    );
  }
}

/** The object that the editor in front shows, or that is under the cursor of its YAML. */
export function wantedInEditor(connection: MeshConnection): Wanted | undefined {
  const editor = window.activeTextEditor;
  if (!editor) return undefined;
  const live = objectOf(connection, editor.document.uri);
  if (live) return live;
  const named = objectInYaml(editor.document.getText(), editor.selection.active.line);
  return named && { cluster: undefined, ...named };
}

type PageAction = "openDocument" | "copyName" | "revealInTree" | "copyQuery" | "drillDown" | "validateThis";

/** Does it for what a page's native menu was opened on; undefined where the command came from elsewhere. */
export function onPage(pages: TopologyPages, one: unknown, action: PageAction): Promise<void> | undefined {
  const target = targetOf(one);
  return target && pages.withServer((server) => server[action](target));
}

export function actOnPage(pages: TopologyPages, one: unknown, act: MenuAct): Promise<void> | undefined {
  const target = targetOf(one);
  return target && pages.act(act, target);
}

/** What `menuContext` of the contract says, as VS Code hands it to a command. */
function targetOf(argument: unknown): Target | undefined {
  if (typeof argument !== "object" || argument === null) return undefined;
  if (!("webviewSection" in argument && "targetId" in argument)) return undefined;
  const { webviewSection, targetId } = argument;
  const what = (["node", "edge", "box"] as const).find((each) => each === webviewSection);
  return what && typeof targetId === "string" ? { what, id: targetId } : undefined;
}
