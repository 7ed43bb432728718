import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { problems } from "../problems.ts";
import type { CodeInfo } from "../rule.ts";
import { fieldsAt, fieldsOf, textAt } from "../../model/fields.ts";
import type { Field } from "./field.ts";

export const unusedMatchCodes: readonly CodeInfo[] = [
  {
    code: "IST0130",
    severity: "warning",
    title: "Route that is never used",
    explanation:
      "An earlier route of this VirtualService takes everything that this one would. Remove it, or put it first.",
    source: "istio/istio pkg/config/validation, VirtualServiceUnreachableRule",
  },
  {
    code: "IST0131",
    severity: "info",
    title: "Match that is never used",
    explanation: "An earlier match takes everything that this one would. Remove it, or put it first.",
    source: "istio/istio pkg/config/validation, VirtualServiceIneffectiveMatch",
  },
];

interface Seen {
  readonly rule: string;
  readonly path: FieldPath;
  readonly value: unknown;
}

/** Routes and matches that an earlier one leaves nothing (istio-analysis, 5.1.6). */
export function checkUnusedMatches(routes: readonly Field[], protocol: "http" | "tls" | "tcp"): void {
  const seen = new Map<string, string>();
  const kept: (Seen & { readonly field: Field; readonly name: string })[] = [];
  let catchAll: string | undefined;
  for (const [at, route] of routes.entries()) {
    const rule = nameOf(route.value, at);
    const matches = route.list("match");
    if (matches.length === 0) {
      if (catchAll !== undefined) {
        const message = say("Never used: route {0} before it has no match and takes everything", catchAll);
        route.report("IST0130", message, { problem: problems.unreachableRoute, tags: ["unnecessary"] });
      }
      catchAll ??= rule;
      continue;
    }
    let duplicates = 0;
    for (const [of, match] of matches.entries()) {
      if (catchAll !== undefined) {
        const message = say("Never used: route {0} before it has no match and takes everything", catchAll);
        route.report("IST0130", message, { problem: problems.unreachableRoute, tags: ["unnecessary"] });
        continue;
      }
      const key = keyOf(match.value, protocol);
      const earlier = seen.get(key);
      if (earlier === undefined) {
        seen.set(key, rule);
        kept.push({ rule, path: match.path, value: match.value, field: match, name: nameOf(match.value, of) });
        continue;
      }
      duplicates += 1;
      const message = say("Never used: route {0} has the same match", earlier);
      match.report("IST0131", message, { problem: problems.unreachableRoute, tags: ["unnecessary"] });
    }
    if (duplicates === matches.length) {
      const message = say("Never used: earlier routes have all of its matches");
      route.report("IST0130", message, { problem: problems.unreachableRoute, tags: ["unnecessary"] });
    }
  }
  if (protocol === "http") checkPrefixes(kept);
}

function checkPrefixes(kept: readonly (Seen & { readonly field: Field; readonly name: string })[]): void {
  for (const [at, later] of kept.entries()) {
    const prefix = prefixOf(later.value);
    if (prefix === undefined) continue;
    for (const earlier of kept.slice(0, at)) {
      const shorter = prefixOf(earlier.value);
      if (shorter === undefined || shorter === prefix || !prefix.startsWith(shorter)) continue;
      if (!covers(earlier.value, later.value)) continue;
      const message = say("Never used: {0} of route {1} takes the prefix {2}", earlier.name, earlier.rule, shorter);
      later.field.report("IST0131", message, { problem: problems.unreachableRoute, tags: ["unnecessary"] });
    }
  }
}

function nameOf(value: unknown, at: number): string {
  const name = textAt(value, "name");
  return name === undefined ? `#${at}` : JSON.stringify(name);
}

// What is compared is the message that proto would hold: empty lists and maps are as absent ones, order of keys is none.
function keyOf(value: unknown, protocol: string): string {
  return JSON.stringify(canonical(value, protocol === "http" ? "name" : undefined));
}

function canonical(value: unknown, without?: string): unknown {
  if (Array.isArray(value)) return value.map((item) => canonical(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const isEmpty =
      field === null || field === "" || field === 0 || field === false || (Array.isArray(field) && field.length === 0);
    return name === without || isEmpty ? [] : [[name, canonical(field)]];
  });
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}

function prefixOf(match: unknown): string | undefined {
  return textAt(fieldsAt(match, "uri"), "prefix");
}

/** `exact:x`, `prefix:x`, or "" for a regular expression. */
function stringMatch(value: unknown): string {
  const exact = textAt(value, "exact");
  if (exact !== undefined) return `exact:${exact}`;
  const prefix = textAt(value, "prefix");
  return prefix === undefined ? "" : `prefix:${prefix}`;
}

function covers(a: unknown, b: unknown): boolean {
  const [first, second] = [fieldsOf(a), fieldsOf(b)];
  if ((first["port"] ?? 0) !== (second["port"] ?? 0)) return false;
  const method = (match: unknown) => stringMatch(fieldsAt(match, "method")) || "exact:GET";
  if (!agrees(method(a), method(b))) return false;
  if (!agrees(stringMatch(fieldsAt(a, "authority")), stringMatch(fieldsAt(b, "authority")))) return false;
  return ["headers", "queryParams", "withoutHeaders"].every((name) => coversMap(fieldsAt(a, name), fieldsAt(b, name)));
}

function coversMap(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && agrees(stringMatch(a[name]), stringMatch(b[name])));
}

function agrees(a: string, b: string): boolean {
  return a === b || (b !== "" && a.startsWith(b));
}
