import { readFileSync } from "node:fs";
import path from "node:path";
import { parse, type ParseError } from "jsonc-parser";
import { say, type Message } from "../../mesh/message.ts";
import { fieldsAt, textsAt } from "../../mesh/model/fields.ts";
import { severities, type Severity } from "../../mesh/validation/finding.ts";

/** What the settings of the workspace say of validation, so that CI and the editor agree. */
export interface WorkspaceSettings {
  /** `foreyard.validation.rules`, by code. */
  readonly rules: ReadonlyMap<string, Severity | "off">;
  /** `foreyard.validation.suppress`: "CODE=Kind namespace/name". */
  readonly suppress: readonly string[];
  readonly problems: readonly Message[];
}

/** Reads `.vscode/settings.json` of a folder or of the nearest one above it, up to the repository's own. */
export function readWorkspaceSettings(folder: string): WorkspaceSettings {
  const none = { rules: new Map<string, Severity | "off">(), suppress: [], problems: [] };
  const file = find(path.resolve(folder));
  if (file === undefined) return none;
  const errors: ParseError[] = [];
  const settings: unknown = parse(file.text, errors, { allowTrailingComma: true });
  if (errors.length > 0)
    return { ...none, problems: [say("{0} is no valid settings file and is left out", file.name)] };
  const rules = new Map<string, Severity | "off">();
  for (const [code, severity] of Object.entries(fieldsAt(settings, "foreyard.validation.rules"))) {
    const known = ([...severities, "off"] as const).find((one) => one === severity);
    if (known !== undefined) rules.set(code.toUpperCase(), known);
  }
  return { rules, suppress: textsAt(settings, "foreyard.validation.suppress"), problems: [] };
}

function find(folder: string): { readonly name: string; readonly text: string } | undefined {
  const name = path.join(folder, ".vscode", "settings.json");
  const text = textOf(name);
  if (text !== undefined) return { name, text };
  const above = path.dirname(folder);
  return above === folder || textOf(path.join(folder, ".git", "HEAD")) !== undefined ? undefined : find(above);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
