import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { quoteRegex } from "../config/gatewayApi/filters.ts";
import type { MeshService } from "../config/meshServices.ts";
import type { RouteConfig, RouteRule } from "../config/routeConfig.ts";
import { readHttpMatch, type HttpMatch } from "../httpMatch.ts";
import { appliesTo, type Listener } from "../proxyScope.ts";
import { clusterName, destinationCluster } from "./cluster.ts";
import { readFault, shareOf } from "./faults.ts";
import { joinedHeaders, noHeaders, readHeaders } from "./headerOperations.ts";
import { readRetries } from "./retries.ts";
import type { DirectResponse, Forward, HashPolicy, Headers, PathRewrite, Redirect, Retries, Route } from "./route.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where routes are built for. */
export interface RouteTarget {
  readonly listener: Listener;
  readonly isTls: boolean;
  /** The mesh's defaultHttpRetryPolicy. */
  readonly defaultRetries: Fields | undefined;
  /** The service that the listener knows by a host. */
  readonly serviceOf: (host: string) => MeshService | undefined;
  readonly hashOf: (destination: unknown) => HashPolicy | undefined;
}

/** A config's routes at a listener, in order; what comes after its own catch-all is left out (`TranslateRoute`). */
export function routesOf(config: RouteConfig, target: RouteTarget): readonly Route[] {
  const routes: Route[] = [];
  for (const rule of config.http) {
    const matches = listAt(rule.rule, "match");
    if (matches.length === 0) {
      routes.push(routeOf(config, rule, { value: undefined, index: undefined }, target));
      break;
    }
    for (const [index, value] of matches.entries()) {
      const match = readHttpMatch(value, config.namespace, config.isGatewayApi);
      if (!appliesTo(match.scope, target.listener)) continue;
      routes.push(routeOf(config, rule, { value, index, match }, target));
      if (match.isCatchAll) return routes;
    }
  }
  return routes;
}

interface RuleMatch {
  readonly value: unknown;
  readonly index: number | undefined;
  readonly match?: HttpMatch;
}

function routeOf(config: RouteConfig, rule: RouteRule, read: RuleMatch, target: RouteTarget): Route {
  const spec = rule.rule;
  const name = [textAt(spec, "name") ?? "", textAt(read.value, "name")].filter((part) => part !== undefined).join(".");
  const own =
    spec["headers"] === undefined ? { headers: noHeaders, authority: undefined } : readHeaders(spec["headers"]);
  const match = read.match ?? readHttpMatch(read.value, config.namespace, config.isGatewayApi);
  const shared = {
    name,
    rule,
    matchIndex: read.index,
    match,
    fault: spec["fault"] === undefined ? undefined : readFault(spec["fault"]),
    cors: spec["corsPolicy"] === undefined ? undefined : fieldsAt(spec, "corsPolicy"),
  };
  if (spec["redirect"] !== undefined)
    return { ...shared, headers: own.headers, action: redirectOf(fieldsAt(spec, "redirect"), target) };
  if (spec["directResponse"] !== undefined)
    return { ...shared, headers: own.headers, action: directOf(fieldsAt(spec, "directResponse")) };
  const forward = forwardOf(config, spec, { target, match, ...own });
  return { ...shared, headers: forward.headers, action: forward.action };
}

function redirectOf(redirect: Fields, target: RouteTarget): Redirect {
  const prefix = textAt(redirect, "prefixRewrite");
  const whole = textAt(redirect, "uri");
  const { redirectCode } = redirect;
  const path =
    prefix !== undefined
      ? ({ form: "prefix", text: prefix } as const)
      : whole === undefined
        ? undefined
        : ({ form: "whole", text: whole } as const);
  return {
    kind: "redirect",
    status: typeof redirectCode === "number" && redirectCode !== 0 ? redirectCode : 301,
    authority: textAt(redirect, "authority"),
    scheme: textAt(redirect, "scheme"),
    port: redirectPort(redirect, target),
    path,
  };
}

// ":80" of http and ":443" of https are not said.
function redirectPort(redirect: Fields, target: RouteTarget): number {
  const { port: said, derivePort } = redirect;
  const port = typeof said === "number" ? said : derivePort === "FROM_REQUEST_PORT" ? target.listener.port : 0;
  const scheme = textAt(redirect, "scheme") ?? (target.isTls ? "https" : "http");
  const isUsual = (port === 80 && scheme === "http") || (port === 443 && scheme === "https");
  return isUsual ? 0 : port;
}

function directOf(direct: Fields): DirectResponse {
  const body = fieldsAt(direct, "body");
  const bytes = textAt(body, "bytes");
  return {
    kind: "direct",
    status: typeof direct["status"] === "number" ? direct["status"] : 0,
    body: textAt(body, "string") ?? (bytes === undefined ? undefined : atob(bytes)),
  };
}

interface ForwardContext {
  readonly target: RouteTarget;
  readonly match: HttpMatch;
  readonly headers: Headers;
  readonly authority: string | undefined;
}

function forwardOf(
  config: RouteConfig,
  spec: Fields,
  context: ForwardContext,
): { readonly action: Forward; readonly headers: Headers } {
  const { target } = context;
  const destinations = listAt(spec, "route");
  const rewrite = fieldsAt(spec, "rewrite");
  const authority = textAt(rewrite, "authority") ?? context.authority;
  const clusterOf = (destination: unknown): string =>
    destinationCluster(destination, target.serviceOf(textAt(destination, "host") ?? ""), target.listener.port);
  const shared = {
    kind: "forward",
    timeout: textAt(spec, "timeout") ?? "0s",
    retries: retriesOf(spec, target),
    rewrite: spec["rewrite"] === undefined ? undefined : rewriteOf(rewrite, config, context.match),
    mirrors: mirrorsOf(spec, clusterOf),
    missingStatus: config.isGatewayApi ? 500 : 503,
  } as const;
  const live = destinations.filter((one) => destinations.length === 1 || weightOf(one) !== 0);
  const hashPolicies = live.flatMap((one) => target.hashOf(fieldsAt(one, "destination")) ?? []);
  if (destinations.length === 1) {
    const [only] = destinations;
    const own = readHeaders(fieldsOf(only)["headers"]);
    const cluster = clusterOf(fieldsAt(only, "destination"));
    const single = { cluster, weight: 100, headers: undefined, hostRewrite: undefined };
    return {
      action: {
        ...shared,
        destinations: [single],
        isSingle: true,
        hostRewrite: authority ?? own.authority,
        hashPolicies,
      },
      headers: joinedHeaders(context.headers, own.headers),
    };
  }
  const weighted = live.map((one) => {
    const { headers } = fieldsOf(one);
    const own = headers === undefined ? undefined : readHeaders(headers);
    const cluster = clusterOf(fieldsAt(one, "destination"));
    return { cluster, weight: weightOf(one), headers: own?.headers, hostRewrite: own?.authority };
  });
  return {
    action: { ...shared, destinations: weighted, isSingle: false, hostRewrite: authority, hashPolicies },
    headers: context.headers,
  };
}

function retriesOf(spec: Fields, target: RouteTarget): Retries | undefined {
  return readRetries(spec["retries"] === undefined ? target.defaultRetries : fieldsAt(spec, "retries"));
}

function weightOf(destination: unknown): number {
  const { weight } = fieldsOf(destination);
  return typeof weight === "number" ? weight : 0;
}

function rewriteOf(rewrite: Fields, config: RouteConfig, match: HttpMatch): PathRewrite | undefined {
  const regex = rewrite["uriRegexRewrite"];
  if (regex !== undefined) {
    return { form: "regex", pattern: textAt(regex, "match") ?? "", substitution: textAt(regex, "rewrite") ?? "" };
  }
  const text = textAt(rewrite, "uri");
  if (text === undefined) return undefined;
  if (!config.isGatewayApi || text !== "/") return { form: "prefix", text };
  // The prefix is taken away; "/" stays where nothing is left.
  const { path } = match;
  const prefix = path.bySegments && path.text.form === "prefix" ? path.text.text : "";
  return { form: "regex", pattern: `^${quoteRegex(prefix)}(/?)(.*)`, substitution: String.raw`/\2` };
}

function mirrorsOf(spec: Fields, clusterOf: (destination: unknown) => string): Forward["mirrors"] {
  const { mirror, mirrorPercentage, mirrorPercent } = spec;
  const whole = typeof mirrorPercent === "number" ? mirrorPercent : 100;
  const first = mirrorPercentage === undefined ? whole : shareOf(mirrorPercentage);
  const mirrors = mirror === undefined ? [] : [{ cluster: clusterOf(mirror), percent: first }];
  for (const policy of listAt(spec, "mirrors")) {
    const { percentage, destination } = fieldsOf(policy);
    const percent = percentage === undefined ? 100 : shareOf(percentage);
    if (destination !== undefined) mirrors.push({ cluster: clusterOf(destination), percent });
  }
  return mirrors.filter(({ percent }) => percent > 0);
}

const anyRequest = readHttpMatch(undefined, "", false);

/** The route that a service has without any rule. */
export function defaultRoute(
  service: MeshService,
  port: number,
  options: { readonly defaultRetries: Fields | undefined; readonly hash: HashPolicy | undefined },
): Route {
  const cluster = clusterName(service.hostname, port, "");
  return plainRoute("default", {
    ...plainForward(cluster),
    retries: readRetries(options.defaultRetries),
    hashPolicies: options.hash === undefined ? [] : [options.hash],
  });
}

export function plainForward(cluster: string): Forward {
  return {
    kind: "forward",
    destinations: [{ cluster, weight: 100, headers: undefined, hostRewrite: undefined }],
    isSingle: true,
    timeout: "0s",
    retries: undefined,
    rewrite: undefined,
    hostRewrite: undefined,
    mirrors: [],
    hashPolicies: [],
    missingStatus: 503,
  };
}

export function plainRoute(name: string, action: Route["action"]): Route {
  const none = { rule: undefined, matchIndex: undefined, fault: undefined, cors: undefined };
  return { ...none, name, match: anyRequest, action, headers: noHeaders };
}
