import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { Summaries, TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import { demoTruth, type TruthRow } from "../../../src/sources/demo/demoTruth.ts";
import { serveDemo, servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { systemClock as clock } from "../../../src/sources/kubernetes/systemClock.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { close, never } from "./demoShop.ts";

// The demo's exposition, scraped by a real Prometheus and asked through the adapter, gives the demo's own truth. One
// Prometheus scrapes all three dialects; a label of the target, which the adapter is told to ask for, keeps them apart.

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const dialects: readonly Dialect[] = ["v2", "v1", "ambient"];
const windowSeconds = 45;
const scrapeIntervalSeconds = 2;
const tolerance = 0.02;
/** The last scrapes may still be on their way into the store. */
const settledSeconds = 10;

describe("a real Prometheus that scrapes the demo mesh", { skip: prometheusSkip() }, () => {
  const answers = new Map<Dialect, { measured: Summaries; truth: ReturnType<typeof demoTruth> }>();
  const servers: Awaited<ReturnType<typeof serveDemo>>[] = [];
  let engine: MetricsEngine | undefined;

  before(async () => {
    for (const telemetry of dialects) servers.push(await serveDemo({ port: 0, telemetry, clock, log }));
    const targets = servers.map(({ port }, i) => {
      return { address: `127.0.0.1:${port}`, labels: { dialect: dialects[i] ?? "" } };
    });
    const started = (engine = await startPrometheus({ targets, scrapeIntervalSeconds }));
    const scrapes = windowSeconds / scrapeIntervalSeconds;
    await eventually(
      "a window full of scrapes",
      async () => {
        const counts = await started.query(`count_over_time(up[${windowSeconds + 60}s])`);
        return (
          counts.length === dialects.length &&
          counts.every(({ value }) => value > scrapes + settledSeconds / scrapeIntervalSeconds + 4)
        );
      },
      { seconds: 180, everyMs: 1000 },
    );
    for (const telemetry of dialects) {
      const source = openPrometheus({ url: started.url, queryLabels: { dialect: telemetry } }, { log, clock });
      const query = { windowSeconds, atMillis: clock.now() - settledSeconds * 1000, namespaces: undefined };
      const measured = await source.summaries(query, never);
      source.dispose();
      const [asked] = measured.provenance;
      assert.ok(asked);
      answers.set(telemetry, { measured, truth: demoTruth(servedMesh({ clock, telemetry }), asked) });
    }
  });

  after(async () => {
    await engine?.stop();
    for (const server of servers) await server.close();
  });

  for (const dialect of dialects) {
    for (const scope of ["services", "workloads"] as const) {
      it(`has the true numbers of the ${scope} in the dialect ${dialect}`, () => {
        const answer = answers.get(dialect);
        assert.ok(answer);
        const wrong: string[] = [];
        for (const row of answer.truth[scope]) {
          const measured = answer.measured[scope].find((other) => isSame(row, other));
          const what = `${row.clusterId}/${row.namespace}/${row.name}`;
          if (!measured) wrong.push(`${what} is missing`);
          else compare(what, row, measured, wrong);
        }
        assert.ok(answer.truth[scope].length > 15);
        assert.deepEqual(wrong, []);
      });
    }
  }
});

function isSame(row: TruthRow, { clusterId, namespace, name }: TrafficRow): boolean {
  // V1 knows no clusters.
  return row.namespace === namespace && row.name === name && row.clusterId === (clusterId ?? "eu");
}

function compare(what: string, truth: TruthRow, measured: TrafficRow, wrong: string[]): void {
  const { requests, latency, tcp } = measured;
  const errorRate = requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : null;
  const pairs: readonly (readonly [string, number | null, number | null])[] = [
    ["rps", truth.rps, requests?.rps ?? null],
    ["errors", truth.errorRate, errorRate],
    ["p50", truth.p50, latency?.p50 ?? null],
    ["p95", truth.p95, latency?.p95 ?? null],
    ["p99", truth.p99, latency?.p99 ?? null],
    ["received", truth.receivedBytesPerSecond, tcp?.receivedBytesPerSecond ?? null],
    ["sent", truth.sentBytesPerSecond, tcp?.sentBytesPerSecond ?? null],
  ];
  for (const [name, expected, actual] of pairs) {
    if (expected === null) {
      if (actual !== null) wrong.push(`${name} of ${what}: ${actual} of what does not exist`);
      continue;
    }
    try {
      close(actual, expected, tolerance, `${name} of ${what}`);
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
}
