import { documentText } from "../../mesh/live/documentText.ts";
import type { KubeObject } from "../../mesh/model/kubeObject.ts";
import { kindNameOf, type KindName } from "../../mesh/validation/kinds.ts";
import { readYaml } from "../../mesh/yaml/readYaml.ts";
import type { YamlFile } from "../../mesh/yaml/yamlFile.ts";
import { allRules, catalogue } from "../../mesh/validation/catalogue.ts";
import { parseSuppressRule } from "../../mesh/validation/engine/suppression.ts";
import { WorkspaceCheck, type WorkspaceCheckOptions } from "../../mesh/validation/engine/workspaceCheck.ts";
import { severities, type Severity } from "../../mesh/validation/finding.ts";
import { loadSchemas } from "../../mesh/validation/schema/bundledSchemas.ts";
import type { Rule } from "../../mesh/validation/rule.ts";
import type { ValidationSettings } from "../settings.ts";

// Everything heavy about validation, loaded with the first document that it is for.

/** Loads what every check needs. */
export function prepare(): Promise<void> {
  return loadSchemas();
}

/** The document of a live object, as VS Code shows it. */
export function liveDocument(object: KubeObject): YamlFile {
  return readYaml(documentText(object));
}

export function kindOf(group: string, kind: string): KindName {
  return kindNameOf(group, kind);
}

/** A check by the settings, with the rules of other extensions. */
export function createCheck(
  settings: ValidationSettings,
  extraRules: readonly Rule[],
  { overlay, changed }: Pick<WorkspaceCheckOptions, "overlay" | "changed">,
): WorkspaceCheck {
  const offByDefault = new Set(catalogue().flatMap((code) => (code.isOffByDefault === true ? [code.code] : [])));
  const chosen = new Map<string, Severity | "off">();
  for (const [code, severity] of Object.entries(settings.validationRules)) {
    const known = ([...severities, "off"] as const).find((one) => one === severity);
    if (known !== undefined) chosen.set(code.toUpperCase(), known);
  }
  return new WorkspaceCheck({
    rules: [...allRules, ...extraRules],
    settings: { istioVersion: settings.istioVersion, now: Date.now(), isExactlyIstio: false },
    grading: {
      isEditor: true,
      chosen: (code) => chosen.get(code) ?? (offByDefault.has(code) ? "off" : undefined),
    },
    suppress: settings.validationSuppress.flatMap((text) => parseSuppressRule(text) ?? []),
    overlay,
    changed,
  });
}
