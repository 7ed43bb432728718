import { commands, window, workspace } from "vscode";
import type { MeshConnection } from "../connection.ts";
import { doctorReport } from "../doctor.ts";
import { extensionId, walkthroughId } from "../ids.ts";

/** The diagnosis of this window as Markdown. Reads the kubeconfig, reaches nothing that is not connected already. */
async function diagnose(connection: MeshConnection, versions: Readonly<Record<string, string>>): Promise<string> {
  const contexts = await connection.contexts();
  const surroundings = (await connection.engine()).surroundings();
  const { situation, live } = connection;
  return doctorReport({ versions: { ...versions, ...surroundings }, contexts, situation, live, now: new Date() });
}

export async function showDoctor(
  connection: MeshConnection,
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  const content = await diagnose(connection, versions);
  const document = await workspace.openTextDocument({ language: "markdown", content });
  await window.showTextDocument(document, { preview: false });
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
