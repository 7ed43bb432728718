import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrafficReading } from "../../../../src/mesh/explorer/join/traffic.ts";
import { createLiveMesh } from "../../../../src/mesh/live/createLiveMesh.ts";
import { numbersOf, readList } from "../../../../src/mesh/lists/readList.ts";
import { noRequests } from "../../../../src/mesh/telemetry/requestRates.ts";
import { createDemoMesh } from "../../../../src/sources/demo/demoMesh.ts";
import { eventually } from "../../../support/eventually.ts";
import { systemClock } from "../../../../src/sources/kubernetes/systemClock.ts";

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const signal = new AbortController().signal;

/** The demo's lists as a window has them. */
async function onDemo<T>(
  use: (input: ReturnType<ReturnType<typeof createLiveMesh>["drilldown"]>) => Promise<T>,
): Promise<T> {
  const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock });
  const live = createLiveMesh({
    clusters: clusters.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
    clock: systemClock,
    log,
    settings: {
      ...{ windowSeconds: 60, refreshSeconds: 15, appLabels: ["app"], versionLabels: ["version"] },
      ...{ namespaces: undefined, locale: "en" },
    },
  });
  const watching = live.watch();
  try {
    await live.refresh(signal);
    await eventually("all is listed", () => live.scopes.every(({ isComplete }) => isComplete) || undefined);
    return await use(live.drilldown());
  } finally {
    watching.dispose();
    live.dispose();
  }
}

test("a row has the very numbers and the verdict that trees and drill-down have", async () => {
  await onDemo(async (input) => {
    const { rows } = await readList(input, "services", signal);
    assert.equal(rows.length, input.services.length);
    for (const row of rows) {
      const { reading, verdict } = input.assessment(row.id);
      assert.equal(row.state, verdict.state);
      if ((reading.requests?.rps ?? 0) > 0) assert.equal(row.rps, reading.requests?.rps);
      if (reading.latency?.p95) assert.equal(row.p95, reading.latency.p95);
    }
  });
});

test("every row with requests has a line whose last point is near its rate", async () => {
  await onDemo(async (input) => {
    const { rows, sparkLength } = await readList(input, "services", signal);
    const flowing = rows.filter(({ rps }) => rps > 1);
    assert.ok(flowing.length > 5);
    for (const { ref, spark, rps } of flowing) {
      assert.equal(spark?.length, sparkLength, ref.name);
      const last = spark.at(-1) ?? NaN;
      assert.ok(Math.abs(last / rps - 1) < 0.1, `${ref.name}: ${last} and ${rps}`);
    }
  });
});

test("the demo's two clusters have lines of their own", async () => {
  await onDemo(async (input) => {
    const { rows } = await readList(input, "services", signal);
    const fronts = rows.filter(({ ref }) => ref.namespace === "shop" && ref.name === "front");
    assert.equal(fronts.length, 2);
    assert.notDeepEqual(fronts[0]?.spark, fronts[1]?.spark);
  });
});

test("totals are the sums of the rows, and errors weigh by requests", async () => {
  await onDemo(async (input) => {
    const { rows, totals } = await readList(input, "services", signal);
    const known = rows.filter(({ rps }) => !Number.isNaN(rps));
    const rps = known.reduce((sum, row) => sum + row.rps, 0);
    const errors = known.reduce((sum, row) => sum + (Number.isNaN(row.errorRate) ? 0 : row.rps * row.errorRate), 0);
    assert.ok(Math.abs(totals.rps - rps) < 1e-9);
    assert.ok(Math.abs(totals.errorRate - errors / rps) < 1e-9);
  });
});

test("kinds of configuration that act on a service are named once each", async () => {
  await onDemo(async (input) => {
    await eventually("configuration is read", () => input.config.routes.length > 0 || undefined).catch(() => undefined);
    const { rows } = await readList(input, "services", signal);
    for (const { configuration } of rows) assert.equal(new Set(configuration).size, configuration.length);
  });
});

test("what carries only TCP has no rate of requests, and what is idle has a known 0", () => {
  const tcp = { receivedBytesPerSecond: 5, sentBytesPerSecond: 6 };
  const carrying: TrafficReading = { kind: "flowing", requests: noRequests, tcp };
  assert.ok(Number.isNaN(numbersOf(carrying).rps));
  assert.equal(numbersOf(carrying).receivedBytesPerSecond, 5);
  assert.equal(numbersOf({ kind: "idle" }).rps, 0);
  assert.ok(Number.isNaN(numbersOf({ kind: "none" }).rps));
});

test("quantiles of a row without requests are no data", () => {
  const reading: TrafficReading = { kind: "idle", latency: { p50: 0.1, p95: 0.2, p99: 0.3 } };
  assert.ok(Number.isNaN(numbersOf(reading).p95));
});
