import { say, type Message } from "../../mesh/message.ts";
import { catalogue } from "../../mesh/validation/catalogue.ts";
import { parseSuppressRule, type SuppressRule } from "../../mesh/validation/engine/suppression.ts";
import type { Severity } from "../../mesh/validation/finding.ts";
import type { Rule } from "../../mesh/validation/rule.ts";
import type { AnalyzeCommand } from "../commandLine.ts";
import type { WorkspaceSettings } from "./workspaceSettings.ts";

/** Which findings are wanted, by the command line and the workspace's settings. */
export interface Choice {
  readonly wantsRule: (rule: Rule) => boolean;
  readonly wantsCode: (code: string, ruleName: string) => boolean;
  readonly severity: (code: string) => Severity | "off" | undefined;
  readonly suppress: readonly SuppressRule[];
  readonly problems: readonly Message[];
}

/** All codes and all names of rules, in upper case. */
export function knownNames(): ReadonlySet<string> {
  return new Set(catalogue().flatMap(({ code, rules }) => [code, ...rules].map((name) => name.toUpperCase())));
}

export function choiceOf({ only, suppress }: AnalyzeCommand, settings: WorkspaceSettings): Choice {
  const named = new Set(only.map((name) => name.toUpperCase()));
  const isNamed = (...names: readonly string[]) => names.some((name) => named.has(name.toUpperCase()));
  const offByDefault = new Set(
    catalogue().flatMap(({ code, isOffByDefault }) => (isOffByDefault === true ? [code] : [])),
  );
  const rules = [...suppress, ...settings.suppress].map((text) => ({ text, rule: parseSuppressRule(text) }));
  return {
    wantsRule: ({ name, codes }) => named.size === 0 || isNamed(name, ...codes.map(({ code }) => code)),
    wantsCode: (code, ruleName) => named.size === 0 || isNamed(code, ruleName),
    severity: (code) => {
      // Who asks for exactly this wants it, whatever the settings say.
      if (named.size > 0) return settings.rules.get(code) === "off" ? undefined : settings.rules.get(code);
      return settings.rules.get(code) ?? (offByDefault.has(code) ? "off" : undefined);
    },
    suppress: rules.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
    problems: rules.flatMap(({ text, rule }) =>
      rule === undefined ? [say("{0} is no suppression: it is CODE=Kind namespace/name", text)] : [],
    ),
  };
}
