import type { HttpMatch } from "../httpMatch.ts";
import { takesRequest, type MatchedRequest } from "../httpMatch.ts";
import { serviceHost } from "../../inventory/facts/hostNames.ts";
import type { DirectResponse, Forward, Redirect, Route } from "../proxy/route.ts";
import type { FilterChain, ProxyListener, RouteTable } from "../proxy/routeTable.ts";
import { corsAnswer, corsFacts } from "./cors.ts";
import { grpcStatusOf, grpcTimeout, isGrpc } from "./grpc.ts";
import { afterOperations, headerChanges, type HeaderLines } from "./headerEffects.ts";
import { virtualHostFor } from "./hostChoice.ts";
import { routeFacts, type Outcome } from "./outcome.ts";
import { normalizedPath } from "./pathNormalization.ts";
import type { ProxyConfiguration } from "./proxyConfiguration.ts";
import { headerLines, nameOf, type HttpRequest, type RoutedRequest } from "./request.ts";
import { location, rewrittenPath } from "./rewrites.ts";

/** What the proxy does with a request (`foreyard route`). */
export function answerRequest(configuration: ProxyConfiguration, routed: RoutedRequest): Outcome {
  const listener = listenerFor(configuration, routed);
  const none = { routeConfiguration: null, virtualHost: null, route: null } as const;
  if (listener === undefined) return { listener: null, ...none, reason: "no_listener" };
  const chain = httpChainFor(listener, routed);
  if (chain === undefined) return { listener: listener.name, ...none, reason: "tcp_listener" };
  if (chain === "no name") return { listener: listener.name, ...none, reason: "no_filter_chain" };
  const table = configuration.table(chain.table);
  const seen = seenRequest(configuration, routed, chain.isTls);
  return { listener: listener.name, routeConfiguration: table.name, ...answer(configuration, table, seen) };
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

function answer(configuration: ProxyConfiguration, table: RouteTable, seen: SeenRequest): Partial<Outcome> {
  const { path } = seen;
  const none = { virtualHost: null, route: null } as const;
  if (path === undefined) return { ...none, ...ownAnswer(400, seen), reason: "path_normalization_failed" };
  if (!path.startsWith("/")) return { ...none, ...ownAnswer(404, seen), reason: "absolute_path_rejected" };
  const host = virtualHostFor(table, nameOf(seen.authority));
  if (host === undefined) return { ...none, ...ownAnswer(404, seen), reason: "no_virtual_host_matched" };
  if (host.requiresTls && seen.scheme !== "https")
    return { ...none, status: 301, reason: "https_redirect", location: `https://${seen.authority}${path}` };
  const matched = matchedRequest(seen, path);
  const index = host.routes.findIndex((route) => takesRequest(route.match, matched, undefined));
  const route = host.routes[index];
  if (route === undefined)
    return { virtualHost: host.name, route: null, ...ownAnswer(404, seen), reason: "no_route_matched" };
  return { virtualHost: host.name, ...routeFacts(route, index), ...routed(configuration, route, { seen, path }) };
}

function ownAnswer(status: number, seen: SeenRequest): Partial<Outcome> {
  return seen.isGrpc ? { status: 200, grpcStatus: grpcStatusOf(status) } : { status };
}

function matchedRequest(seen: SeenRequest, path: string): MatchedRequest {
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

interface Taken {
  readonly seen: SeenRequest;
  readonly path: string;
}

// Envoy's filters in their order: CORS, fault, then the router.
function routed(configuration: ProxyConfiguration, route: Route, taken: Taken): Partial<Outcome> {
  const { action } = route;
  const { seen } = taken;
  const cors = route.cors === undefined ? undefined : corsAnswer(route.cors, seen.method, seen.headers);
  const facts = route.cors === undefined ? {} : { cors: corsFacts(route.cors) };
  if (cors?.isPreflight === true) {
    const { added } = headerChanges(new Map(), cors.headers);
    const headers = Object.keys(added).length === 0 ? {} : { responseHeadersAdded: added };
    return { ...marked(configuration, route), ...facts, status: 200, reason: "cors_response", ...headers };
  }
  const abort = route.fault?.abort;
  if (abort?.isPercentSaid === true && abort.percent >= 100) {
    const status =
      abort.httpStatus === undefined ? aborted(abort.grpcStatus ?? 0, seen) : ownAnswer(abort.httpStatus, seen);
    return { ...marked(configuration, route), ...facts, ...status, reason: "fault_filter_abort" };
  }
  const added = cors?.headers ?? new Map<string, readonly string[]>();
  if (action.kind === "forward")
    return { ...facts, ...forwarded(configuration, route as Route & { action: Forward }, { ...taken, added }) };
  return { ...facts, ...directly(route, action, { ...taken, added }) };
}

function aborted(grpcStatus: number, seen: SeenRequest): Partial<Outcome> {
  return seen.isGrpc ? { status: 200, grpcStatus } : { status: 200 };
}

// The destinations, with those that do not exist marked.
function marked(configuration: ProxyConfiguration, route: Route): Partial<Outcome> {
  const { clusters } = routeFacts(route, 0);
  if (clusters === undefined) return {};
  return {
    clusters: clusters.map((one) => (configuration.hasCluster(one.cluster) ? one : { ...one, missing: true as const })),
  };
}

interface Answered extends Taken {
  /** Headers of the CORS filter. */
  readonly added: HeaderLines;
}

const upstreamHeaders: HeaderLines = new Map([
  ["x-upstream", ["echo"]],
  ["x-powered-by", ["echo"]],
]);

function forwarded(
  configuration: ProxyConfiguration,
  route: Route & { readonly action: Forward },
  taken: Answered,
): Partial<Outcome> {
  const { action } = route;
  const { clusters = [] } = marked(configuration, route);
  const live = clusters.filter(({ weight }) => weight > 0);
  const missing = live.filter((one) => one.missing === true);
  if (missing.length > 0 && missing.length < live.length) {
    return { clusters, statusByChance: { "chosen cluster exists": 200, missing: action.missingStatus } };
  }
  if (live.length === missing.length) {
    const headers = live.length === 1 ? responseHeaders(route, new Map(), taken.added, taken.seen) : {};
    return { clusters, ...ownAnswer(action.missingStatus, taken.seen), reason: "cluster_not_found", ...headers };
  }
  const [only] = live;
  const isSingle = live.length === 1 && only !== undefined;
  return {
    clusters,
    status: 200,
    ...(isSingle ? { upstreamCluster: only.cluster } : {}),
    ...(taken.seen.method === "HEAD" ? {} : upstreamRequest(route, taken, isSingle)),
    ...(isSingle ? responseHeaders(route, upstreamHeaders, taken.added, taken.seen) : {}),
  };
}

function upstreamRequest(
  route: Route & { readonly action: Forward },
  taken: Answered,
  isSingle: boolean,
): Partial<Outcome> {
  const { action } = route;
  const { seen } = taken;
  const path = rewrittenPath(taken.path, route.match, action.rewrite);
  if (!isSingle) return { path };
  const destination = action.destinations.find(({ weight }) => weight > 0);
  const operations = [destination?.headers?.request, route.headers.request].filter((one) => one !== undefined);
  const after = new Map(afterOperations(seen.sent, operations, { request: seen.headers }));
  const timeout = seen.isGrpc ? grpcTimeout(action) : undefined;
  if (timeout !== undefined) after.set("grpc-timeout", [timeout]);
  const changes = headerChanges(seen.sent, after);
  const authority = destination?.hostRewrite ?? action.hostRewrite ?? seen.authority;
  return {
    path,
    authority,
    ...(Object.keys(changes.added).length === 0 ? {} : { requestHeadersAdded: changes.added }),
    ...(changes.removed.length === 0 ? {} : { requestHeadersRemoved: changes.removed }),
  };
}

function responseHeaders(route: Route, base: HeaderLines, cors: HeaderLines, seen: SeenRequest): Partial<Outcome> {
  const destination =
    route.action.kind === "forward" ? route.action.destinations.find(({ weight }) => weight > 0) : undefined;
  const operations = [destination?.headers?.response, route.headers.response].filter((one) => one !== undefined);
  const after = new Map([...afterOperations(base, operations, { request: seen.headers }), ...cors]);
  const { added, removed } = headerChanges(base, after);
  return {
    ...(Object.keys(added).length === 0 ? {} : { responseHeadersAdded: added }),
    ...(removed.length === 0 ? {} : { responseHeadersRemoved: removed }),
  };
}

function directly(route: Route, action: Redirect | DirectResponse, taken: Answered): Partial<Outcome> {
  const { seen } = taken;
  const headers = responseHeaders(route, new Map(), taken.added, seen);
  if (action.kind === "redirect") {
    return { ...ownAnswer(action.status, seen), location: locationOf(action, route.match, taken), ...headers };
  }
  const hasBody = action.body !== undefined && action.body !== "" && seen.method !== "HEAD";
  return {
    ...ownAnswer(action.status, seen),
    directResponse: { status: action.status, ...(hasBody ? { body: action.body } : {}) },
    ...headers,
  };
}

function locationOf(redirect: Redirect, match: HttpMatch, { seen, path }: Taken): string {
  const [forwardedProto = seen.scheme] = seen.headers.get("x-forwarded-proto") ?? [];
  return location(redirect, match, { scheme: seen.scheme, authority: seen.authority, path, forwardedProto });
}
