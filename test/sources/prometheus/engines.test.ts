import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import type { Capabilities } from "../../../src/mesh/telemetry/capabilities.ts";
import type { Summaries, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { startExposition, type Exposition } from "./exposition.ts";
import { gateways, hostile, world } from "./reportedWorld.ts";
import { engines } from "./storeEngines.ts";
import { realClock, silentLog } from "./surroundings.ts";

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
