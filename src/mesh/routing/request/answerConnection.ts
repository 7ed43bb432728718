import type { FilterChain } from "../proxy/routeTable.ts";
import { listenerFor, nameRank } from "./decision.ts";
import { sourceOf, type Outcome } from "./outcome.ts";
import type { ProxyConfiguration } from "./proxyConfiguration.ts";
import type { RoutedConnection } from "./request.ts";

/** What the proxy does with a connection that is not HTTP. */
export function answerConnection(configuration: ProxyConfiguration, routed: RoutedConnection): Outcome {
  const { connection } = routed;
  const name = (connection.host ?? connection.sni ?? "").toLowerCase();
  const listener = listenerFor(configuration, { ...routed, name });
  const streams = listener?.chains.some(({ kind }) => kind === "stream") ?? false;
  const hasStream = streams || listener?.fallback?.kind === "stream";
  if (listener === undefined || !hasStream) {
    const reason = listener === undefined ? "no_listener" : "http_listener";
    const none = { routeConfiguration: null, virtualHost: null, route: null };
    return { listener: listener?.name ?? null, ...none, reason };
  }
  const chosen = chainFor(listener.chains, connection.protocol === "tls" ? (connection.sni ?? "") : undefined);
  const chain = chosen?.chain ?? listener.fallback;
  if (chain?.kind !== "stream")
    return { listener: listener.name, filterChain: null, source: null, reason: "no_filter_chain" };
  const clusters = chain.destinations.map((one) =>
    configuration.hasCluster(one.cluster) ? one : { ...one, missing: true as const },
  );
  const [only, ...more] = clusters.filter(({ weight }) => weight > 0);
  return {
    listener: listener.name,
    filterChain: chosen === undefined ? "default" : String(chosen.index),
    serverNames: chain.serverNames,
    source: chain.namesSource ? sourceOf(chain.rule) : null,
    clusters,
    ...(only !== undefined && more.length === 0 ? { upstreamCluster: only.cluster } : {}),
  };
}

// The chain whose server names fit best; a connection without a name takes one without names.
function chainFor(
  chains: readonly FilterChain[],
  name: string | undefined,
): { readonly chain: FilterChain; readonly index: number } | undefined {
  let best: { readonly chain: FilterChain; readonly index: number; readonly rank: number } | undefined;
  for (const [index, chain] of chains.entries()) {
    if (chain.kind !== "stream") continue;
    const rank =
      chain.serverNames.length === 0 ? 0 : name === undefined ? undefined : nameRank(chain.serverNames, name);
    if (rank !== undefined && (best === undefined || rank > best.rank)) best = { chain, index, rank };
  }
  return best;
}
