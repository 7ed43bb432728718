import { textsAt } from "../model/fields.ts";
import { readScope } from "./httpMatch.ts";
import { coversScope, type ProxyScope } from "./proxyScope.ts";

/** A TLSMatchAttributes or L4MatchAttributes of networking.istio.io. */
export interface StreamMatch {
  readonly scope: ProxyScope;
  /** Server names in lower case; undefined for TCP. */
  readonly serverNames: ReadonlySet<string> | undefined;
  readonly subnets: ReadonlySet<string>;
}

export function readStreamMatch(value: unknown, namespace: string, protocol: "tls" | "tcp"): StreamMatch {
  return {
    scope: readScope(value, namespace),
    serverNames: protocol === "tcp" ? undefined : new Set(textsAt(value, "sniHosts").map((host) => host.toLowerCase())),
    subnets: new Set(textsAt(value, "destinationSubnets")),
  };
}

/**
 * True if no connection that `later` takes comes past `earlier`. Envoy chooses chains by the most specific server name
 * and address and not by their order, so only the same names and addresses stand in each other's way.
 */
export function coversStreamMatch(earlier: StreamMatch, later: StreamMatch, gateways: readonly string[]): boolean {
  return (
    coversScope(earlier.scope, later.scope, gateways) &&
    coversNames(earlier.serverNames, later.serverNames) &&
    earlier.subnets.size === later.subnets.size &&
    [...later.subnets].every((subnet) => earlier.subnets.has(subnet))
  );
}

function coversNames(earlier: ReadonlySet<string> | undefined, later: ReadonlySet<string> | undefined): boolean {
  if (earlier === undefined || later === undefined) return true;
  return later.size > 0 && [...later].every((name) => earlier.has(name));
}
