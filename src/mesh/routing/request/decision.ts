import { takesRequest, type MatchedRequest } from "../httpMatch.ts";
import { serviceHost } from "../../inventory/facts/hostNames.ts";
import type { Route } from "../proxy/route.ts";
import type { FilterChain, ProxyListener, RouteTable, VirtualHost } from "../proxy/routeTable.ts";
import { isGrpc } from "./grpc.ts";
import type { HeaderLines } from "./headerEffects.ts";
import { virtualHostFor } from "./hostChoice.ts";
import { normalizedPath } from "./pathNormalization.ts";
import type { ProxyConfiguration } from "./proxyConfiguration.ts";
import { headerLines, nameOf, type HttpRequest, type RoutedRequest } from "./request.ts";

/** Where a request ends up: as far as the proxy gets, and why no further. */
export interface Decision {
  readonly listener: ProxyListener | undefined;
  readonly table: RouteTable | undefined;
  readonly seen: SeenRequest | undefined;
  readonly host: VirtualHost | undefined;
  readonly route: Route | undefined;
  /** Index of the route in the host. */
  readonly index: number;
  readonly reason:
    | "no_listener"
    | "tcp_listener"
    | "no_filter_chain"
    | "path_normalization_failed"
    | "absolute_path_rejected"
    | "no_virtual_host_matched"
    | "https_redirect"
    | "no_route_matched"
    | undefined;
}

/** Finds the route that takes a request. */
export function decideRequest(configuration: ProxyConfiguration, routed: RoutedRequest): Decision {
  const listener = listenerFor(configuration, routed);
  const none = { listener, table: undefined, seen: undefined, host: undefined, route: undefined, index: -1 };
  if (listener === undefined) return { ...none, reason: "no_listener" };
  const chain = httpChainFor(listener, routed);
  if (chain === undefined) return { ...none, reason: "tcp_listener" };
  if (chain === "no name") return { ...none, reason: "no_filter_chain" };
  const table = configuration.table(chain.table);
  const seen = seenRequest(configuration, routed, chain.isTls);
  const told = { ...none, table, seen };
  const { path } = seen;
  if (path === undefined) return { ...told, reason: "path_normalization_failed" };
  if (!path.startsWith("/")) return { ...told, reason: "absolute_path_rejected" };
  const host = virtualHostFor(table, nameOf(seen.authority));
  if (host === undefined) return { ...told, reason: "no_virtual_host_matched" };
  if (host.requiresTls && seen.scheme !== "https") return { ...told, host, reason: "https_redirect" };
  const matched = matchedRequest(seen, path);
  const index = host.routes.findIndex((route) => takesRequest(route.match, matched, undefined));
  const route = host.routes[index];
  return { ...told, host, route, index, reason: route === undefined ? "no_route_matched" : undefined };
}

/** The listener that a client's connection meets: that of its address, else that of the port. */
export function listenerFor(
  configuration: ProxyConfiguration,
  routed: Pick<RoutedRequest, "from" | "port" | "destinationIP"> & {
    readonly request?: HttpRequest;
    readonly name?: string | undefined;
  },
): ProxyListener | undefined {
  const { listeners, context } = configuration;
  if (routed.from.kind === "gateway") return [...listeners.values()].find(({ port }) => port === routed.port);
  const name = routed.name ?? nameOf(routed.request?.authority ?? "");
  const address = routed.destinationIP ?? addressOf(configuration, name, context.proxy.namespace);
  const own = address === undefined ? undefined : listeners.get(`${address}_${routed.port}`);
  return own ?? listeners.get(`0.0.0.0_${routed.port}`);
}

// What a pod's DNS gives for the name.
function addressOf({ context }: ProxyConfiguration, name: string, namespace: string): string | undefined {
  const bare = name.replace(/\.+$/u, "").replace(/\.svc(?:\.cluster\.local)?$/u, "");
  const [service = "", saidNamespace, ...rest] = bare.split(".");
  if (rest.length > 0) return undefined;
  const owner = saidNamespace ?? namespace;
  const { services } = context.mesh;
  return services.ofHost(serviceHost(service, owner)).get(owner)?.address;
}

type HttpFilterChain = FilterChain & { readonly kind: "http" };

function httpChainFor(listener: ProxyListener, routed: RoutedRequest): HttpFilterChain | "no name" | undefined {
  const all = listener.fallback === undefined ? listener.chains : [...listener.chains, listener.fallback];
  const chains = all.filter((chain) => chain.kind === "http");
  const [first] = chains;
  if (first === undefined || routed.from.kind === "sidecar" || !first.isTls) return first;
  const name = routed.sni ?? nameOf(routed.request.authority);
  let best: { readonly chain: HttpFilterChain; readonly rank: number } | undefined;
  for (const chain of chains) {
    const rank = nameRank(chain.serverNames, name);
    if (rank !== undefined && (best === undefined || rank > best.rank)) best = { chain, rank };
  }
  return best?.chain ?? "no name";
}

/** How closely a chain's server names fit: an exact name before longer wildcards before none; undefined: not at all. */
export function nameRank(serverNames: readonly string[], name: string): number | undefined {
  if (serverNames.length === 0) return 0;
  const own = name.toLowerCase();
  const ranks = serverNames.flatMap((said) => {
    const pattern = said.toLowerCase();
    if (pattern === own) return [1000];
    return pattern.startsWith("*.") && own.endsWith(pattern.slice(1)) ? [pattern.length] : [];
  });
  return ranks.length === 0 ? undefined : Math.max(...ranks);
}

/** A request as the proxy's filters see it. */
export interface SeenRequest {
  readonly method: string;
  readonly scheme: string;
  readonly authority: string;
  /** undefined: refused with 400. */
  readonly path: string | undefined;
  readonly headers: HeaderLines;
  readonly sent: HeaderLines;
  readonly isGrpc: boolean;
}

function seenRequest(configuration: ProxyConfiguration, routed: RoutedRequest, isTls: boolean): SeenRequest {
  const { request } = routed;
  const sent = headerLines(request);
  // A gateway does not believe what its clients say about the scheme.
  const transport = isTls ? "https" : "http";
  const said = routed.from.kind === "gateway" ? undefined : sent.get("x-forwarded-proto")?.[0];
  const scheme = said === "http" || said === "https" ? said : transport;
  const [, authority = request.authority, path = request.path] =
    /^https?:\/\/([^/?#]*)(.*)$/isu.exec(request.path) ?? [];
  const target = path === "" ? "/" : path;
  const form = configuration.context.mesh.settings.pathNormalization;
  const seen = target.startsWith("/") ? normalizedPath(target, form) : target;
  const headers = new Map(sent);
  headers.set("x-forwarded-proto", [scheme]);
  for (const [name, value] of [
    [":method", request.method],
    [":authority", authority],
    ["host", authority],
    [":path", seen ?? target],
    [":scheme", scheme],
  ] as const)
    headers.set(name, [value]);
  const grpc = isGrpc(sent.get("content-type")?.[0]);
  return { method: request.method, scheme, authority, path: seen, headers, sent, isGrpc: grpc };
}

/** A request as matches look at it: the path without its query. */
export function matchedRequest(seen: SeenRequest, path: string): MatchedRequest {
  const [own = "", ...rest] = path.split("?");
  const query = new Map<string, string>();
  for (const part of rest.join("?").split("&")) {
    const [name = "", ...value] = part.split("=");
    if (!query.has(name)) query.set(name, value.join("="));
  }
  if (rest.length === 0) query.clear();
  const { method, scheme, authority, headers } = seen;
  return { method, scheme, authority, path: own, headers, query };
}
