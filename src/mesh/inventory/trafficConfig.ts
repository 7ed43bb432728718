import type { ObjectRef } from "../model/refs.ts";

/** What one VirtualService, DestinationRule, HTTPRoute, GRPCRoute, TCPRoute or TLSRoute does to its hosts. */
export interface RouteFacts {
  readonly ref: ObjectRef;
  /** Fully qualified where they are Kubernetes services ("reviews.shop.svc.cluster.local"), else as written; "*" prefixes stay. */
  readonly hosts: readonly string[];
  /**
   * Where requests end up, qualified as hosts are; mirrors are not among them. What a gateway forwards is told by these:
   * its hosts are names of the outside. Empty for DestinationRules.
   */
  readonly destinations: readonly string[];
  /** The other clusters and namespaces that see it ("." and "*" resolved); undefined for all. */
  readonly exportTo: readonly string[] | undefined;
  /** "mesh" for the proxies of workloads, else "namespace/name". Empty for DestinationRules, which act everywhere. */
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

export type MtlsMode = "STRICT" | "PERMISSIVE" | "DISABLE" | "UNSET";

/** A PeerAuthentication, by what it selects. */
export interface MtlsFacts {
  readonly ref: ObjectRef;
  /** undefined: the whole namespace (the mesh, in the root namespace). */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly mode: MtlsMode;
  /** By port of the pod: where another mode than `mode` is wanted. Metrics do not tell ports, so this makes it unsure. */
  readonly portModes: Readonly<Record<string, MtlsMode>>;
}

/** What a policy is attached to by `targetRefs`: a Service, ServiceEntry, Gateway or GatewayClass. */
export interface PolicyTarget {
  readonly group: string;
  readonly kind: string;
  /** The policy's own, where it names none. */
  readonly namespace: string;
  readonly name: string;
}

/** Other configuration that applies somewhere: shown by name in a selection's panel. */
export interface OtherConfigFacts {
  readonly ref: ObjectRef;
  /** undefined: no labels are asked for; then `targets` say what it is for, or the whole namespace where there are none. */
  readonly selector: Readonly<Record<string, string>> | undefined;
  readonly targets: readonly PolicyTarget[];
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
