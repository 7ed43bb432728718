import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { say } from "../../../../src/mesh/message.ts";
import { meshNumbers } from "../../../../src/mesh/overview/meshNumbers.ts";
import type { TrafficChart, TrafficChartsQuery } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { ServiceView } from "../../../../src/mesh/inventory/views.ts";
import { aCluster, aMesh, aService, now } from "../../explorer/aWorld.ts";

const { signal } = new AbortController();
const late = { what: say("Chart"), why: say("it took too long") };

/** What a store answers, by chart and series; a chart without an entry has failed. */
type Told = Readonly<Partial<Record<TrafficChart, Readonly<Record<string, number>>>>>;

async function numbersOf(told: Readonly<Record<string, Told>>, services: readonly ServiceView[] = []) {
  const ids = Object.keys(told);
  const stores = ids.map((id) => {
    const trafficCharts = ({ charts, windowSeconds }: TrafficChartsQuery) =>
      Promise.resolve({
        times: Float64Array.of(now / 1000),
        charts: charts.map(({ chart, by }) => {
          const lines = Object.entries(told[id]?.[chart] ?? {});
          const series = lines.map(([name, value]) => ({ name, points: Float64Array.of(value) }));
          const missing = told[id]?.[chart] ? [] : [late];
          return {
            chart,
            by,
            unit: "rps",
            provenance: { sourceId: id, query: `${chart} by ${by}`, windowSeconds, atMillis: now },
            series,
            missing,
          };
        }),
      });
    const source = { id, label: id, levels: { trafficCharts } };
    return { source, capabilities: undefined, cluster: { key: id, clusterId: id, context: id }, status: undefined };
  });
  const mesh = aMesh(ids.map((id) => aCluster({ key: id, context: id, clusterId: id, controlPlanes: [] })));
  const input = { stores, meshes: [mesh], services, workloads: [], nodes: [] } as unknown as DrilldownInput;
  const time = { windowSeconds: 300, atMillis: now, isAsListed: false };
  return await meshNumbers({ input, mesh, namespace: undefined, ...time, signal });
}

test("requests whose failures are not told have no share of errors, not 0", async () => {
  const { trafficThen, problems } = await numbersOf({ eu: { requests: { shop: 10 }, latency: {} } });
  assert.equal(trafficThen?.get("shop")?.rps, 10);
  assert.ok(Number.isNaN(trafficThen.get("shop")?.errorsPerSecond));
  assert.ok(problems.some(({ text }) => text === "it took too long"));
});

test("failed requests are the share of those that are told, and of none there are none", async () => {
  const { trafficThen } = await numbersOf({
    eu: { requests: { shop: 10, quiet: 0 }, errors: { shop: 0.2 }, latency: {} },
  });
  assert.deepEqual(trafficThen?.get("shop"), { rps: 10, errorsPerSecond: 2 });
  assert.deepEqual(trafficThen.get("quiet"), { rps: 0, errorsPerSecond: 0 });
});

test("the p95 of one store is not the mesh's where another one's durations could not be asked", async () => {
  const whole = { requests: { shop: 10 }, errors: { shop: 0 } };
  const { p95 } = await numbersOf({ eu: { ...whole, latency: { p95: 0.1 } }, us: whole });
  assert.ok(Number.isNaN(p95));
});

test("the p95 of the one store that knows durations is the mesh's where the other one has none", async () => {
  const whole = { requests: { shop: 10 }, errors: { shop: 0 } };
  const { p95 } = await numbersOf({ eu: { ...whole, latency: { p95: 0.1 } }, us: { ...whole, latency: {} } });
  assert.equal(p95, 0.1);
});

test("numbers of another window have their own queries, those of that window", async () => {
  const { thenOrigin } = await numbersOf({ eu: { requests: { shop: 10 }, errors: { shop: 0 }, latency: {} } });
  assert.equal(thenOrigin?.source, "eu");
  assert.deepEqual(
    thenOrigin.provenance.map(({ query, windowSeconds }) => [query, windowSeconds]),
    [
      ["requests by namespace", 300],
      ["errors by namespace", 300],
    ],
  );
});

test("the p95 of a namespace that is also where nothing was told is no data, and of one that is not, it is its own", async () => {
  const told = {
    eu: { requests: {}, errors: {}, latency: { shop: 0.2, ops: 0.4 } },
    us: { requests: {}, errors: {} },
  };
  const services = [aService("a", { cluster: "eu" }), aService("a", { cluster: "us" })];
  const { p95ByNamespace } = await numbersOf(told, services);
  assert.equal(p95ByNamespace.get("shop"), undefined);
  assert.equal(p95ByNamespace.get("ops"), 0.4);
});

test("a mesh in which nothing was requested says so, and not that durations are unknown", async () => {
  const { p95Why } = await numbersOf({ eu: { requests: {}, errors: {}, latency: {} } });
  assert.equal(p95Why?.text, "No requests in the window");
});
