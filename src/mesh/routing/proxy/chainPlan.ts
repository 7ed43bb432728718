import type { FilterChain } from "./routeTable.ts";

/** A chain that a listener may get, unless one alike is there already. */
export interface ChainPlan {
  readonly chain: FilterChain;
  /** Only for connections whose first bytes are plain HTTP. */
  readonly isPlainHttp: boolean;
}

/** True if both are for the same connections (`filterChainOpts.conflictsWith`). */
export function hasConflict(a: ChainPlan, b: ChainPlan): boolean {
  return (
    a.isPlainHttp === b.isPlainHttp &&
    isSame(named(a.chain.serverNames), named(b.chain.serverNames)) &&
    isSame(new Set(subnetsOf(a.chain)), new Set(subnetsOf(b.chain)))
  );
}

function named(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.filter((name) => name !== "*"));
}

function subnetsOf(chain: FilterChain): readonly string[] {
  return chain.kind === "http" ? [] : chain.subnets.filter((subnet) => !subnet.startsWith("0.0.0.0"));
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((text) => b.has(text));
}
