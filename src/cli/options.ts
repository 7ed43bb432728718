import { parseArgs } from "node:util";
import { say } from "../mesh/message.ts";
import { optionsFor } from "./commandOptions.ts";
import { UsageError } from "./usageError.ts";

export type OptionName =
  | "all-namespaces"
  | "at"
  | "authority"
  | "cluster"
  | "cluster-only"
  | "conditions"
  | "context"
  | "demo"
  | "fail-on"
  | "fault"
  | "files-only"
  | "format"
  | "from"
  | "header"
  | "help"
  | "istio-version"
  | "kubeconfig"
  | "mesh-config"
  | "mesh-networks"
  | "method"
  | "namespace"
  | "only"
  | "path"
  | "port"
  | "prometheus"
  | "requests"
  | "seed"
  | "services"
  | "sni"
  | "suppress"
  | "telemetry"
  | "version"
  | "view"
  | "window";

interface OptionRule {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
}

const rules: Readonly<Record<OptionName, OptionRule>> = {
  "all-namespaces": { type: "boolean", short: "A" },
  at: { type: "string" },
  authority: { type: "string" },
  cluster: { type: "string" },
  "cluster-only": { type: "boolean" },
  conditions: { type: "boolean" },
  context: { type: "string", multiple: true },
  demo: { type: "boolean" },
  "fail-on": { type: "string" },
  fault: { type: "string" },
  "files-only": { type: "boolean" },
  format: { type: "string" },
  from: { type: "string" },
  header: { type: "string", short: "H", multiple: true },
  help: { type: "boolean", short: "h" },
  "istio-version": { type: "string" },
  kubeconfig: { type: "string" },
  "mesh-config": { type: "string" },
  "mesh-networks": { type: "string" },
  method: { type: "string" },
  namespace: { type: "string", short: "n", multiple: true },
  only: { type: "string", multiple: true },
  path: { type: "string" },
  port: { type: "string" },
  prometheus: { type: "string", multiple: true },
  requests: { type: "string" },
  seed: { type: "string" },
  services: { type: "string" },
  sni: { type: "string" },
  suppress: { type: "string", short: "S", multiple: true },
  telemetry: { type: "string" },
  version: { type: "boolean" },
  view: { type: "string" },
  window: { type: "string" },
};

/** What was given, unread: words that are no options, and each option's texts ("" for a bare flag). */
export interface GivenOptions {
  readonly words: readonly string[];
  readonly given: ReadonlyMap<OptionName, readonly string[]>;
}

/** Splits a command line. Throws a UsageError for an option nobody knows, a missing value and a second one. */
export function splitOptions(argv: readonly string[]): GivenOptions {
  const { tokens } = parseArgs({
    args: [...argv],
    options: rules,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
  const given = new Map<OptionName, string[]>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!isOptionName(name)) throw unknownOption(rawName, words);
    const rule = rules[name];
    if (rule.type === "boolean" && value !== undefined) throw new UsageError(say("{0} takes no value.", rawName));
    // Without its value, an option would swallow the next one: `--context --demo`. A number below zero is none.
    if (rule.type === "string" && (!value || (!token.inlineValue && /^-(?!\d)/.test(value))))
      throw new UsageError(say("{0} needs a value.", rawName));
    const values = given.get(name) ?? [];
    if (rule.type === "string" && !rule.multiple && values.length > 0)
      throw new UsageError(say("{0} is given twice.", rawName));
    given.set(name, [...values, value ?? ""]);
  }
  return { words, given };
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(rules, name);
}

function unknownOption(rawName: string, words: readonly string[]): UsageError {
  const name = rawName.replace(/^-+/, "");
  const near = optionsFor(words).find((known) => known.startsWith(name) || distance(known, name) <= 2);
  return new UsageError(
    near && name.length > 1
      ? say("There is no option {0}. Did you mean --{1}?", rawName, near)
      : say("There is no option {0}. See `foreyard --help`.", rawName),
  );
}

/** How many single letters to change, add or leave out. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const change = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
