import type { KubeObject } from "../../../mesh/model/kubeObject.ts";

// The parts of Istio's configuration that move the demo's traffic, read from the objects as they are applied. Whatever
// is malformed is left out, as istiod leaves out what it cannot read.

export interface RouteTarget {
  /** Fully qualified for names inside the cluster. */
  readonly host: string;
  readonly subset: string | undefined;
  readonly weight: number;
}

export interface Fault {
  readonly abort:
    { readonly share: number; readonly httpStatus: number; readonly grpcStatus: number | undefined } | undefined;
  readonly delay: { readonly share: number; readonly seconds: number } | undefined;
}

export interface Route {
  readonly targets: readonly RouteTarget[];
  readonly fault: Fault;
  /** Who gets copies of the requests; the weight is the share of them, 0 to 1. */
  readonly mirrors: readonly RouteTarget[];
  readonly hasMatch: boolean;
}

export interface VirtualHosts {
  readonly hosts: readonly string[];
  /** Also for proxies of workloads, not only for gateways. */
  readonly isForMesh: boolean;
  readonly isForGateways: boolean;
  readonly http: readonly Route[];
  readonly tcp: readonly Route[];
}

export interface TrafficConfig {
  /** By host that they are about (mesh) or send to (gateways), in the order of their namespaces and names. */
  readonly forMesh: ReadonlyMap<string, readonly VirtualHosts[]>;
  readonly forGateways: ReadonlyMap<string, readonly VirtualHosts[]>;
  /** By host, then by the subset's name: the labels. */
  readonly subsets: ReadonlyMap<string, ReadonlyMap<string, Readonly<Record<string, string>>>>;
  /** By host: how its clients are told to reach it. */
  readonly policies: ReadonlyMap<string, ClientPolicy>;
  /** Who insists on mutual TLS. */
  readonly peers: readonly PeerPolicy[];
}

export interface ClientPolicy {
  /** Clients speak plain text whatever the mesh would do (tls.mode DISABLE). */
  readonly isPlain: boolean;
  /** The smallest limit of the connection pool; Infinity where there is none. */
  readonly limit: number;
}

/** A PeerAuthentication: of the mesh in istio-system, else of a namespace, or of the pods with the labels. */
export interface PeerPolicy {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** All of its ports want mutual TLS. */
  readonly isStrict: boolean;
}

type Json = Readonly<Record<string, unknown>>;

function record(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Istio's rule for short names: they mean the namespace of the object that says them. */
export function qualified(host: string, namespace: string): string {
  return host.includes(".") || host === "*" ? host : `${host}.${namespace}.svc.cluster.local`;
}

/** Objects of other kinds are passed over. */
export function readTrafficConfig(objects: Iterable<KubeObject>): TrafficConfig {
  const forMesh = new Map<string, VirtualHosts[]>();
  const forGateways = new Map<string, VirtualHosts[]>();
  const subsets = new Map<string, Map<string, Readonly<Record<string, string>>>>();
  const policies = new Map<string, ClientPolicy>();
  const peers: PeerPolicy[] = [];
  for (const object of objects) {
    const namespace = object.metadata.namespace ?? "default";
    const spec = record(object["spec"]);
    if (object.kind === "VirtualService") {
      const virtual = virtualHosts(spec, namespace);
      if (virtual.isForMesh) for (const host of virtual.hosts) push(forMesh, host, virtual);
      const routes = virtual.isForGateways ? [...virtual.http, ...virtual.tcp] : [];
      const targets = new Set(routes.flatMap((route) => route.targets.map((target) => target.host)));
      for (const host of targets) push(forGateways, host, virtual);
    }
    if (object.kind === "DestinationRule") {
      const host = qualified(text(spec["host"]) ?? "", namespace);
      // Istio merges the subsets of several rules for one host.
      const known = subsets.get(host) ?? new Map<string, Readonly<Record<string, string>>>();
      for (const subset of list(spec["subsets"]).map(record)) {
        const name = text(subset["name"]);
        if (name !== undefined && !known.has(name)) known.set(name, labels(subset["labels"]));
      }
      subsets.set(host, known);
      policies.set(host, clientPolicy(record(spec["trafficPolicy"])));
    }
    if (object.kind === "PeerAuthentication") peers.push(peerPolicy(spec, namespace));
  }
  return { forMesh, forGateways, subsets, policies, peers };
}

export const noConfig: TrafficConfig = {
  forMesh: new Map(),
  forGateways: new Map(),
  subsets: new Map(),
  policies: new Map(),
  peers: [],
};

function clientPolicy(policy: Json): ClientPolicy {
  const pool = record(policy["connectionPool"]);
  const [http, tcp] = [record(pool["http"]), record(pool["tcp"])];
  const limits = [http["http1MaxPendingRequests"], http["http2MaxRequests"], tcp["maxConnections"]];
  // Zero is Istio's word for its default.
  const limit = Math.min(...limits.map((value) => number(value) || Infinity));
  return { isPlain: record(policy["tls"])["mode"] === "DISABLE", limit };
}

function peerPolicy(spec: Json, namespace: string): PeerPolicy {
  const modes = [spec["mtls"], ...Object.values(record(spec["portLevelMtls"]))].map((one) => record(one)["mode"]);
  const selector = record(spec["selector"])["matchLabels"];
  return {
    namespace,
    labels: selector === undefined ? undefined : labels(selector),
    isStrict: modes.every((mode) => mode === "STRICT"),
  };
}

function push(map: Map<string, VirtualHosts[]>, host: string, virtual: VirtualHosts): void {
  const there = map.get(host);
  if (there) there.push(virtual);
  else map.set(host, [virtual]);
}

function labels(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(record(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

function virtualHosts(spec: Json, namespace: string): VirtualHosts {
  const gateways = list(spec["gateways"]).filter((name) => typeof name === "string");
  return {
    hosts: list(spec["hosts"]).flatMap((host) => (typeof host === "string" ? [qualified(host, namespace)] : [])),
    isForMesh: gateways.length === 0 || gateways.includes("mesh"),
    isForGateways: gateways.some((name) => name !== "mesh"),
    http: list(spec["http"]).map((route) => routeOf(record(route), namespace)),
    tcp: list(spec["tcp"]).map((route) => routeOf(record(route), namespace)),
  };
}

function routeOf(route: Json, namespace: string): Route {
  const targets = list(route["route"])
    .map(record)
    .flatMap((entry): RouteTarget[] => {
      const destination = record(entry["destination"]);
      const host = text(destination["host"]);
      if (host === undefined) return [];
      const weight = Math.max(0, number(entry["weight"]) ?? 0);
      return [{ host: qualified(host, namespace), subset: text(destination["subset"]), weight }];
    });
  const fault = faultOf(record(route["fault"]));
  return { targets, fault, mirrors: mirrorsOf(route, namespace), hasMatch: list(route["match"]).some(isNarrow) };
}

// Copies of all requests unless a percentage says less. `mirror` is the older way to write one of `mirrors`.
function mirrorsOf(route: Json, namespace: string): readonly RouteTarget[] {
  const older = { destination: route["mirror"], percentage: route["mirrorPercentage"] };
  return [...list(route["mirrors"]).map(record), older].flatMap(({ destination, percentage }) => {
    const to = record(destination);
    const host = text(to["host"]);
    if (host === undefined) return [];
    const share = Math.min(100, Math.max(0, number(record(percentage)["value"]) ?? 100)) / 100;
    return [{ host: qualified(host, namespace), subset: text(to["subset"]), weight: share }];
  });
}

// A match on nothing but the prefix "/" takes every request.
function isNarrow(match: unknown): boolean {
  const conditions = Object.entries(record(match)).filter(([name]) => name !== "name");
  return !conditions.every(([name, value]) => name === "uri" && record(value)["prefix"] === "/");
}

function faultOf(fault: Json): Fault {
  const abort = record(fault["abort"]);
  const delay = record(fault["delay"]);
  const seconds = parseDuration(text(delay["fixedDelay"]));
  const httpStatus = number(abort["httpStatus"]);
  const grpcStatus = grpcCodes.indexOf(text(abort["grpcStatus"]) ?? "");
  const aborts = httpStatus !== undefined || grpcStatus > 0;
  return {
    abort: aborts
      ? { share: shareOf(abort), httpStatus: httpStatus ?? 200, grpcStatus: grpcStatus > 0 ? grpcStatus : undefined }
      : undefined,
    delay: seconds === undefined ? undefined : { share: shareOf(delay), seconds },
  };
}

// HTTPFaultInjection: without a percentage every request is hit; `percent` is the deprecated whole number.
function shareOf(fault: Json): number {
  const percent = number(record(fault["percentage"])["value"]) ?? number(fault["percent"]);
  return fault["percentage"] === undefined && percent === undefined
    ? 1
    : Math.min(1, Math.max(0, (percent ?? 0) / 100));
}

const grpcCodes = [
  ["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"],
  ["PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"],
  ["INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"],
].flat();

const unitSeconds: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001, us: 1e-6, ns: 1e-9 };

/** A protobuf or Go duration such as "5s", "1.5s" or "1m30s", in seconds; undefined where it is not one. */
export function parseDuration(duration: string | undefined): number | undefined {
  if (duration === undefined || !/^(\d+(\.\d+)?(h|ms|m|s|us|ns))+$/.test(duration)) return undefined;
  let seconds = 0;
  for (const [, amount = "", unit = ""] of duration.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/g)) {
    seconds += Number(amount) * (unitSeconds[unit] ?? 0);
  }
  return seconds;
}
