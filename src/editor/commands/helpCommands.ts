import { commands, env, l10n, ProgressLocation, window } from "vscode";
import type { ContextFacts } from "../../mesh/live/doctorFacts.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { MeshConnection } from "../connection.ts";
import { extensionId, walkthroughId } from "../ids.ts";
import type { DoctorDocument } from "../resources/doctorDocument.ts";

/**
 * The diagnosis of this window as Markdown. Reads the kubeconfig and tries the contexts that are open; a window that is
 * not connected reaches nothing.
 */
async function diagnose(connection: MeshConnection, versions: Readonly<Record<string, string>>): Promise<string> {
  const contexts = await connection.contexts();
  const surroundings = (await connection.engine()).surroundings();
  const { live } = connection;
  const tried = live ? await tryContexts(live) : [];
  // Loaded here because few ask for it.
  const { windowReport } = await import("../doctor.ts");
  return windowReport({
    ...{ surroundings: { ...versions, ...surroundings }, contexts, situation: connection.situation, live, tried },
    ...{ takenAt: Date.now(), locale: env.language },
  });
}

function tryContexts(live: LiveMesh): Thenable<readonly ContextFacts[]> {
  const options = { location: ProgressLocation.Notification, cancellable: true, title: l10n.t("Trying each context…") };
  return window.withProgress(options, (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return live.diagnose(abort.signal);
  });
}

export async function showDoctor(
  connection: MeshConnection,
  versions: Readonly<Record<string, string>>,
  document: DoctorDocument,
): Promise<void> {
  await document.show(await diagnose(connection, versions));
}

/** Opens VS Code's own issue reporter with the diagnosis filled in; the user sees it before anything is sent. */
export async function reportIssue(
  connection: MeshConnection,
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  const issueBody = await diagnose(connection, versions);
  await commands.executeCommand("vscode.openIssueReporter", { extensionId, issueBody });
}

export async function openWalkthrough(): Promise<void> {
  await commands.executeCommand("workbench.action.openWalkthrough", `${extensionId}#${walkthroughId}`, false);
}
