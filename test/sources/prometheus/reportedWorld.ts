import type { GrowingSeries } from "./exposition.ts";
import { bytesOf, durationsOf, requestsOf, type Report } from "./istioSeries.ts";

// Proxies' reports of all kinds, with the numbers that follow from them known beforehand.

export const east = { cluster: "east" } as const;
export const gateways = [
  { namespace: "shop", name: "edge" },
  { namespace: "other", name: "client" },
];
export const hostile = 'we"ird\\na\nme';

function bothSides(report: Omit<Report, "reporter">): readonly GrowingSeries[] {
  return (["source", "destination"] as const).map((reporter) => requestsOf({ ...report, reporter }));
}

interface End {
  readonly rps: number;
  readonly code?: string;
  readonly flags?: string;
  readonly to?: string;
}

function ends(service: string, { caller, near }: { caller: End; near?: End }): readonly GrowingSeries[] {
  const flow = { ...east, from: "client", to: `${service}-v1`, service };
  return [
    requestsOf({ ...flow, ...caller, reporter: "source" }),
    ...(near ? [requestsOf({ ...flow, ...near, reporter: "destination" })] : []),
  ];
}

const viaWaypoint = { ...east, from: "client", service: "reviews", rps: 40 } as const;
const oldProxies = { from: "client", to: "legacy-v1", service: "legacy", rps: 30, cluster: undefined } as const;
const slow = { ...east, from: "client", to: "slow-v1", service: "slow", rps: 10 } as const;
const lone = { ...east, from: "client", to: "lone-v1", service: "lone", rps: 10 } as const;
const legs = { ...east, from: "client", service: "reviews", rps: 0 } as const;

export const world: readonly GrowingSeries[] = [
  // Both ends report the same 100 requests a second.
  ...bothSides({ ...east, from: "client", to: "cart-v1", service: "cart", rps: 100 }),
  // The source alone saw these: they never reached anybody.
  requestsOf({
    ...east,
    reporter: "source",
    from: "client",
    to: "unknown",
    service: "cart",
    rps: 10,
    code: "503",
    flags: "UF",
  }),
  // The destination's proxy lost its program and answered 503: to the source that is an answer like any other.
  requestsOf({
    ...east,
    reporter: "destination",
    from: "client",
    to: "crash-v1",
    service: "crash",
    rps: 6,
    code: "503",
    flags: "UC",
  }),
  requestsOf({ ...east, reporter: "source", from: "client", to: "crash-v1", service: "crash", rps: 6, code: "503" }),
  // Of the same code, these did not get as far.
  requestsOf({
    ...east,
    reporter: "source",
    from: "client",
    to: "crash-v1",
    service: "crash",
    rps: 2,
    code: "503",
    flags: "UF",
  }),
  // How requests end at the caller and at the other end; what never got there is reported by the caller alone.
  ...ends("delayed", { caller: { rps: 4, flags: "DI" }, near: { rps: 4 } }),
  ...ends("aborted", { caller: { rps: 2, code: "503", flags: "FI", to: "unknown" } }),
  ...ends("delayed-aborted", { caller: { rps: 2, code: "503", flags: "DI,FI", to: "unknown" } }),
  ...ends("timed-out", {
    caller: { rps: 3, code: "504", flags: "UT" },
    near: { rps: 3, code: "0", flags: "DC" },
  }),
  ...ends("hung", { caller: { rps: 5, code: "504", flags: "UT" }, near: { rps: 0, code: "0", flags: "DC" } }),
  ...ends("retried", { caller: { rps: 1, code: "503", flags: "URX" }, near: { rps: 3, code: "503" } }),
  ...ends("unreachable", { caller: { rps: 1, code: "503", flags: "UF,URX" }, near: { rps: 7, code: "503" } }),
  ...ends("killed", { caller: { rps: 2, code: "503", flags: "UC" }, near: { rps: 9 } }),
  ...ends("impatient", { caller: { rps: 6, code: "0", flags: "DC" }, near: { rps: 6, code: "0", flags: "DC" } }),
  // A gateway: what it passes on, and what it answers itself because no route fits.
  ...bothSides({ ...east, from: "edge", to: "cart-v1", service: "cart", namespace: "other", rps: 8 }),
  requestsOf({
    ...east,
    reporter: "source",
    from: "edge",
    to: "unknown",
    service: "unknown",
    rps: 2,
    code: "404",
    flags: "NR",
  }),
  ...durationsOf(
    { ...east, reporter: "source", from: "edge", to: "cart-v1", service: "cart", namespace: "other", rps: 8 },
    "milliseconds",
    { above: 10, upTo: 25 },
  ),
  ...bytesOf(
    { ...east, reporter: "source", from: "edge", to: "vault-v1", service: "vault", rps: 0 },
    { up: 100, down: 300 },
  ),
  // A sidecar calls through a waypoint: its own report names the waypoint, the waypoint's names the workload it chose,
  // and a sidecar behind it reports the waypoint as its caller.
  requestsOf({ ...viaWaypoint, reporter: "source", to: "waypoint" }),
  requestsOf({ ...viaWaypoint, reporter: "waypoint", to: "reviews-v1", pod: "waypoint-7d9f8c6b5-x2x4z" }),
  requestsOf({ ...viaWaypoint, reporter: "destination", from: "waypoint", to: "reviews-v1" }),
  // The L4 proxies' two legs of the same flow, and a caller that talks to the pod directly.
  ...bytesOf({ ...legs, reporter: "source", to: "waypoint", security: "mutual_tls" }, { up: 5000, down: 7000 }),
  ...bytesOf({ ...legs, reporter: "destination", from: "waypoint", to: "reviews-v1" }, { up: 5000, down: 7000 }),
  ...bytesOf(
    { ...legs, reporter: "source", to: "reviews-v1", from: "direct", security: "mutual_tls" },
    { up: 10, down: 20 },
  ),
  ...bytesOf({ ...legs, reporter: "destination", to: "reviews-v1", from: "direct" }, { up: 10, down: 20 }),
  ...bytesOf(
    { ...legs, reporter: "destination", to: "reviews-v1", from: "scraper", security: "unknown" },
    { up: 1, down: 2 },
  ),
  // A gateway calls an ambient workload: nobody but the gateway speaks HTTP.
  requestsOf({ ...east, reporter: "source", from: "gateway", to: "ambient-v1", service: "ambient", rps: 20 }),
  // Its L4 proxy reports the same flow as bytes, and plain bytes of another caller.
  ...bytesOf(
    { ...east, reporter: "destination", from: "gateway", to: "ambient-v1", service: "ambient", rps: 0 },
    { up: 400, down: 800 },
  ),
  ...bytesOf(
    {
      ...east,
      reporter: "destination",
      from: "unknown",
      to: "ambient-v1",
      service: "ambient",
      rps: 0,
      security: "unknown",
    },
    { up: 3, down: 6 },
  ),
  // Proxies that know no clusters, and do not know the namespace of what reached nobody.
  ...bothSides(oldProxies),
  requestsOf({
    ...oldProxies,
    reporter: "source",
    to: "unknown",
    serviceNamespace: "unknown",
    rps: 3,
    code: "503",
    flags: "NR",
  }),
  // The source does not know the cluster of its destination.
  requestsOf({
    ...east,
    reporter: "source",
    toCluster: "unknown",
    from: "client",
    to: "far-v1",
    service: "far",
    rps: 12,
  }),
  requestsOf({
    ...east,
    reporter: "destination",
    toCluster: "west",
    from: "client",
    to: "far-v1",
    service: "far",
    rps: 12,
  }),
  // Two services with one workload; each side names another one.
  requestsOf({ ...east, reporter: "source", from: "client", to: "db-v1", service: "db", rps: 8 }),
  requestsOf({ ...east, reporter: "destination", from: "client", to: "db-v1", service: "db-headless", rps: 8 }),
  // gRPC, 4xx, no response, idle, hostile names.
  ...bothSides({ ...east, from: "client", to: "rpc-v1", service: "rpc", rps: 6, protocol: "grpc", grpcStatus: "0" }),
  ...bothSides({ ...east, from: "client", to: "rpc-v1", service: "rpc", rps: 2, protocol: "grpc", grpcStatus: "14" }),
  ...bothSides({ ...east, from: "client", to: "web-v1", service: "web", rps: 4, code: "404" }),
  ...bothSides({ ...east, from: "client", to: "web-v1", service: "web", rps: 1, code: "0", flags: "DC" }),
  ...bothSides({ ...east, from: "client", to: "idle-v1", service: "idle", rps: 0 }),
  ...bothSides({ ...east, from: "client", to: hostile, service: hostile, rps: 5 }),
  // What is no service.
  requestsOf({ ...east, reporter: "source", from: "client", to: "unknown", service: "PassthroughCluster", rps: 9 }),
  requestsOf({ ...east, reporter: "source", from: "client", to: "unknown", service: "10.1.2.3", rps: 9 }),
  // The same service in another cluster, in another namespace too.
  ...bothSides({ cluster: "west", from: "client", to: "cart-v1", service: "cart", rps: 50 }),
  ...bothSides({ ...east, namespace: "other", from: "client", to: "cart-v1", service: "cart", rps: 7 }),
  // Pure TCP: the client sends 1000 and gets 3000, and both ends say so.
  ...bytesOf(
    { ...east, reporter: "source", from: "client", to: "mongo-v1", service: "mongo", rps: 0 },
    { up: 1000, down: 3000 },
  ),
  ...bytesOf(
    { ...east, reporter: "destination", from: "client", to: "mongo-v1", service: "mongo", rps: 0 },
    { up: 1000, down: 3000 },
  ),
  // Durations: between 50 and 100 ms at the destination; the source, further away, measures more.
  ...bothSides(slow),
  ...durationsOf({ ...slow, reporter: "destination" }, "milliseconds", { above: 50, upTo: 100 }),
  // The destination hears nothing any more; what the source measures are its own failures.
  ...durationsOf({ ...lone, reporter: "destination", rps: 0 }, "milliseconds", { above: 5, upTo: 10 }),
  ...durationsOf({ ...lone, reporter: "source", flags: "UF", code: "503" }, "milliseconds", { above: 25, upTo: 50 }),
  ...durationsOf({ ...slow, reporter: "source" }, "milliseconds", { above: 100, upTo: 250 }),
  ...durationsOf({ ...oldProxies, reporter: "destination" }, "seconds", { above: 0.05, upTo: 0.1 }),
  ...durationsOf(
    { ...east, reporter: "source", from: "gateway", to: "ambient-v1", service: "ambient", rps: 20 },
    "milliseconds",
    {
      above: 5,
      upTo: 10,
    },
  ),
  { name: "istio_build", labels: { component: "pilot", tag: "1.29.2" }, perSecond: 0 },
  { name: "istio_build", labels: { component: "ztunnel", tag: "1.29.2" }, perSecond: 0 },
];
