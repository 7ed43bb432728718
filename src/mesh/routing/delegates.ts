import { countAt, fieldsAt, fieldsOf, flagAt, listAt, textAt, textMapAt, textsAt } from "../model/fields.ts";

/**
 * True if istiod leaves a delegate's HTTPRoute out under a root's: some match of it agrees with none of the root's
 * (`mergeHTTPMatchRequests` in istio/istio, pilot/pkg/model/virtualservice.go). Gateways compare as they are written.
 */
export function isLeftOut(root: unknown, delegate: unknown): boolean {
  const rootMatches = listAt(root, "match");
  const matches = listAt(delegate, "match");
  if (rootMatches.length === 0) return false;
  return matches.some((match) => rootMatches.every((rootMatch) => isConflict(rootMatch, match)));
}

/** True if a delegate's match is no part of a root's (`hasConflict`). */
export function isConflict(root: unknown, leaf: unknown): boolean {
  const single = ["uri", "scheme", "method", "authority"].some((name) =>
    isTextConflict(fieldOf(root, name), fieldOf(leaf, name)),
  );
  if (single) return true;
  for (const name of ["headers", "withoutHeaders", "queryParams"]) {
    const own = fieldsAt(root, name);
    if (Object.entries(fieldsAt(leaf, name)).some(([key, value]) => isTextConflict(fieldOf(own, key), value)))
      return true;
  }
  if ((flagAt(root, "ignoreUriCase") ?? false) !== (flagAt(leaf, "ignoreUriCase") ?? false)) return true;
  const [rootPort, port] = [countAt(root, "port") ?? 0, countAt(leaf, "port") ?? 0];
  if (rootPort > 0 && port > 0 && rootPort !== port) return true;
  return isSourceConflict(root, leaf);
}

function isSourceConflict(root: unknown, leaf: unknown): boolean {
  const namespace = textAt(root, "sourceNamespace");
  if (namespace !== undefined && textAt(leaf, "sourceNamespace") !== namespace) return true;
  const labels = textMapAt(root, "sourceLabels");
  const isOther = ([key, value]: [string, string]): boolean => Object.hasOwn(labels, key) && labels[key] !== value;
  if (Object.entries(textMapAt(leaf, "sourceLabels")).some(isOther)) return true;
  const [rootGateways, gateways] = [textsAt(root, "gateways"), textsAt(leaf, "gateways")];
  if (rootGateways.length === 0 || gateways.length === 0) return false;
  return rootGateways.length < gateways.length || gateways.some((name) => !rootGateways.includes(name));
}

// stringMatchConflict: an empty text counts as none, and a pattern agrees with nothing, not even with itself.
function isTextConflict(root: unknown, leaf: unknown): boolean {
  if (!isSaid(root) || !isSaid(leaf)) return false;
  const of = (match: unknown) => ({
    exact: textAt(match, "exact"),
    prefix: textAt(match, "prefix"),
    regex: textAt(match, "regex"),
  });
  const [own, theirs] = [of(root), of(leaf)];
  const isEmpty = ({ exact, prefix, regex }: typeof own): boolean =>
    exact === undefined && prefix === undefined && regex === undefined;
  if (own.regex !== undefined && !isEmpty(theirs)) return true;
  if (theirs.regex !== undefined && !isEmpty(own)) return true;
  if (own.exact !== undefined) return theirs.prefix !== undefined || theirs.exact !== own.exact;
  if (own.prefix === undefined) return true;
  const within = theirs.prefix ?? theirs.exact;
  return within === undefined || !within.startsWith(own.prefix);
}

function isSaid(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function fieldOf(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
