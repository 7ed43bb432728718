import { RE2JS } from "re2js";
import { fieldsOf } from "../model/fields.ts";
import { largestProgram, leastProgramSize } from "./regexSize.ts";

/** What a StringMatch of networking.istio.io asks of a text. */
export type TextMatch =
  /** Any text, as long as there is one: `{}`, and the regex "*" of headers. */
  | { readonly form: "present" }
  | { readonly form: "exact" | "prefix"; readonly text: string }
  /** RE2, of the whole text. Patterns that are plain texts or prefixes are read as those. */
  | { readonly form: "regex"; readonly pattern: string };

/** Reads a StringMatch; undefined where there is none. Of several fields the first counts, as none may stand together. */
export function readTextMatch(value: unknown): TextMatch | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { exact, prefix, regex } = fieldsOf(value);
  if (typeof exact === "string") return { form: "exact", text: exact };
  if (typeof prefix === "string") return { form: "prefix", text: prefix };
  if (typeof regex !== "string") return { form: "present" };
  return regex === "*" ? { form: "present" } : plainForm(regex);
}

/** True if the match takes the text. A pattern that is no RE2 takes nothing. */
export function matchesText(match: TextMatch, text: string): boolean {
  switch (match.form) {
    case "present":
      return true;
    case "exact":
      return text === match.text;
    case "prefix":
      return text.startsWith(match.text);
    case "regex":
      return compiled(match.pattern)?.matches(text) ?? false;
  }
}

/**
 * True if every text that `later` takes is taken by `earlier`. Where that cannot be told (one pattern against another),
 * false.
 */
export function coversText(earlier: TextMatch, later: TextMatch): boolean {
  if (takesAll(earlier)) return true;
  switch (later.form) {
    case "present":
      return false;
    case "exact":
      return matchesText(earlier, later.text);
    case "prefix":
      return earlier.form === "prefix" && later.text.startsWith(earlier.text);
    case "regex":
      return earlier.form === "regex" && earlier.pattern === later.pattern;
  }
}

function takesAll(match: TextMatch): boolean {
  return match.form === "present" || (match.form === "prefix" && match.text === "");
}

const literal = /^(?:[^\\.+*?()|[\]{}^$]|\\[-.+*?()|[\]{}^$\\/])*$/u;

/** "/api/v1\.0" is an exact text and "/api/.*" a prefix: such patterns compare with any other match. */
function plainForm(pattern: string): TextMatch {
  const isOpen = pattern.endsWith(".*");
  const text = isOpen ? pattern.slice(0, -2) : pattern;
  // In "a\.*" the dot is a dot: the text before it then ends in half an escape and is no literal.
  if (!literal.test(text)) return { form: "regex", pattern };
  return { form: isOpen ? "prefix" : "exact", text: text.replaceAll(/\\(.)/gu, "$1") };
}

// Patterns repeat over many objects. What proxies refuse for its size takes nothing, and would take long to compile.
const longestPattern = 4096;
const remembered = 500;
const programs = new Map<string, RE2JS | undefined>();

function compiled(pattern: string): RE2JS | undefined {
  if (programs.has(pattern)) return programs.get(pattern);
  let program: RE2JS | undefined;
  try {
    const isSmall = pattern.length <= longestPattern && leastProgramSize(pattern) <= largestProgram;
    program = isSmall ? RE2JS.compile(pattern) : undefined;
  } catch {
    program = undefined;
  }
  if (programs.size >= remembered) programs.clear();
  programs.set(pattern, program);
  return program;
}
