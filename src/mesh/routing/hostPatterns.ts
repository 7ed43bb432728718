// Hosts with a leading "*", as istio/istio's pkg/config/host compares them. All hosts are in lower case.

export function isWildcard(host: string): boolean {
  return host.startsWith("*");
}

/** True if every name that `host` stands for is one of `pattern`'s. */
export function isHostWithin(host: string, pattern: string): boolean {
  if (!isWildcard(pattern)) return host === pattern;
  if (isWildcard(host)) return host.length >= pattern.length && host.slice(1).endsWith(pattern.slice(1));
  return host.endsWith(pattern.slice(1));
}

/** True if some name is one of both patterns' (`Name.Matches`). */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a) && isWildcard(b)) return a.length < b.length ? b.endsWith(a.slice(1)) : a.endsWith(b.slice(1));
  return isHostWithin(a, b) || isHostWithin(b, a);
}

/** The hosts that two lists share, the narrower of each pair (`Names.Intersection`). */
export function sharedHosts(a: readonly string[], b: readonly string[]): readonly string[] {
  const shared = new Set<string>();
  for (const one of a) {
    for (const other of b) {
      if (isHostWithin(one, other)) shared.add(one);
      else if (isHostWithin(other, one)) shared.add(other);
    }
  }
  return [...shared];
}

/** The pattern that counts for a host: itself, else the longest wildcard it is within. */
export function mostSpecificPattern(host: string, patterns: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    if (pattern === host) return pattern;
    if (isHostWithin(host, pattern) && (best === undefined || pattern.length > best.length)) best = pattern;
  }
  return best;
}

/**
 * The hosts of a Gateway's server for VirtualServices of a namespace: "namespace/host" entries of others are left out, "."
 * is the Gateway's own namespace (`NamesForNamespace`, `sanitizeServerHostNamespace`).
 */
export function serverHostsFor(
  hosts: readonly string[],
  gatewayNamespace: string,
  namespace: string,
): readonly string[] {
  return hosts.flatMap((entry) => {
    const slash = entry.indexOf("/");
    if (slash < 0) return [entry.toLowerCase()];
    const said = entry.slice(0, slash);
    const allowed = said === "." ? gatewayNamespace : said;
    return allowed === "*" || allowed === namespace ? [entry.slice(slash + 1).toLowerCase()] : [];
  });
}
