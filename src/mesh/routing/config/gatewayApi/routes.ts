import { fieldsAt, fieldsOf, listAt } from "../../../model/fields.ts";
import { meshGateway } from "../../gatewayNames.ts";
import { sharedHosts } from "../../hostPatterns.ts";
import { compareByAgeAndNamespace, type ConfigObject } from "../configObject.ts";
import { readExportTo } from "../exportTo.ts";
import type { RoutingSettings } from "../meshSettings.ts";
import type { RouteConfig, RouteRule } from "../routeConfig.ts";
import { backendOf, brokenRoute, weighted, weightOf, type BackendIndex } from "./backends.ts";
import { convertedRules } from "./httpRules.ts";
import { acceptedParents, hostnamesOf, keepsHostname, type Parent, type ParentIndex } from "./parents.ts";

export interface RouteContext {
  readonly parents: ParentIndex;
  readonly backends: BackendIndex;
  readonly settings: RoutingSettings;
}

interface Keyed {
  readonly key: string;
  readonly config: RouteConfig;
}

/**
 * HTTPRoutes and GRPCRoutes together, as istiod serves them: one config for each host at each listener or, on the mesh, for each host
 * and namespace of routes, with the rules of all its routes in the Gateway API's order (`HTTPRouteCollection`,
 * `mergeHTTPRoutes`).
 */
export function readHttpRoutes(routes: readonly ConfigObject[], context: RouteContext): readonly RouteConfig[] {
  const byKey = new Map<string, RouteConfig[]>();
  for (const { key, config } of routes.flatMap((route) => configsOf(route, context))) {
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [config]);
    else known.push(config);
  }
  return [...byKey].map(([key, configs]) => {
    const [oldest, ...others] = configs.sort(compareByAgeAndNamespace) as [RouteConfig, ...RouteConfig[]];
    const http = others.length === 0 ? oldest.http : inOrder([oldest, ...others].flatMap((config) => config.http));
    return { ...oldest, name: key.replaceAll("/", "~"), http };
  });
}

function configsOf(route: ConfigObject, context: RouteContext): readonly Keyed[] {
  const parents = acceptedParents(route, context.parents);
  const rules = { mesh: rulesFor(parents, route, context, true), gateway: rulesFor(parents, route, context, false) };
  return parents.flatMap((parent) => {
    const isMesh = parent.gateway === meshGateway;
    let http = isMesh ? rules.mesh : rules.gateway;
    if (http.length === 0) return [];
    if (parent.port !== undefined) http = http.map((rule) => atPort(rule, parent.port));
    const own = parent.port === undefined ? route.namespace : `${route.namespace}/${parent.port}`;
    const hosts = parent.hosts ?? hostnamesOf(route);
    return hosts
      .filter((host) => keepsHostname(parent, host))
      .map((host) => ({
        key: `${isMesh ? own : parent.gateway}/${host}`,
        config: { ...shared(route, parent, context), hosts: [host], http: inOrder(http), tls: [], tcp: [] },
      }));
  });
}

function shared(route: ConfigObject, parent: Parent, context: RouteContext) {
  return {
    namespace: route.namespace,
    name: route.name,
    createdAt: route.createdAt,
    isGatewayApi: true,
    gateways: [parent.gateway],
    exportTo: readExportTo([], context.settings.defaultExportTo.virtualService, route.namespace),
  } as const;
}

function rulesFor(
  parents: readonly Parent[],
  route: ConfigObject,
  context: RouteContext,
  isMesh: boolean,
): readonly RouteRule[] {
  if (!parents.some((parent) => (parent.gateway === meshGateway) === isMesh)) return [];
  return convertedRules(route, context.backends, !isMesh).map(({ rule, index }) => ruleOf(route, rule, index));
}

function ruleOf(route: ConfigObject, rule: Readonly<Record<string, unknown>>, index: number): RouteRule {
  return { rule, source: route, index, written: { object: route, path: ["spec", "rules", index] } };
}

function atPort(rule: RouteRule, port: number | undefined): RouteRule {
  const matches = listAt(rule.rule, "match");
  const match = matches.length === 0 ? [{ port }] : matches.map((one) => ({ ...fieldsOf(one), port }));
  return { ...rule, rule: { ...rule.rule, match } };
}

// sortHTTPRoutes: exact, prefix, regex; then length, method, number of headers and of query parameters; else as they come.
function inOrder(rules: readonly RouteRule[]): readonly RouteRule[] {
  return rules
    .map((rule) => ({ rule, rank: rankOf(listAt(rule.rule, "match")[0]) }))
    .sort((a, b) => {
      if (a.rank === undefined || b.rank === undefined) return a.rank === b.rank ? 0 : a.rank === undefined ? 1 : -1;
      for (const [at, value] of a.rank.entries()) {
        const other = b.rank[at] ?? 0;
        if (value !== other) return other - value;
      }
      return 0;
    })
    .map(({ rule }) => rule);
}

const uriRanks = { exact: 3, prefix: 2, regex: 1 } as const;

function rankOf(match: unknown): readonly number[] | undefined {
  if (match === undefined) return undefined;
  const uri = fieldsAt(match, "uri");
  const form = (["exact", "prefix", "regex"] as const).find((name) => typeof uri[name] === "string");
  const bytes = form === undefined ? 0 : new TextEncoder().encode(String(uri[form])).length;
  return [
    form === undefined ? -1 : uriRanks[form],
    bytes,
    fieldsOf(match)["method"] === undefined ? 0 : 1,
    Object.keys(fieldsAt(match, "headers")).length,
    Object.keys(fieldsAt(match, "queryParams")).length,
  ];
}

const noBackend = {
  destination: { host: "internal.cluster.local", subset: "zero-weight", port: { number: 65535 } },
  weight: 0,
};

/** TCPRoutes and TLSRoutes, which are not merged (`TCPRouteCollection`, `TLSRouteCollection`). */
export function readStreamRoutes(routes: readonly ConfigObject[], context: RouteContext): readonly RouteConfig[] {
  return routes.flatMap((route) =>
    acceptedParents(route, context.parents).flatMap((parent) => {
      const isTls = route.kind === "TLSRoute";
      const rules = streamRules(route, parent, context);
      const hosts = parent.hosts ?? (isTls ? tlsHosts(route, parent) : ["*"]);
      return hosts.map((host, count) => ({
        ...shared(route, parent, context),
        name: `${route.name}~${isTls ? "tls" : "tcp"}~${count}~istio-autogenerated-k8s-gateway`,
        hosts: [host],
        http: [],
        tls: isTls ? rules : [],
        tcp: isTls ? [] : rules,
      }));
    }),
  );
}

function tlsHosts(route: ConfigObject, parent: Parent): readonly string[] {
  const own = parent.listener?.hostname ?? "";
  return own === "" ? hostnamesOf(route) : sharedHosts(hostnamesOf(route), [own]);
}

function streamRules(route: ConfigObject, parent: Parent, context: RouteContext): readonly RouteRule[] {
  const isMesh = parent.gateway === meshGateway;
  const rules: RouteRule[] = [];
  for (const [index, rule] of listAt(route.spec, "rules").entries()) {
    const refs = listAt(rule, "backendRefs");
    const destinations = [];
    for (const { ref, weight } of weighted(refs)) {
      const backend = backendOf(ref, route, context.backends, !isMesh);
      if (backend === brokenRoute) return [];
      destinations.push({ destination: backend.destination, weight });
    }
    const isEmpty = refs.reduce<number>((sum, ref) => sum + weightOf(ref), 0) === 0;
    const match = streamMatch(route, parent);
    rules.push(ruleOf(route, { route: isEmpty ? [noBackend] : destinations, ...(match && { match: [match] }) }, index));
  }
  return rules;
}

function streamMatch(route: ConfigObject, parent: Parent): Readonly<Record<string, unknown>> | undefined {
  const port = parent.port === undefined ? {} : { port: parent.port };
  if (route.kind === "TCPRoute") return parent.port === undefined ? undefined : port;
  const named = hostnamesOf(route);
  const sniHosts = parent.hosts === undefined ? tlsHosts(route, parent) : named[0] === "*" ? parent.hosts : named;
  return { sniHosts, ...port };
}
