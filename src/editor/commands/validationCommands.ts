import { commands, l10n, ProgressLocation, window, type QuickPickItem } from "vscode";
import { groupOf } from "../../mesh/model/kubeObject.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import type { WorldObject } from "../../mesh/validation/world/worldObject.ts";
import type { MeshConnection } from "../connection.ts";
import { rowOf } from "../explorer/row.ts";
import type { LiveFindingScope, YamlValidation } from "../yaml/yamlValidation.ts";

interface ScopeItem extends QuickPickItem {
  readonly scope: LiveFindingScope | undefined;
}

/** Asks what to check, checks it, and shows the findings in the Problems view. */
export async function runValidations(validation: YamlValidation, connection: MeshConnection): Promise<void> {
  const items = scopes(connection);
  const picked =
    items.length === 1
      ? items[0]
      : await window.showQuickPick(items, { title: l10n.t("Run Validations"), matchOnDescription: true });
  if (picked === undefined) return;
  if (!(await settle(validation, l10n.t("Validating {0}", picked.label)))) return;
  validation.showLive(picked.scope);
  const { check } = validation;
  const findings = [
    ...(check?.fileNames ?? []).flatMap((name) => check?.findingsIn(name) ?? []),
    ...[...(check?.liveFindings() ?? [])].flatMap(({ object, findings }) =>
      picked.scope?.(object) === true ? findings : [],
    ),
  ];
  await tell(findings, picked.label);
}

/** Checks one object with everything that selects or names it. */
export async function validateThis(validation: YamlValidation, ref: ObjectRef | undefined): Promise<void> {
  if (ref === undefined) return;
  if (!(await settle(validation, l10n.t("Validating {0}", ref.name)))) return;
  const about = await validation.objectsAbout(ref);
  const ids = new Set(about.map(({ id }) => id));
  validation.showLive((object) => ids.has(object.id));
  await tell(
    about.flatMap((object) => validation.findingsOf(object)),
    ref.name,
  );
}

/** Checks what a tree's row stands for. */
export async function validateRow(validation: YamlValidation, { live }: MeshConnection, one: unknown): Promise<void> {
  const row = rowOf(one);
  await validateThis(validation, row && live?.tree(row.tree).find(row.id)?.ref);
}

async function settle(validation: YamlValidation, title: string): Promise<boolean> {
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (_, token) => {
      const abort = new AbortController();
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        await validation.settled(abort.signal);
        return true;
      } catch (error) {
        if (abort.signal.aborted) return false;
        throw error;
      } finally {
        listening.dispose();
      }
    },
  );
}

// The message is not waited for: a command has ended when its work is done.
async function tell(findings: readonly Finding[], what: string): Promise<void> {
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  if (findings.length === 0) {
    void window.showInformationMessage(l10n.t("No findings in {0}.", what));
    return;
  }
  void window.showInformationMessage(
    l10n.t(
      "{0}: {1} errors, {2} warnings, {3} others.",
      what,
      count("error"),
      count("warning"),
      count("info") + count("hint"),
    ),
  );
  await commands.executeCommand("workbench.actions.view.problems");
}

function scopes({ live }: MeshConnection): readonly ScopeItem[] {
  const files: ScopeItem = { label: l10n.t("Workspace"), description: l10n.t("files only"), scope: undefined };
  if (live === undefined) return [files];
  const clusters = live.clusters.filter(({ key }) => key !== undefined);
  const all: ScopeItem = {
    label: l10n.t("Mesh"),
    description: clusters.map(({ context }) => context).join(", "),
    scope: () => true,
  };
  const each = clusters.map(({ key, context }): ScopeItem => ({
    label: context,
    description: l10n.t("cluster"),
    scope: ({ cluster }) => cluster === key,
  }));
  const namespaces = live.scopes.flatMap(({ context, namespaces: names }) => {
    const key = clusters.find((cluster) => cluster.context === context)?.key;
    return (names ?? []).map((name): ScopeItem => ({
      label: name,
      description: l10n.t("namespace in {0}", context),
      scope: (object) => object.cluster === key && namespaceOf(object) === name,
    }));
  });
  return [all, ...(clusters.length > 1 ? each : []), ...namespaces, files];
}

function namespaceOf(object: WorldObject): string {
  return object.object.kind === "Namespace" && groupOf(object.object.apiVersion) === ""
    ? object.name
    : object.namespace;
}
