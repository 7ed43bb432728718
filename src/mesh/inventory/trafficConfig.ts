import type { ObjectRef } from "../model/refs.ts";

/** What one VirtualService, DestinationRule, HTTPRoute, GRPCRoute, TCPRoute or TLSRoute does to its hosts. */
export interface RouteFacts {
  readonly ref: ObjectRef;
  /** Fully qualified where they are Kubernetes services ("reviews.shop.svc.cluster.local"), else as written; "*" prefixes stay. */
  readonly hosts: readonly string[];
  /** The other clusters and namespaces that see it ("." and "*" resolved); undefined for all. */
  readonly exportTo: readonly string[] | undefined;
  readonly gateways: readonly string[];
  /** Weights send traffic to more than one destination. */
  readonly shiftsTraffic: boolean;
  /** Matches on something besides the port. */
  readonly routesRequests: boolean;
  readonly injectsFaults: boolean;
  readonly mirrors: boolean;
  readonly setsTimeouts: boolean;
  /** connectionPool or outlierDetection, also of a subset or port. */
  readonly breaksCircuits: boolean;
}

/** A PeerAuthentication, by what it selects. */
export interface MtlsFacts {
  readonly ref: ObjectRef;
  /** undefined: the whole namespace (the mesh, in the root namespace). */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly mode: "STRICT" | "PERMISSIVE" | "DISABLE" | "UNSET";
}

/** Other configuration that applies somewhere: shown by name in a selection's panel. */
export interface OtherConfigFacts {
  readonly ref: ObjectRef;
  readonly selector: Readonly<Record<string, string>> | undefined;
}

/** Configuration of the connected clusters that acts on traffic. Readable without an API server's help: pure values. */
export interface TrafficConfig {
  readonly routes: readonly RouteFacts[];
  readonly mtls: readonly MtlsFacts[];
  readonly others: readonly OtherConfigFacts[];
  /** Kinds that could not be read, as "VirtualService in demo-eu": badges are then not complete. */
  readonly unread: readonly string[];
}

export const noTrafficConfig: TrafficConfig = { routes: [], mtls: [], others: [], unread: [] };
