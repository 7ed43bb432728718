import { l10n, languages, LanguageStatusSeverity, window, type LanguageStatusItem, type TextDocument } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { MeshConnection } from "../connection.ts";
import { readSettings, validationSettings } from "../settings.ts";
import type { YamlValidation } from "./yamlValidation.ts";

/** What the item says of a document; undefined where it has nothing to say. */
interface Status {
  readonly text: string;
  readonly detail: string;
  readonly severity: LanguageStatusSeverity;
}

/**
 * Says of YAML with objects in it, beside its language, whose schemas it is checked by, against what, and how much is
 * found. Of other YAML it says nothing, and where nothing is checked there is no item.
 */
export function createLanguageStatus(validation: YamlValidation, connection: MeshConnection): Disposable {
  const owned = new Disposer();
  let item: LanguageStatusItem | undefined;
  const hide = (): void => {
    item?.dispose();
    item = undefined;
  };
  const update = (): void => {
    const document = window.activeTextEditor?.document;
    const status = document === undefined ? undefined : statusOf(document, validation, connection);
    if (document === undefined || status === undefined) {
      hide();
      return;
    }
    item ??= languages.createLanguageStatusItem("foreyard.validation", {});
    item.name = l10n.t("Foreyard Validation");
    item.selector = { scheme: document.uri.scheme, pattern: document.uri.fsPath };
    item.text = status.text;
    item.detail = status.detail;
    item.severity = status.severity;
    item.busy = validation.isBusy;
    item.command = {
      command: "workbench.action.openSettings",
      title: l10n.t("Change Istio Version"),
      arguments: ["foreyard.validation.istioVersion"],
    };
  };
  owned.own(validation.onChange(update));
  owned.own(connection.onChange(update));
  owned.own(window.onDidChangeActiveTextEditor(update));
  owned.own({ dispose: hide });
  return owned;
}

function statusOf(document: TextDocument, validation: YamlValidation, connection: MeshConnection): Status | undefined {
  const name = document.uri.toString();
  const file = validation.check?.file(name);
  if (file?.documents.some(({ sort }) => sort === "object" || sort === "broken") !== true) return undefined;
  const found = validation.check?.findingsIn(name) ?? [];
  const has = (severity: string): boolean => found.some((finding) => finding.severity === severity);
  const context = connection.live?.clusters.find(({ key }) => key !== undefined)?.context;
  const version = validationSettings(readSettings()).istioVersion;
  const issues = found.length === 1 ? l10n.t("1 issue") : l10n.t("{0} issues", found.length);
  return {
    text: `${l10n.t("Istio {0} schema", version)} · ${issues}`,
    detail:
      context === undefined
        ? l10n.t("Checked against the workspace")
        : l10n.t("Checked against the workspace and {0}, by its own definitions where it has some", context),
    severity: has("error")
      ? LanguageStatusSeverity.Error
      : has("warning")
        ? LanguageStatusSeverity.Warning
        : LanguageStatusSeverity.Information,
  };
}
