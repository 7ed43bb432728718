import type { RouteRule } from "../config/routeConfig.ts";
import type { Route } from "./route.ts";

/** A host's routes, in order: the first that matches takes the request. */
export interface VirtualHost {
  readonly name: string;
  /** Names in lower case, without ports; a leading or trailing "*" stands for any characters, "*" for any name. */
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
  /** Answers with a redirect to https before any route is looked at. */
  readonly requiresTls: boolean;
}

/** Envoy's RouteConfiguration of a listener. */
export interface RouteTable {
  readonly name: string;
  readonly hosts: readonly VirtualHost[];
}

/** A connection's way without HTTP: one filter chain with a TCP proxy. */
export interface StreamChain {
  /** Server names it is for; empty for any. In the order in which Envoy has them. */
  readonly serverNames: readonly string[];
  /** CIDRs and addresses of destinations it is for; empty for any. */
  readonly subnets: readonly string[];
  readonly destinations: readonly { readonly cluster: string; readonly weight: number }[];
  /** The rule; undefined where the chain is a service's own. */
  readonly rule: RouteRule | undefined;
  /** True where the proxy's own configuration names the rule's source, as sidecars' does. */
  readonly namesSource: boolean;
}

/** HTTP at a listener. */
export interface HttpChain {
  readonly serverNames: readonly string[];
  /** True if the proxy ends TLS there. */
  readonly isTls: boolean;
  readonly table: () => RouteTable;
}

export type FilterChain = ({ readonly kind: "http" } & HttpChain) | ({ readonly kind: "stream" } & StreamChain);

/** What a proxy does with connections to an address and port. */
export interface ProxyListener {
  /** "0.0.0.0_8080". */
  readonly name: string;
  readonly port: number;
  readonly chains: readonly FilterChain[];
  /** What takes a connection that no chain takes; undefined closes it. */
  readonly fallback: FilterChain | undefined;
}
