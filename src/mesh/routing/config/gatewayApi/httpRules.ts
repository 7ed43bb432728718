import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { ConfigObject } from "../configObject.ts";
import { backendOf, brokenRoute, weighted, weightOf, type BackendIndex } from "./backends.ts";
import { corsOf, headerOperations, redirectOf, retriesOf, rewriteOf, timeoutOf } from "./filters.ts";
import { grpcMatch, httpMatch } from "./matches.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface ConvertedRule {
  /** networking.istio.io's HTTPRoute, with one match at most. */
  readonly rule: Fields;
  readonly index: number;
}

/**
 * The rules of an HTTPRoute or GRPCRoute as istiod turns them into its own, each match a rule by itself; none where one of
 * them is broken (`convertHTTPRoute`, `convertGRPCRoute`, `computeRoute` in pilot/pkg/config/kube/gateway).
 */
export function convertedRules(
  route: ConfigObject,
  index: BackendIndex,
  needsGrants: boolean,
): readonly ConvertedRule[] {
  const isGrpc = route.kind === "GRPCRoute";
  // The CRD's default is one rule that matches everything.
  const rules = listAt(route.spec, "rules").length === 0 && !isGrpc ? [{}] : listAt(route.spec, "rules");
  const converted: ConvertedRule[] = [];
  for (const [at, rule] of rules.entries()) {
    const said = listAt(rule, "matches");
    const matches = said.length === 0 ? (isGrpc ? [undefined] : [{}]) : said;
    const action = actionOf(rule, route, index, needsGrants);
    if (action === brokenRoute) return [];
    const name = textAt(rule, "name") ?? `${route.namespace}.${route.name}.${at}`;
    for (const match of matches) {
      const read = match === undefined ? undefined : isGrpc ? grpcMatch(match) : httpMatch(match);
      if (read === brokenRoute) return [];
      converted.push({ rule: { ...action, name, ...(read === undefined ? {} : { match: [read] }) }, index: at });
    }
  }
  return converted;
}

function actionOf(
  rule: unknown,
  route: ConfigObject,
  index: BackendIndex,
  needsGrants: boolean,
): Fields | typeof brokenRoute {
  const action: Record<string, unknown> = {};
  const filtered = applyFilters(action, listAt(rule, "filters"), { route, index, needsGrants });
  if (!filtered) return brokenRoute;
  const { retry } = fieldsOf(rule);
  if (retry !== undefined) action["retries"] = retriesOf(retry);
  applyTimeouts(action, fieldsAt(rule, "timeouts"));
  const refs = listAt(rule, "backendRefs");
  const sum = refs.reduce<number>((total, ref) => total + weightOf(ref), 0);
  if (sum === 0 && action["redirect"] === undefined) {
    action["directResponse"] = { status: 500 };
    return action;
  }
  const destinations = [];
  for (const { ref, weight } of weighted(refs)) {
    const backend = backendOf(ref, route, index, needsGrants);
    if (backend === brokenRoute) return brokenRoute;
    const headers = destinationHeaders(listAt(ref, "filters"));
    if (headers === brokenRoute) return brokenRoute;
    destinations.push({ destination: backend.destination, weight, ...(headers === undefined ? {} : { headers }) });
  }
  if (destinations.length > 0) action["route"] = destinations;
  return action;
}

interface FilterContext {
  readonly route: ConfigObject;
  readonly index: BackendIndex;
  readonly needsGrants: boolean;
}

// False for a filter that istiod refuses, and with it the route.
function applyFilters(action: Record<string, unknown>, filters: readonly unknown[], context: FilterContext): boolean {
  const isGrpc = context.route.kind === "GRPCRoute";
  for (const filter of filters) {
    const type = textAt(filter, "type");
    if (type === "RequestHeaderModifier" || type === "ResponseHeaderModifier") {
      const [side, field] =
        type === "RequestHeaderModifier"
          ? ["request", "requestHeaderModifier"]
          : ["response", "responseHeaderModifier"];
      action["headers"] = { ...fieldsOf(action["headers"]), [side]: headerOperations(fieldsAt(filter, field)) };
    } else if (type === "RequestMirror") {
      if (!addMirror(action, fieldsAt(filter, "requestMirror"), context)) return false;
    } else if (isGrpc) return false;
    else if (type === "RequestRedirect") action["redirect"] = redirectOf(fieldsAt(filter, "requestRedirect"));
    else if (type === "URLRewrite") action["rewrite"] = rewriteOf(fieldsAt(filter, "urlRewrite"));
    else if (type === "CORS") action["corsPolicy"] = corsOf(fieldsAt(filter, "cors"));
    else return false;
  }
  return true;
}

// A mirror that leads to nothing is left out of an HTTPRoute, and breaks a GRPCRoute.
function addMirror(action: Record<string, unknown>, mirror: Fields, context: FilterContext): boolean {
  const backend = backendOf(mirror["backendRef"], context.route, context.index, context.needsGrants);
  if (backend === brokenRoute || !backend.isResolved) return context.route.kind !== "GRPCRoute";
  const fraction = mirror["fraction"];
  const percent = mirror["percent"];
  const { numerator, denominator } = fieldsOf(fraction);
  const percentage =
    fraction !== undefined
      ? { value: (100 * Number(numerator ?? 0)) / Number(denominator ?? 100) }
      : typeof percent === "number"
        ? { value: percent }
        : undefined;
  const known = listAt(action, "mirrors");
  const policy = { destination: backend.destination, ...(percentage === undefined ? {} : { percentage }) };
  action["mirrors"] = [...known, policy];
  return true;
}

function applyTimeouts(action: Record<string, unknown>, timeouts: Fields): void {
  const request = timeoutOf(timeouts, "request");
  const backend = timeoutOf(timeouts, "backendRequest");
  if (request !== undefined) action["timeout"] = request;
  if (backend === undefined) return;
  if (action["retries"] === undefined) action["timeout"] = backend;
  else action["retries"] = { ...fieldsOf(action["retries"]), perTryTimeout: backend };
}

function destinationHeaders(filters: readonly unknown[]): Fields | undefined | typeof brokenRoute {
  const headers: Record<string, unknown> = {};
  for (const filter of filters) {
    const type = textAt(filter, "type");
    if (type === "RequestHeaderModifier")
      headers["request"] = headerOperations(fieldsAt(filter, "requestHeaderModifier"));
    else if (type === "ResponseHeaderModifier")
      headers["response"] = headerOperations(fieldsAt(filter, "responseHeaderModifier"));
    else return brokenRoute;
  }
  return Object.keys(headers).length === 0 ? undefined : headers;
}
