import { createFormat } from "../../../src/mesh/format/format.ts";
import type { Call, ClusterPlace, ServiceEnd, WorkloadEnd } from "../../../src/mesh/telemetry/edges/calls.ts";
import { graphOf } from "../../../src/mesh/topology/graph/graphOf.ts";
import type { TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import type { TopologyReading } from "../../../src/mesh/topology/reading/topologyReading.ts";
import type { LoadParams } from "../../../src/protocol/topology/topologyContract.ts";

/** One line of a mesh: who calls whom, and how that goes. */
export interface CallLine {
  /** "shop/front-v1": namespace and workload; the version is what follows the last "-v". */
  readonly from: string;
  /** "shop/reviews": namespace and service. */
  readonly to: string;
  /** "shop/reviews-v2"; that of the service, version 1, if not given. */
  readonly at?: string;
  readonly protocol?: "http" | "grpc" | "tcp";
  readonly rps?: number;
  /** Of all requests, 0 to 1: answered with 500. */
  readonly errors?: number;
  readonly sentBytesPerSecond?: number;
  readonly receivedBytesPerSecond?: number;
  readonly cluster?: string;
}

const places = new Map<string, ClusterPlace>();
const workloads = new Map<string, WorkloadEnd>();
const services = new Map<string, ServiceEnd>();

function interned<V>(known: Map<string, V>, key: string, made: () => V): V {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = made()));
  return value;
}

function placeOf(label: string): ClusterPlace {
  return interned(places, label, () => ({ label, key: undefined, isDerived: false }));
}

function halves(text: string): readonly [string, string] {
  const at = text.indexOf("/");
  return [text.slice(0, at), text.slice(at + 1)];
}

function workloadOf(text: string, cluster: string): WorkloadEnd {
  return interned(workloads, `${cluster}/${text}`, () => {
    const [namespace, workload] = halves(text);
    const version = /-(v\d+)$/u.exec(workload)?.[1];
    const app = version === undefined ? workload : workload.slice(0, -version.length - 1);
    return { place: placeOf(cluster), namespace, workload, app, version, isWaypoint: false };
  });
}

/** The calls that proxies would count of these lines. */
export function callsOf(lines: readonly CallLine[]): Call[] {
  return lines.flatMap((line) => {
    const { from, to, at = `${to}-v1`, protocol = "http", rps = 0, errors = 0, cluster = "demo-eu" } = line;
    const [namespace, name] = halves(to);
    const base = {
      source: workloadOf(from, cluster),
      service: interned(services, `${cluster}/${to}`, () => ({ place: placeOf(cluster), namespace, name })),
      destination: workloadOf(at, cluster),
      protocol,
      grpcStatus: "",
      flags: "",
      mutualTls: "yes" as const,
      isL4: false,
      sentBytesPerSecond: line.sentBytesPerSecond ?? 0,
      receivedBytesPerSecond: line.receivedBytesPerSecond ?? 0,
    };
    if (protocol === "tcp") return [{ ...base, code: "", rps: 0 }];
    const good = { ...base, code: "200", rps: rps * (1 - errors) };
    return errors > 0 ? [good, { ...base, code: "500", rps: rps * errors }] : [good];
  });
}

/** A reading of just these calls, with nothing known besides. */
export function readingOf(calls: readonly Call[], params: LoadParams, atMillis: number): TopologyReading {
  const { view, windowSeconds, namespaces, ambient, withIdleEdges } = params;
  const store = {
    cluster: "demo-eu",
    label: "demo-eu",
    state: "ready" as const,
    measuredAt: atMillis,
    isDerived: false,
    dialects: ["V2"],
    scrapeIntervalSeconds: 15,
  };
  return {
    query: {
      view,
      windowSeconds,
      atMillis: params.atMillis ?? undefined,
      isAligned: true,
      namespaces: namespaces ?? undefined,
      ambient,
      withIdleEdges,
      withLatency: false,
    },
    atMillis,
    windowSeconds,
    calls,
    latency: [],
    stores: [store],
    problems: [],
    empty: undefined,
    provenance: [],
    costs: [],
  };
}

export function graphOfLines(lines: readonly CallLine[], params: LoadParams, atMillis: number): TopologyGraph {
  const options = { withIdleNodes: params.withIdleNodes, format: createFormat("en") };
  return graphOf(readingOf(callsOf(lines), params, atMillis), undefined, options);
}

/** A shop with a fault, a database and a second namespace. */
export const shop: readonly CallLine[] = [
  { from: "istio-system/istio-ingressgateway", to: "shop/front", rps: 40 },
  { from: "shop/front-v1", to: "shop/reviews", at: "shop/reviews-v1", rps: 10.8 },
  { from: "shop/front-v1", to: "shop/reviews", at: "shop/reviews-v2", rps: 1.2, errors: 0.5 },
  { from: "shop/front-v1", to: "shop/catalog", protocol: "grpc", rps: 25 },
  { from: "shop/reviews-v1", to: "shop/ratings", rps: 24 },
  { from: "shop/reviews-v2", to: "shop/ratings", rps: 0.04 },
  { from: "shop/front-v1", to: "payments/charge", rps: 3 },
  {
    from: "payments/charge-v1",
    to: "payments/ledger-db",
    protocol: "tcp",
    sentBytesPerSecond: 1600,
    receivedBytesPerSecond: 900,
  },
];

/** A mesh of so many namespaces with so many apps each, calling one another in chains and across. */
export function largeMesh(namespaces: number, apps: number): CallLine[] {
  const lines: CallLine[] = [];
  const name = (ns: number, app: number) => `team-${ns}/app-${ns}-${app}`;
  for (let ns = 0; ns < namespaces; ns++) {
    for (let app = 0; app < apps; app++) {
      if (app + 1 < apps) lines.push({ from: `${name(ns, app)}-v1`, to: name(ns, app + 1), rps: 10 + app });
      if (app % 4 === 0) lines.push({ from: `${name(ns, app)}-v1`, to: name((ns + 1) % namespaces, app), rps: 2 });
    }
  }
  return lines;
}
