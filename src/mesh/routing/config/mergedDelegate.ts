import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { isConflict } from "../delegates.ts";

type Fields = Readonly<Record<string, unknown>>;

// What a delegate's rule takes from the root's where it says none of its own. Timeouts and the like are not merged.
const inherited = [
  "rewrite",
  "directResponse",
  "timeout",
  "retries",
  "fault",
  "mirror",
  "mirrorPercent",
  "mirrorPercentage",
  "corsPolicy",
  "mirrors",
  "headers",
] as const;

/** A delegate's rule under a root's rule (`mergeHTTPRoute`); the two must not conflict. */
export function mergedRules(root: Fields, delegate: Fields): Fields {
  const merged: Record<string, unknown> = { ...delegate };
  const matches = mergedMatches(listAt(root, "match"), listAt(delegate, "match"));
  if (matches.length > 0) merged["match"] = matches;
  const name = joined(textAt(root, "name"), textAt(delegate, "name"));
  if (name !== undefined) merged["name"] = name;
  for (const field of inherited) merged[field] ??= root[field];
  return merged;
}

function mergedMatches(root: readonly unknown[], delegate: readonly unknown[]): readonly unknown[] {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  return delegate.flatMap((match) =>
    root.filter((rootMatch) => !isConflict(rootMatch, match)).map((rootMatch) => mergedMatch(rootMatch, match)),
  );
}

function mergedMatch(root: unknown, delegate: unknown): Fields {
  const merged: Record<string, unknown> = { ...fieldsOf(delegate) };
  const name = joined(textAt(root, "name"), textAt(delegate, "name"));
  if (name !== undefined) merged["name"] = name;
  for (const field of ["uri", "scheme", "method", "authority", "sourceNamespace"])
    merged[field] ??= fieldsOf(root)[field];
  if (!(Number(merged["port"]) > 0)) merged["port"] = fieldsOf(root)["port"];
  for (const field of ["headers", "withoutHeaders", "queryParams", "sourceLabels"])
    merged[field] = { ...fieldsAt(root, field), ...fieldsAt(delegate, field) };
  if (listAt(merged, "gateways").length === 0) merged["gateways"] = fieldsOf(root)["gateways"];
  return merged;
}

function joined(root: string | undefined, delegate: string | undefined): string | undefined {
  if (delegate === undefined) return root;
  return root === undefined ? delegate : `${root}-${delegate}`;
}
