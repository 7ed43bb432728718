import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import type { LevelPath } from "../../../../src/mesh/drilldown/level.ts";
import { readCharts } from "../../../../src/mesh/drilldown/readCharts.ts";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { say } from "../../../../src/mesh/message.ts";
import type { TelemetrySource } from "../../../../src/mesh/ports.ts";
import type { TrafficChartsQuery } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { aCluster, aMesh, aRef, aService, now } from "../../explorer/aWorld.ts";

const { signal } = new AbortController();
const range = { fromMillis: now - 60_000, toMillis: now, stepSeconds: 60 };
const path = [{ level: "meshService", ref: aRef({ cluster: "" }) }] as const;

interface Asked {
  readonly store: string;
  readonly query: TrafficChartsQuery;
}

/** The store of each cluster; requests of a cluster by its ID, undefined where the question fails. */
function inputOf(
  stores: Readonly<Record<"eu" | "us", string>>,
  requests: Readonly<Record<string, readonly number[] | undefined>>,
  asked: Asked[] = [],
  steps: Readonly<Record<string, number>> = {},
): DrilldownInput {
  const sourceOf = (id: string) => {
    const levels = {
      trafficCharts: (query: TrafficChartsQuery) => {
        asked.push({ store: id, query });
        const points = requests[query.cluster.id ?? ""];
        if (!points) return Promise.reject(new MeshError("timeout", say("it took too long")));
        const one = { chart: "requests", by: "none", unit: "rps", provenance: undefined, missing: [] };
        const charts = [{ ...one, series: [{ name: "", points: Float64Array.from(points) }] }];
        const step = steps[id] ?? 60;
        return Promise.resolve({
          times: Float64Array.from(points, (_, i) => now / 1000 - (points.length - 1 - i) * step),
          charts,
        });
      },
    };
    return { id, label: id, levels } as unknown as TelemetrySource;
  };
  const entries = (["eu", "us"] as const).map((id) => {
    const cluster = { key: `uid-${id}`, clusterId: id, context: `prod-${id}` };
    return { source: sourceOf(stores[id]), capabilities: undefined, cluster, status: undefined };
  });
  const clusters = (["eu", "us"] as const).map((id) => {
    return aCluster({ key: `uid-${id}`, context: `prod-${id}`, clusterId: id });
  });
  const services = ["uid-eu", "uid-us"].map((cluster) => aService("reviews", { cluster }));
  return {
    stores: entries,
    meshes: [aMesh(clusters)],
    services,
    workloads: [],
    nodes: [],
  } as unknown as DrilldownInput;
}

async function requestsOf(input: DrilldownInput, of: LevelPath = path) {
  const asked = [{ chart: "requests", direction: "inbound", by: "none" }] as const;
  const { charts } = await readCharts(input, of, asked, { windowSeconds: 60, range, signal });
  const [chart] = charts;
  assert.ok(chart);
  return chart;
}

void test("requests of a mesh service are the sum over its clusters' stores, time by time", async () => {
  const { series, source } = await requestsOf(inputOf({ eu: "p1", us: "p2" }, { eu: [1, 2], us: [10, 20] }));
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[11, 22]],
  );
  assert.equal(source, "p1, p2");
});

void test("a store that two clusters share is asked for each cluster's own rows, so that none counts double", async () => {
  const asked: Asked[] = [];
  const { series } = await requestsOf(inputOf({ eu: "p1", us: "p1" }, { eu: [1, 2], us: [10, 20] }, asked));
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[11, 22]],
  );
  assert.deepEqual(
    asked.map(({ query }) => query.cluster),
    [
      { id: "eu", withUnplaced: false },
      { id: "us", withUnplaced: false },
    ],
  );
});

void test("where one store does not answer there is a gap that says so, and no sum of the others", async () => {
  const { series, missing } = await requestsOf(inputOf({ eu: "p1", us: "p2" }, { eu: undefined, us: [10, 20] }));
  assert.deepEqual(series, []);
  assert.deepEqual(
    missing.map(({ why }) => why.text),
    ["it took too long"],
  );
});

void test("of stores with steps of their own only the times that all of them have are added up", async () => {
  const input = inputOf({ eu: "p1", us: "p2" }, { eu: [1, 2, 3, 4, 5], us: [10, 20] }, [], { p1: 15, p2: 60 });
  const { series } = await requestsOf(input);
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[11, 25]],
  );
});

void test("a store whose times fit no others' leaves a gap that says so, and no sum without it", async () => {
  const input = inputOf({ eu: "p1", us: "p2" }, { eu: [1, 2, 3], us: [10, 20] }, [], { p1: 40, p2: 60 });
  const { series, missing } = await requestsOf(input);
  assert.deepEqual(series, []);
  assert.deepEqual(
    missing.map(({ why }) => why.args),
    [["p1"]],
  );
});

void test("a namespace's requests are those of the mesh that it was opened in, not of another one's namespace", async () => {
  const input = inputOf({ eu: "p1", us: "p2" }, { eu: [1, 2], us: [10, 20] });
  const meshes = input.meshes.flatMap(({ clusters }) => clusters.map((view) => ({ ...aMesh([view]), id: view.key })));
  const own = aRef({ cluster: "", kind: "Mesh", namespace: "", name: "uid-us" });
  const { series } = await requestsOf({ ...input, meshes }, [
    { level: "mesh", ref: own },
    { level: "namespace", ref: aRef({ cluster: "", kind: "Namespace", namespace: "", name: "shop" }) },
  ]);
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[10, 20]],
  );
});

void test("where one store knows nothing of a time that it told of before, the sum is a gap; before its first value it is not", async () => {
  const { series } = await requestsOf(inputOf({ eu: "p1", us: "p2" }, { eu: [NaN, 1, NaN, 3], us: [10, 20, 30, 40] }));
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[10, 21, NaN, 43]],
  );
});

void test("a service of that name in another mesh is another one: its requests are in no sum", async () => {
  const input = inputOf({ eu: "p1", us: "p2" }, { eu: [1, 2], us: [10, 20] });
  const meshes = input.meshes.flatMap(({ clusters }) =>
    clusters.map((cluster) => ({ ...aMesh([cluster]), id: cluster.key })),
  );
  const apart = { ...input, meshes };
  const mesh = { level: "mesh", ref: aRef({ cluster: "", kind: "Mesh", namespace: "", name: "uid-us" }) } as const;
  const { series } = await requestsOf(apart, [mesh, ...path]);
  assert.deepEqual(
    series.map(({ points }) => [...points]),
    [[10, 20]],
  );
  const [first] = (await requestsOf(apart)).series;
  assert.deepEqual([...(first?.points ?? [])], [1, 2]);
});
