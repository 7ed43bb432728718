import type { RouteRule } from "../config/routeConfig.ts";
import type { Fault, Forward, Headers, Route } from "../proxy/route.ts";
import { protoDurationText } from "./durationText.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface OutcomeSource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of routes of the Gateway API. */
  readonly rule?: number;
}

export interface OutcomeCluster {
  readonly cluster: string;
  readonly weight: number;
  readonly headerOperations?: Fields;
  readonly hostRewrite?: string;
  /** The proxy has no such cluster. */
  readonly missing?: true;
}

/** What a proxy does with a request or connection, in the form of `foreyard route --format json`. */
export interface Outcome {
  /** null: nothing listens at the port. */
  readonly listener: string | null;
  readonly routeConfiguration?: string | null;
  readonly virtualHost?: string | null;
  readonly route?: string | null;
  readonly routeIndex?: number;
  readonly source?: OutcomeSource | null;
  readonly clusters?: readonly OutcomeCluster[];
  /** Of a single destination that exists. */
  readonly upstreamCluster?: string;
  /** Left out where the draw between destinations decides. 200 stands for "was forwarded". */
  readonly status?: number;
  readonly statusByChance?: Readonly<Record<string, number>>;
  readonly grpcStatus?: number;
  readonly location?: string;
  readonly reason?: string;
  /** As the destination gets them. */
  readonly path?: string;
  readonly authority?: string;
  readonly requestHeadersAdded?: Readonly<Record<string, string>>;
  readonly requestHeadersRemoved?: readonly string[];
  readonly responseHeadersAdded?: Readonly<Record<string, string>>;
  readonly responseHeadersRemoved?: readonly string[];
  readonly redirect?: true;
  readonly directResponse?: { readonly status: number; readonly body?: string };
  readonly timeout?: string;
  readonly retries?: Fields;
  readonly mirror?: readonly { readonly cluster: string; readonly percent: number }[];
  readonly fault?: Fields;
  readonly cors?: Fields;
  readonly hashPolicy?: readonly Fields[];
  readonly headerOperations?: Fields;
  /** Of a connection: the chain's index in the listener, or "default". */
  readonly filterChain?: string | null;
  readonly serverNames?: readonly string[];
}

/** What of an outcome is told from the route alone. */
export function routeFacts(route: Route, index: number): Partial<Outcome> {
  const { action } = route;
  const operations = operationsOf(route.headers);
  return {
    route: route.name,
    routeIndex: index,
    source: sourceOf(route.rule),
    ...(action.kind === "forward" ? forwardFacts(action) : {}),
    ...(action.kind === "redirect" ? { redirect: true } : {}),
    ...(operations === undefined ? {} : { headerOperations: operations }),
    ...(route.fault === undefined ? {} : { fault: faultFacts(route.fault) }),
  };
}

export function sourceOf(rule: RouteRule | undefined): OutcomeSource | null {
  if (rule === undefined) return null;
  const { kind, namespace, name } = rule.source;
  const isGatewayApi = kind !== "VirtualService";
  return { kind, namespace, name, ...(isGatewayApi ? { rule: rule.index } : {}) };
}

function forwardFacts(action: Forward): Partial<Outcome> {
  const { retries } = action;
  return {
    clusters: action.destinations.map(({ cluster, weight, headers, hostRewrite }) => {
      const operations = headers === undefined ? undefined : operationsOf(headers);
      return {
        cluster,
        weight,
        ...(operations === undefined ? {} : { headerOperations: operations }),
        ...(hostRewrite === undefined ? {} : { hostRewrite }),
      };
    }),
    timeout: protoDurationText(action.timeout),
    ...(retries === undefined
      ? {}
      : {
          retries: {
            attempts: retries.attempts,
            ...(retries.perTryTimeout === undefined ? {} : { perTryTimeout: protoDurationText(retries.perTryTimeout) }),
            retryOn: retries.retryOn,
            ...(retries.statusCodes.length === 0 ? {} : { statusCodes: retries.statusCodes }),
          },
        }),
    ...(action.mirrors.length === 0 ? {} : { mirror: action.mirrors }),
    ...(action.hashPolicies.length === 0 ? {} : { hashPolicy: action.hashPolicies.map(hashFacts) }),
  };
}

// In Envoy's own field names.
function hashFacts(policy: Forward["hashPolicies"][number]): Fields {
  if ("header" in policy) return { header: { header_name: policy.header } };
  if ("queryParameter" in policy) return { query_parameter: { name: policy.queryParameter } };
  if ("sourceIp" in policy) return { connection_properties: { source_ip: true } };
  const { name, path, ttl } = policy.cookie;
  return {
    cookie: {
      name,
      ...(ttl === undefined ? {} : { ttl: protoDurationText(ttl) }),
      ...(path === undefined ? {} : { path }),
    },
  };
}

function faultFacts({ abort, delay }: Fault): Fields {
  return {
    ...(abort === undefined
      ? {}
      : {
          abort: {
            ...(abort.httpStatus === undefined ? {} : { httpStatus: abort.httpStatus }),
            ...(abort.grpcStatus === undefined ? {} : { grpcStatus: abort.grpcStatus }),
            percent: abort.percent,
          },
        }),
    ...(delay === undefined
      ? {}
      : { delay: { fixedDelay: protoDurationText(delay.fixedDelay), percent: delay.percent } }),
  };
}

function operationsOf(headers: Headers): Fields | undefined {
  const sides = (["request", "response"] as const).flatMap((side) => {
    const { set, add, remove } = headers[side];
    const said = {
      ...(Object.keys(set).length === 0 ? {} : { set }),
      ...(Object.keys(add).length === 0 ? {} : { add }),
      ...(remove.length === 0 ? {} : { remove }),
    };
    return Object.keys(said).length === 0 ? [] : [[side, said] as const];
  });
  return sides.length === 0 ? undefined : Object.fromEntries(sides);
}
