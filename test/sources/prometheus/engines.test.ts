import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import type { Capabilities } from "../../../src/mesh/telemetry/capabilities.ts";
import type { Summaries, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import type { EngineOptions, MetricsEngine } from "../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "../../support/victoriaMetrics.ts";
import { startExposition, type Exposition, type GrowingSeries } from "./exposition.ts";
import { bytesOf, durationsOf, requestsOf, type Report } from "./istioSeries.ts";
import { realClock, silentLog } from "./surroundings.ts";

const engines: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly start: (options: EngineOptions) => Promise<MetricsEngine>;
}[] = [
  { name: "Prometheus", skip: prometheusSkip(), start: startPrometheus },
  { name: "VictoriaMetrics", skip: await victoriaMetricsSkip(), start: startVictoriaMetrics },
];

const east = { cluster: "east" } as const;
const gateways = [
  { namespace: "shop", name: "edge" },
  { namespace: "other", name: "client" },
];
const hostile = 'we"ird\\na\nme';

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

const world: readonly GrowingSeries[] = [
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

for (const { name, skip, start } of engines) {
  describe(`the numbers of the lists from ${name}`, { skip }, () => {
    let exposition: Exposition;
    let engine: MetricsEngine;
    let source: TelemetrySource;
    let all: Summaries;
    let capabilities: Capabilities;

    before(async () => {
      exposition = await startExposition(world);
      engine = await start({ targets: [{ address: exposition.address }], pathPrefix: "/deep/down" });
      source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
      await eventually("enough scrapes for a window", async () => {
        const [scrapes] = await engine.query('count_over_time(istio_build{component="pilot"}[1m])');
        return (scrapes?.value ?? 0) >= 18;
      });
      capabilities = await source.capabilities(AbortSignal.timeout(10_000));
      all = await ask(undefined);
    });

    after(async () => {
      source.dispose();
      await engine.stop();
      exposition.close();
    });

    function ask(namespaces: readonly string[] | undefined): Promise<Summaries> {
      return source.summaries(
        { windowSeconds: 10, atMillis: Date.now(), namespaces, gateways },
        AbortSignal.timeout(20_000),
      );
    }

    function service(wanted: string, clusterId: string | null = "east", namespace = "shop"): TrafficRow | undefined {
      return all.services.find(
        (r) => r.name === wanted && r.clusterId === (clusterId ?? undefined) && r.namespace === namespace,
      );
    }

    function workload(wanted: string, clusterId: string | null = "east"): TrafficRow | undefined {
      return all.workloads.find(
        (r) => r.name === wanted && r.clusterId === (clusterId ?? undefined) && r.namespace === "shop",
      );
    }

    function isNear(actual: number | null | undefined, expected: number): void {
      assert.ok(typeof actual === "number", `expected about ${expected}, got ${actual}`);
      assert.ok(Math.abs(actual - expected) <= expected * 0.02, `expected about ${expected}, got ${actual}`);
    }

    it("asks at most six questions, all answered", () => {
      assert.deepEqual([all.provenance.length <= 6, all.missing], [true, []]);
    });

    it("counts what both ends report once, and adds what only the source saw", () => {
      isNear(service("cart")?.requests?.rps, 110);
      isNear(service("cart")?.requests?.errorsPerSecond, 10);
      isNear(workload("cart-v1")?.requests?.rps, 100);
    });

    it("counts a failure once though both ends flag it differently", () => {
      isNear(service("crash")?.requests?.errorsPerSecond, 8);
      isNear(workload("crash-v1")?.requests?.rps, 8);
    });

    const outcomes: readonly (readonly [what: string, service: string, rps: number, workload?: "nobody"])[] = [
      ["a request that was delayed on purpose, which the other end sees as any other", "delayed", 4],
      ["a request that was aborted on purpose and never got there", "aborted", 2, "nobody"],
      ["a request that was first delayed and then aborted on purpose", "delayed-aborted", 2, "nobody"],
      ["a request whose caller stopped waiting, which the other end sees leave", "timed-out", 3],
      ["a request whose caller stopped waiting while nobody reports the other end", "hung", 5],
      ["tries that were all answered as the other end answered them", "retried", 3],
      ["tries that found nobody beside those that were answered", "unreachable", 8],
      ["a request that broke off together with the other end's proxy", "killed", 11],
      ["a request whose own caller left, which all proxies see", "impatient", 6],
    ];
    for (const [what, name, rps, whom] of outcomes) {
      it(`counts once ${what}`, () => {
        isNear(service(name)?.requests?.rps, rps);
        if (whom === "nobody") assert.equal(workload(`${name}-v1`), undefined);
        else isNear(workload(`${name}-v1`)?.requests?.rps, rps);
      });
    }

    it("has what a gateway passes on or answers itself, and no other caller's", () => {
      const [edge, ...others] = all.forwarded;
      assert.deepEqual([edge?.namespace, edge?.name, edge?.clusterId, others], ["shop", "edge", "east", []]);
      isNear(edge?.requests?.rps, 10);
      isNear(edge?.requests?.clientErrorsPerSecond, 2);
      isNear(edge?.latency?.p50, 0.0175);
      isNear(edge?.tcp?.receivedBytesPerSecond, 100);
      isNear(edge?.tcp?.sentBytesPerSecond, 300);
    });

    it("counts a request through a waypoint once", () => {
      isNear(service("reviews")?.requests?.rps, 40);
      isNear(workload("reviews-v1")?.requests?.rps, 40);
    });

    it("leaves the L4 legs of a waypoint's flows out of the bytes, and keeps those of direct callers", () => {
      isNear(service("reviews")?.tcp?.receivedBytesPerSecond, 11);
      isNear(workload("reviews-v1")?.tcp?.sentBytesPerSecond, 22);
    });

    it("counts what a gateway reports of an ambient workload", () => {
      isNear(service("ambient")?.requests?.rps, 20);
      isNear(workload("ambient-v1")?.requests?.rps, 20);
    });

    it("does not show a gateway's HTTP once more as bytes, but shows what came in plain text", () => {
      isNear(service("ambient")?.tcp?.receivedBytesPerSecond, 3);
      isNear(workload("ambient-v1")?.tcp?.sentBytesPerSecond, 6);
    });

    it("reads proxies without cluster labels, and places what reached nobody by its host name", () => {
      isNear(service("legacy", null)?.requests?.rps, 33);
      isNear(service("legacy", null)?.requests?.errorsPerSecond, 3);
      isNear(workload("legacy-v1", null)?.requests?.rps, 30);
    });

    it("believes the destination about its own cluster", () => {
      isNear(service("far", "west")?.requests?.rps, 12);
      assert.equal(service("far", "east"), undefined);
    });

    it("counts a workload once where each end names another one of its services", () => {
      isNear(workload("db-v1")?.requests?.rps, 8);
    });

    it("tells gRPC errors, client errors and missing responses apart", () => {
      isNear(service("rpc")?.requests?.grpcErrorsPerSecond, 2);
      isNear(service("rpc")?.requests?.grpcPerSecond, 8);
      isNear(service("web")?.requests?.clientErrorsPerSecond, 4);
      isNear(service("web")?.requests?.noResponsePerSecond, 1);
      isNear(service("web")?.requests?.errorsPerSecond, 1);
    });

    it("shows an idle service with zeros and without quantiles", () => {
      const { requests, latency } = service("idle") ?? {};
      assert.deepEqual([requests?.rps, latency], [0, { p50: null, p95: null, p99: null }]);
    });

    it("keeps names with quotes, backslashes and line breaks", () => {
      isNear(service(hostile)?.requests?.rps, 5);
      isNear(workload(hostile)?.requests?.rps, 5);
    });

    it("lists nothing that is no service", () => {
      const names = all.services.map((row) => row.name);
      assert.deepEqual(
        names.filter((wanted) => /Cluster$|^\d|unknown/.test(wanted)),
        [],
      );
    });

    it("keeps clusters and namespaces apart", () => {
      isNear(service("cart", "west")?.requests?.rps, 50);
      isNear(service("cart", "east", "other")?.requests?.rps, 15);
    });

    it("turns the bytes of a pure TCP service to the service's own side", () => {
      isNear(service("mongo")?.tcp?.receivedBytesPerSecond, 1000);
      isNear(service("mongo")?.tcp?.sentBytesPerSecond, 3000);
      assert.equal(service("mongo")?.requests, undefined);
    });

    it("gives quantiles in seconds: the destination's first, else the source's, whatever the unit", () => {
      isNear(service("slow")?.latency?.p50, 0.075);
      isNear(workload("slow-v1")?.latency?.p95, 0.0975);
      isNear(service("legacy", null)?.latency?.p50, 0.075);
      isNear(service("ambient")?.latency?.p99, 0.00995);
      isNear(service("lone")?.latency?.p50, 0.0375);
    });

    it("answers for the chosen namespaces alone", async () => {
      const { services, workloads } = await ask(["other"]);
      assert.deepEqual(
        [services.map((r) => [r.namespace, r.name]), workloads.map((r) => [r.namespace, r.name])],
        [[["other", "cart"]], [["other", "cart-v1"]]],
      );
    });

    it("asks nothing where no namespace is chosen", async () => {
      const { provenance, services } = await ask([]);
      assert.deepEqual([provenance, services], [[], []]);
    });

    it("says what the store holds", () => {
      assert.deepEqual(capabilities.dialects, ["v2", "v1", "ambient"]);
      assert.deepEqual(capabilities.latencyUnits, ["ms", "s"]);
      assert.deepEqual(capabilities.clusterIds, ["east", "west"]);
      assert.equal(capabilities.tcp.present && capabilities.http.present && capabilities.responseFlags.present, true);
      assert.deepEqual(capabilities.kubeStateMetrics, { present: false, lookedFor: ["kube_pod_info"] });
      assert.equal(capabilities.scrapeIntervalSeconds, 1);
      assert.ok(capabilities.engine?.startsWith(name), capabilities.engine);
      assert.deepEqual(capabilities.builds.map(({ component, tag }) => `${component} ${tag}`).toSorted(), [
        "pilot 1.29.2",
        "ztunnel 1.29.2",
      ]);
    });
  });
}
