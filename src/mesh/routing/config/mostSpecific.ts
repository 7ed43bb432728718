import { isWildcard } from "../hostPatterns.ts";
import { compareText } from "./configObject.ts";

/**
 * What a host gets out of things by host: the exact one, else the longest wildcard's (`MostSpecificHostMatch`). A
 * wildcard takes every host that ends in it, itself among them.
 */
export function mostSpecific<Value>(
  host: string,
  things: { readonly exact: ReadonlyMap<string, Value>; readonly wildcard: ReadonlyMap<string, Value> },
): Value | undefined {
  const own = isWildcard(host) ? things.wildcard.get(host) : things.exact.get(host);
  if (own !== undefined || things.wildcard.size === 0) return own;
  const needle = isWildcard(host) ? host.slice(1) : host;
  let best: string | undefined;
  for (const pattern of things.wildcard.keys()) {
    if (!needle.endsWith(pattern.slice(1))) continue;
    if (best === undefined || isMoreSpecific(pattern, best)) best = pattern;
  }
  return best === undefined ? undefined : things.wildcard.get(best);
}

/** The order of istiod's host lists: names before wildcards, longer before shorter, then by name (`MoreSpecific`). */
export function compareSpecific(a: string, b: string): number {
  if (isWildcard(a) !== isWildcard(b)) return isWildcard(a) ? 1 : -1;
  return b.length - a.length || compareText(a, b);
}

function isMoreSpecific(a: string, b: string): boolean {
  return compareSpecific(a, b) < 0;
}
