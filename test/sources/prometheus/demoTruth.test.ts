import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { Summaries, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import { demoTruth, type Truth, type TruthRow } from "../../../src/sources/demo/demoTruth.ts";
import { serveDemo, servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { realClock, silentLog } from "./surroundings.ts";

const windowSeconds = 20;
const gateways = [{ namespace: "istio-ingress", name: "istio-ingressgateway" }];

type Numbers = Omit<TruthRow, "clusterId" | "namespace" | "name">;

function numbersOf({ requests, latency, tcp }: TrafficRow): Numbers {
  return {
    rps: requests?.rps ?? null,
    errorRate: requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : null,
    p50: latency?.p50 ?? null,
    p95: latency?.p95 ?? null,
    p99: latency?.p99 ?? null,
    receivedBytesPerSecond: tcp?.receivedBytesPerSecond ?? null,
    sentBytesPerSecond: tcp?.sentBytesPerSecond ?? null,
  };
}

function isNear(actual: number | null, expected: number | null): boolean {
  if (actual === null || expected === null) return actual === expected;
  return Math.abs(actual - expected) <= Math.abs(expected) * 0.02 + 1e-6;
}

/** What differs by more than 2 %, as lines to read. V1 proxies know no clusters, and there is one only. */
function differences(rows: readonly TrafficRow[], truth: readonly TruthRow[], hasClusters: boolean): readonly string[] {
  const keyOf = (row: { readonly clusterId?: string | undefined; readonly namespace: string; readonly name: string }) =>
    `${hasClusters ? row.clusterId : "-"}/${row.namespace}/${row.name}`;
  const measured = new Map(rows.map((row) => [keyOf(row), numbersOf(row)]));
  return truth.flatMap((row) => {
    const found = measured.get(keyOf(row));
    if (!found) return [`${keyOf(row)}: no row`];
    return (Object.keys(found) as (keyof Numbers)[])
      .filter((field) => !isNear(found[field], row[field]))
      .map((field) => `${keyOf(row)} ${field}: ${found[field]} instead of ${row[field]}`);
  });
}

for (const telemetry of ["v2", "v1", "ambient"] as const satisfies readonly Dialect[]) {
  describe(`the demo mesh through a real Prometheus (${telemetry})`, { skip: prometheusSkip() }, () => {
    let served: Awaited<ReturnType<typeof serveDemo>>;
    let engine: MetricsEngine;
    let source: TelemetrySource;
    let measured: Summaries;
    let truth: Truth;

    before(async () => {
      const options = { telemetry, clock: realClock, log: silentLog, port: 0 };
      const mesh = servedMesh(options);
      served = await serveDemo(options);
      engine = await startPrometheus({ targets: [{ address: `127.0.0.1:${served.port}` }] });
      source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
      await eventually(
        "scrapes for a whole window",
        async () => ((await engine.query("count_over_time(up[2m])"))[0]?.value ?? 0) > windowSeconds + 8,
        { seconds: 90, everyMs: 500 },
      );
      const atMillis = Date.now();
      measured = await source.summaries(
        { windowSeconds, atMillis, namespaces: undefined, gateways },
        AbortSignal.timeout(60_000),
      );
      truth = demoTruth(mesh, { windowSeconds, gateways, atMillis: measured.provenance[0]?.atMillis ?? atMillis });
    });

    after(async () => {
      source.dispose();
      await engine.stop();
      await served.close();
    });

    it("has the numbers of every service within 2 %", () => {
      // The ambient demo shows no series for the host outside, which no proxy stands in front of.
      const known = truth.services.filter(({ name }) => telemetry !== "ambient" || name !== "api.bank.example");
      assert.deepEqual(differences(measured.services, known, telemetry !== "v1"), []);
    });

    it("has the numbers of every workload within 2 %", () => {
      assert.deepEqual(differences(measured.workloads, truth.workloads, telemetry !== "v1"), []);
    });

    it("has what gateways pass on within 2 %", () => {
      assert.notEqual(truth.forwarded.length, 0);
      assert.deepEqual(differences(measured.forwarded, truth.forwarded, telemetry !== "v1"), []);
    });

    it("has no row for a service that does not exist", () => {
      const names = new Set(truth.services.map(({ namespace, name }) => `${namespace}/${name}`));
      assert.deepEqual(
        measured.services.filter(({ namespace, name }) => !names.has(`${namespace}/${name}`)),
        [],
      );
    });
  });
}
