import type { RouteRule } from "../config/routeConfig.ts";
import type { HttpMatch } from "../httpMatch.ts";

type Texts = Readonly<Record<string, string>>;

/** What is done to headers. Names are as configured. */
export interface HeaderOperations {
  readonly set: Texts;
  readonly add: Texts;
  readonly remove: readonly string[];
}

export interface Headers {
  readonly request: HeaderOperations;
  readonly response: HeaderOperations;
}

/** Where a route leads, with its share: weights are relative to the sum of the route's. */
export interface RouteDestination {
  /** As Envoy names it: "outbound|port|subset|host". */
  readonly cluster: string;
  readonly weight: number;
  /** Of weighted destinations; a single destination's are the route's. */
  readonly headers: Headers | undefined;
  readonly hostRewrite: string | undefined;
}

export interface Retries {
  readonly attempts: number;
  readonly perTryTimeout: string | undefined;
  readonly retryOn: string;
  readonly statusCodes: readonly number[];
}

export type PathRewrite =
  /** In place of what matched: the prefix, or the whole path of an exact or regex match. */
  | { readonly form: "prefix"; readonly text: string }
  /** RE2 and its substitution, in which "\1" is a group. */
  | { readonly form: "regex"; readonly pattern: string; readonly substitution: string };

export interface Forward {
  readonly kind: "forward";
  readonly destinations: readonly RouteDestination[];
  /** True where a single destination is written without weights. */
  readonly isSingle: boolean;
  /** As proto JSON writes it; "0s" is none. */
  readonly timeout: string;
  readonly retries: Retries | undefined;
  readonly rewrite: PathRewrite | undefined;
  readonly hostRewrite: string | undefined;
  readonly mirrors: readonly { readonly cluster: string; readonly percent: number }[];
  readonly hashPolicies: readonly HashPolicy[];
  /** The status where a destination does not exist. */
  readonly missingStatus: 500 | 503;
}

export type HashPolicy =
  | { readonly header: string }
  | { readonly cookie: { readonly name: string; readonly path: string | undefined; readonly ttl: string | undefined } }
  | { readonly sourceIp: true }
  | { readonly queryParameter: string };

export interface Redirect {
  readonly kind: "redirect";
  readonly status: number;
  readonly authority: string | undefined;
  readonly scheme: string | undefined;
  /** 0: none said. */
  readonly port: number;
  readonly path:
    { readonly form: "whole"; readonly text: string } | { readonly form: "prefix"; readonly text: string } | undefined;
}

export interface DirectResponse {
  readonly kind: "direct";
  readonly status: number;
  readonly body: string | undefined;
}

/** Percentages are of 0 to 100. */
export interface Fault {
  readonly abort:
    | {
        readonly httpStatus: number | undefined;
        readonly grpcStatus: number | undefined;
        readonly percent: number;
        /** False where none is said: Envoy then aborts nothing, though 100 is documented. */
        readonly isPercentSaid: boolean;
      }
    | undefined;
  readonly delay: { readonly fixedDelay: string; readonly percent: number } | undefined;
}

/** A route as the proxy has it: one match and what is done then. */
export interface Route {
  readonly name: string;
  /** undefined for what istiod adds by itself: a service's default, the answer to unknown hosts. */
  readonly rule: RouteRule | undefined;
  /** Index of the match in the rule; undefined where it has none. */
  readonly matchIndex: number | undefined;
  readonly match: HttpMatch;
  readonly action: Forward | Redirect | DirectResponse;
  readonly headers: Headers;
  readonly fault: Fault | undefined;
  /** networking.istio.io's CorsPolicy. */
  readonly cors: Readonly<Record<string, unknown>> | undefined;
}
