import type { HttpMatch } from "../httpMatch.ts";
import type { DirectResponse, Forward, Redirect, Route } from "../proxy/route.ts";
import { corsAnswer, corsFacts } from "./cors.ts";
import { decideRequest, type SeenRequest } from "./decision.ts";
import { grpcStatusOf, grpcTimeout } from "./grpc.ts";
import { afterOperations, headerChanges, type HeaderLines } from "./headerEffects.ts";
import { routeFacts, type Outcome } from "./outcome.ts";
import type { ProxyConfiguration } from "./proxyConfiguration.ts";
import type { RoutedRequest } from "./request.ts";
import { location, rewrittenPath } from "./rewrites.ts";

/** What the proxy does with a request (`foreyard route`). */
export function answerRequest(configuration: ProxyConfiguration, request: RoutedRequest): Outcome {
  const decision = decideRequest(configuration, request);
  const { listener, table, seen, host, route, reason } = decision;
  const none = { virtualHost: null, route: null } as const;
  const at = { listener: listener?.name ?? null, routeConfiguration: table?.name ?? null };
  if (seen?.path === undefined || !seen.path.startsWith("/") || host === undefined) {
    const status = seen === undefined ? {} : ownAnswer(reason === "path_normalization_failed" ? 400 : 404, seen);
    return { ...at, ...none, ...status, ...(reason === undefined ? {} : { reason }) };
  }
  const { path } = seen;
  if (reason === "https_redirect")
    return { ...at, ...none, status: 301, reason, location: `https://${seen.authority}${path}` };
  if (route === undefined)
    return { ...at, virtualHost: host.name, route: null, ...ownAnswer(404, seen), reason: "no_route_matched" };
  const facts = routeFacts(route, decision.index);
  return { ...at, virtualHost: host.name, ...facts, ...routed(configuration, route, { seen, path }) };
}

function ownAnswer(status: number, seen: SeenRequest): Partial<Outcome> {
  return seen.isGrpc ? { status: 200, grpcStatus: grpcStatusOf(status) } : { status };
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
