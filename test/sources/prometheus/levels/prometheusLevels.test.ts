import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import fc from "fast-check";
import { fill } from "../../../../src/mesh/message.ts";
import type { LevelTelemetry, TrafficChartsQuery } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import { ranked } from "../../../../src/sources/prometheus/levels/chartSeries.ts";
import { chartTimes, timesOf } from "../../../../src/sources/prometheus/levels/chartTimes.ts";
import { notFound, sendJson, startFakeStore, vectorOf, type Answering, type FakeStore } from "../fakeStore.ts";
import { realClock, silentLog } from "../surroundings.ts";

const never = new AbortController().signal;
const toMillis = 1_700_000_003_210;
const range = { fromMillis: toMillis - 30_000, toMillis, stepSeconds: 10 };
const seconds = [1_699_999_973.21, 1_699_999_983.21, 1_699_999_993.21, 1_700_000_003.21];
const query: TrafficChartsQuery = {
  of: { what: "service", namespace: "shop", name: "cart" },
  direction: "inbound",
  cluster: { id: "east", withUnplaced: true },
  charts: [{ chart: "requests", by: "code" }],
  windowSeconds: 60,
  range,
};
const ends: (() => unknown)[] = [];
after(() => ends.forEach((end) => end()));

interface Line {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** Nothing but the lines of charts. */
function charting(...result: readonly Line[]): Answering {
  return (asked, response) => {
    const matrix = { status: "success", data: { resultType: "matrix", result } };
    if (asked.path.endsWith("/query_range")) sendJson(response, matrix);
    else if (asked.path.endsWith("/query")) sendJson(response, vectorOf());
    else notFound(asked, response);
  };
}

async function open(answer: Answering): Promise<{ readonly levels: LevelTelemetry; readonly store: FakeStore }> {
  const store = await startFakeStore(answer);
  const source = openPrometheus({ url: store.url, scrapeIntervalSeconds: 10 }, { log: silentLog, clock: realClock });
  ends.push(() => {
    source.dispose();
    store.close();
  });
  assert.ok(source.levels);
  await source.levels.trafficCharts(query, never);
  return { levels: source.levels, store };
}

function askedOf({ asked }: FakeStore, from: number, ...marks: readonly string[]): number {
  return asked.slice(from).filter(({ params }) => marks.some((mark) => params.get("query")?.includes(mark))).length;
}

describe("a chart from a store", () => {
  it("keeps gaps where points are missing, no numbers or infinite", async () => {
    const [a = 0, b = 0, , d = 0] = seconds;
    const values = [
      [a, "1"],
      [b, "NaN"],
      [d, "+Inf"],
    ] as const;
    const { levels } = await open(charting({ metric: { group: "200" }, values }));
    const { times, charts } = await levels.trafficCharts(query, never);
    assert.deepEqual([...times], seconds);
    assert.deepEqual([...(charts[0]?.series[0]?.points ?? [])], [1, NaN, NaN, NaN]);
  });

  it("is not asked for where the range is reversed or lies in the future", async () => {
    const { levels, store } = await open(charting());
    const before = store.asked.filter(({ path }) => path.endsWith("query_range")).length;
    const future = Date.now() + 3_600_000;
    const ranges = [
      { fromMillis: toMillis, toMillis: toMillis - 1, stepSeconds: 10 },
      { fromMillis: future, toMillis: future + 60_000, stepSeconds: 10 },
    ];
    const whys: string[] = [];
    for (const each of ranges) {
      const { charts } = await levels.trafficCharts({ ...query, range: each }, never);
      whys.push(fill(charts[0]?.missing[0]?.why ?? { text: "", args: [] }));
    }
    assert.deepEqual(whys, ["The range ends before it begins.", "The range lies in the future."]);
    assert.equal(store.asked.filter(({ path }) => path.endsWith("query_range")).length, before);
  });

  it("is one query, whatever is charted", async () => {
    const { levels, store } = await open(charting());
    const before = store.asked.filter(({ path }) => path.endsWith("query_range")).length;
    const all = [
      "requests",
      "errors",
      "latency",
      "messageBytes",
      "tcpBytes",
      "tcpConnections",
      "grpcMessages",
    ] as const;
    await levels.trafficCharts({ ...query, charts: all.map((chart) => ({ chart, by: "version" })) }, never);
    const node = { name: "a", addresses: [] };
    const parts = { cluster: undefined, windowSeconds: 60, range };
    await levels.resourceCharts({ ...parts, of: { what: "node", node }, charts: ["nodeCpu", "nodeNetwork"] }, never);
    await levels.sparks({ rows: "services", namespaces: undefined, windowSeconds: 60, range }, never);
    assert.equal(store.asked.filter(({ path }) => path.endsWith("query_range")).length - before, 7 + 2 + 2);
  });

  it("says why it failed and leaves the others", async () => {
    const refusing: Answering = (asked, response) => {
      if (asked.params.get("query")?.includes("histogram"))
        sendJson(response, { status: "error", error: "too much" }, 422);
      else charting({ metric: {}, values: [[seconds[3] ?? 0, "5"]] })(asked, response);
    };
    const { levels } = await open(refusing);
    const charts = [
      { chart: "latency", by: "none" },
      { chart: "requests", by: "none" },
    ] as const;
    const [latency, requests] = (await levels.trafficCharts({ ...query, charts }, never)).charts;
    assert.match(fill(latency?.missing[0]?.why ?? { text: "", args: [] }), /too much/);
    assert.deepEqual([requests?.series.length, requests?.missing], [1, []]);
  });
});

describe("rows of a level", () => {
  it("are three, three and six questions however many there are", async () => {
    const { levels, store } = await open(charting());
    const pods = Array.from({ length: 50 }, (_, i) => `cart-${i}`);
    const at = { cluster: undefined, windowSeconds: 60, atMillis: toMillis };
    const counts: number[] = [];
    const asks = [
      () => levels.podTraffic({ namespace: "shop", pods, windowSeconds: 60, atMillis: toMillis }, never),
      () => levels.containers({ ...at, of: { what: "pods", namespace: "shop", pods } }, never),
      () => levels.nodes({ ...at, nodes: pods.map((name) => ({ name, addresses: [] })) }, never),
    ];
    for (const ask of asks) {
      const from = store.asked.length;
      await ask();
      counts.push(askedOf(store, from, 'pod=~"cart-0', "node_"));
    }
    assert.deepEqual(counts, [3, 3, 6]);
  });
});

describe("the times of a chart", () => {
  it("end as asked, are even and at most 11,000, for any range", () => {
    const millis = fc.integer({ min: 0, max: 4_000_000_000_000 });
    const steps = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(NaN, Infinity, -1));
    fc.assert(
      fc.property(millis, fc.integer({ min: 0, max: 400_000_000 }), steps, (to, span, stepSeconds) => {
        const grid = chartTimes({ fromMillis: to - span, toMillis: to, stepSeconds }, 15);
        assert.ok(grid);
        const times = timesOf(grid);
        assert.ok(times.length >= 1 && times.length <= 11_000 && grid.step >= 15);
        assert.equal(times.at(-1), to / 1000);
        assert.ok((times[0] ?? 0) * 1000 >= to - span - 0.5);
      }),
      { numRuns: 60 },
    );
  });
});

describe("many lines of a chart", () => {
  it("are fifty with the highest last values and one with the sum of the others", () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(NaN)), { maxLength: 90 });
    fc.assert(
      fc.property(values, (lasts) => {
        const lines = lasts.map((last, i) => ({ name: `n${i}`, points: Float64Array.of(last) }));
        const { series } = ranked(lines, true);
        const sum = (all: readonly number[]): number => all.reduce((a, b) => a + (Number.isNaN(b) ? 0 : b), 0);
        assert.equal(sum(series.map(({ points }) => points[0] ?? NaN)), sum(lasts));
        assert.equal(series.length, Math.min(lasts.length, 51));
        assert.equal(ranked(lines, false).left, Math.max(0, lasts.length - 50));
      }),
      { numRuns: 100 },
    );
  });
});
