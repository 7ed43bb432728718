import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../../../src/mesh/meshError.ts";
import { fill, say } from "../../../../../src/mesh/message.ts";
import type { Log } from "../../../../../src/mesh/ports.ts";
import type { EdgeSeries, EdgeSeriesQuery } from "../../../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { readSelectionSeries } from "../../../../../src/mesh/topology/reading/readSelectionSeries.ts";
import { readTopology } from "../../../../../src/mesh/topology/reading/readTopology.ts";
import type { TopologyInput, TopologyReading } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { ManualClock } from "../../../live/manualClock.ts";
import { storesOf } from "../../telemetry/edges/seriesText.ts";
import { entryOf, FakeStore, query } from "./fakeStore.ts";

const log: Log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const tools = { clock: new ManualClock(), log };
const { signal } = new AbortController();

const cart = "shop/front@eu -> shop/cart > shop/cart@eu";
const orders = "shop/front@eu -> shop/orders > shop/orders@eu";
const both = `source ${cart} | http 200 | 5\nsource ${orders} | http 200 | 7`;
const cartInUs = cart.replaceAll("@eu", "@us");
const time = { fromMillis: 100_000, toMillis: 130_000, stepSeconds: 15 };
const threeTimes = [100, 115, 130];
const p95 = { p50: new Float64Array(3), p95: Float64Array.of(1, 2, 3), p99: new Float64Array(3) };
const refused = new MeshError("unreachable", say("The connection was refused"));

interface Range {
  readonly times?: readonly number[];
  readonly latency?: EdgeSeries["latency"];
  readonly missing?: EdgeSeries["missing"];
}

/** Rows of `text`, each with its values at the times. */
function rangeOf(text: string, points: readonly (readonly number[])[], range: Range = {}): EdgeSeries {
  const [store] = storesOf(`store x\n${text}`);
  assert.ok(store && store.edges.length === points.length);
  const { times = threeTimes, latency, missing = [] } = range;
  const edges = { ...store.edges, times: Float64Array.from(times), points: Float64Array.from(points.flat()) };
  return { edges, latency, provenance: [], missing };
}

/** The same value at each time, in steps no shorter than the store's scrapes. */
function flat(text: string, value: number, scrapeSeconds: number) {
  return ({ fromMillis, toMillis, stepSeconds }: EdgeSeriesQuery): EdgeSeries => {
    const step = Math.max(stepSeconds, scrapeSeconds);
    const count = Math.floor((toMillis - fromMillis) / 1000 / step) + 1;
    const times = Array.from({ length: count }, (_, i) => fromMillis / 1000 + i * step);
    const latency = {
      p50: new Float64Array(count),
      p95: new Float64Array(count).fill(2),
      p99: new Float64Array(count),
    };
    return rangeOf(text, [times.map(() => value)], { times, latency });
  };
}

interface Scraped {
  readonly store: FakeStore;
  /** "not told" leaves the store's abilities unknown. */
  readonly scrape: number | "not told";
}

async function readingOf(...scraped: readonly Scraped[]) {
  const entries = scraped.map(({ store, scrape }, i) => {
    const entry = entryOf(store, ["demo-eu", "demo-us"][i] ?? "", ["eu", "us"][i]);
    const told = entry.capabilities && scrape !== "not told";
    return { ...entry, capabilities: told ? { ...entry.capabilities, scrapeIntervalSeconds: scrape } : undefined };
  });
  const input: TopologyInput = { stores: entries, facts: undefined };
  return { input, reading: await readTopology(input, query, tools, signal) };
}

function every15({ ...stores }: Readonly<Record<string, FakeStore>>) {
  return readingOf(...Object.values(stores).map((store) => ({ store, scrape: 15 })));
}

function callsTo({ calls }: TopologyReading, service: string) {
  return calls.filter((call) => call.service?.name === service);
}

/** A store with the calls inside each of two clusters: 5 requests per second in eu, 7 in us. */
function twoClusters() {
  const eu = new FakeStore("eu", `source ${cart} | http 200 | 5`);
  const us = new FakeStore("us", `source ${cartInUs} | http 200 | 7`);
  eu.series = flat(`source ${cart} | http 200 | 0`, 5, 15);
  us.series = flat(`source ${cartInUs} | http 200 | 0`, 7, 15);
  return { eu, us };
}

function problemsOf({ problems }: Pick<TopologyReading, "problems">): readonly string[] {
  return problems.map(({ words }) => fill(words));
}

describe("a selection over time", () => {
  it("counts each request once at each time, and has gaps where nothing is known", async () => {
    const store = new FakeStore("eu", both);
    const { input, reading } = await every15({ store });
    const rows = [
      `source ${cart} | http 200 | 0`,
      `destination ${cart} | http 200 | 0`,
      `destination ${cart} | http 500 | 0`,
    ];
    store.series = () =>
      rangeOf(rows.join("\n"), [
        [5, NaN, 7],
        [4, NaN, NaN],
        [1, NaN, 2],
      ]);
    const calls = callsTo(reading, "cart");
    const series = await readSelectionSeries(input, { reading, calls, time }, tools, signal);
    assert.deepEqual([...series.times], [100, 115, 130]);
    assert.deepEqual([...series.rps], [5, NaN, 9]);
    assert.deepEqual([...series.errorsPerSecond], [1, NaN, 2]);
  });

  it("has a gap where one of its stores knows nothing of that time, not a lower number", async () => {
    const { eu, us } = twoClusters();
    us.series = () => rangeOf(`source ${cartInUs} | http 200 | 0`, [[7, NaN, 7]]);
    const { input, reading } = await every15({ eu, us });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time }, tools, signal);
    assert.deepEqual([...series.rps], [12, NaN, 12]);
  });

  it("does not wait for a store that never heard of it", async () => {
    const { eu, us } = twoClusters();
    us.series = () => rangeOf("", []);
    const { input, reading } = await every15({ eu, us });
    const calls = reading.calls.filter(({ source }) => source.place.label === "eu");
    const series = await readSelectionSeries(input, { reading, calls, time }, tools, signal);
    assert.deepEqual([...series.rps], [5, 5, 5]);
  });

  it("has latencies only where they are of exactly this selection", async () => {
    const store = new FakeStore("eu", both);
    const { input, reading } = await every15({ store });
    store.series = () => rangeOf(`source ${cart} | http 200 | 0`, [[5, 5, 5]], { latency: p95 });
    const one = await readSelectionSeries(input, { reading, calls: callsTo(reading, "cart"), time }, tools, signal);
    assert.deepEqual([...(one.latency?.p95 ?? [])], [1, 2, 3]);
    const some = { reading: { ...reading, calls: [...reading.calls, crossCall(reading)] }, calls: reading.calls, time };
    const mixed = await readSelectionSeries(input, some, tools, signal);
    assert.equal(mixed.latency, undefined);
  });

  it("where no store answers is the failure", async () => {
    const store = new FakeStore("eu", both);
    const { input, reading } = await every15({ store });
    store.series = () => {
      throw new MeshError("timeout", say("No answer within {0} seconds", 30));
    };
    const selection = { reading, calls: callsTo(reading, "cart"), time };
    await assert.rejects(readSelectionSeries(input, selection, tools, signal), /No answer within 30 seconds/);
  });
});

describe("the times of a selection over time", () => {
  const minute = { fromMillis: 100_000, toMillis: 160_000, stepSeconds: 15 };

  it("are those of the store that is scraped most rarely, and hold the sum of all", async () => {
    const { eu, us } = twoClusters();
    us.series = flat(`source ${cartInUs} | http 200 | 0`, 7, 30);
    const { input, reading } = await readingOf({ store: eu, scrape: 15 }, { store: us, scrape: 30 });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time: minute }, tools, signal);
    assert.deepEqual([...series.times], [100, 130, 160]);
    assert.deepEqual([...series.rps], [12, 12, 12]);
  });

  it("are those that all stores have, where one is scraped more rarely than anybody knew", async () => {
    const { eu, us } = twoClusters();
    us.series = flat(`source ${cartInUs} | http 200 | 0`, 7, 30);
    const { input, reading } = await readingOf({ store: eu, scrape: 15 }, { store: us, scrape: "not told" });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time: minute }, tools, signal);
    assert.deepEqual([...series.times], [100, 130, 160]);
    assert.deepEqual([...series.rps], [12, 12, 12]);
  });

  it("are those of the latencies, too", async () => {
    const { eu, us } = twoClusters();
    const latency = { ...p95, p95: Float64Array.of(1, 2, 3, 4, 5) };
    const times = [100, 115, 130, 145, 160];
    eu.series = () => rangeOf(`source ${cart} | http 200 | 0`, [times.map(() => 5)], { times, latency });
    const rare = flat(`source ${cartInUs} | http 200 | 0`, 7, 30);
    us.series = (asked) => ({ ...rare(asked), latency: undefined });
    const { input, reading } = await readingOf({ store: eu, scrape: "not told" }, { store: us, scrape: "not told" });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time: minute }, tools, signal);
    assert.deepEqual([...(series.latency?.p95 ?? [])], [1, 3, 5]);
  });

  for (const [what, scrape, stepSeconds, range] of [
    ["one step where that is long", 15, 1440, 1440],
    ["two and a half scrapes where steps are short", 30, 15, 75],
    ["the window, if that is short, where nobody knows how often it is scraped", "not told", 15, 60],
  ] as const) {
    it(`are each of ${what}`, async () => {
      const { eu } = twoClusters();
      const asked: EdgeSeriesQuery[] = [];
      const answer = eu.series;
      eu.series = (question) => {
        asked.push(question);
        return answer(question);
      };
      const { input, reading } = await readingOf({ store: eu, scrape });
      const long = { fromMillis: 0, toMillis: 10_000 * stepSeconds, stepSeconds };
      await readSelectionSeries(input, { reading, calls: reading.calls, time: long }, tools, signal);
      assert.equal(asked[0]?.windowSeconds, range);
    });
  }

  it("shows an outage of a part of a step as deep as it is in that step", async () => {
    // 24 minutes with 5 minutes of nothing: 19 / 24 of the rate, whatever the reading's window of a day.
    const { eu } = twoClusters();
    const outage = { from: 50_000, to: 50_300 };
    eu.series = ({ windowSeconds, fromMillis, toMillis, stepSeconds }) => {
      const times = Array.from({ length: (toMillis - fromMillis) / 1000 / stepSeconds + 1 }, (_, i) => i * stepSeconds);
      const rate = (at: number) => {
        const lost = Math.max(0, Math.min(at, outage.to) - Math.max(at - windowSeconds, outage.from));
        return (24 * (windowSeconds - lost)) / windowSeconds;
      };
      return rangeOf(`source ${cart} | http 200 | 0`, [times.map(rate)], { times });
    };
    const { input } = await every15({ eu });
    const reading = await readTopology(input, { ...query, windowSeconds: 86_400 }, tools, signal);
    const day = { fromMillis: 0, toMillis: 86_400_000, stepSeconds: 1440 };
    const { rps } = await readSelectionSeries(input, { reading, calls: reading.calls, time: day }, tools, signal);
    assert.deepEqual([Math.min(...rps), Math.max(...rps)], [19, 24]);
  });
});

describe("a selection over time that is not known in full", () => {
  it("has gaps where a store that counts for it fails, and says why", async () => {
    const { eu, us } = twoClusters();
    const { input, reading } = await every15({ eu, us });
    us.series = () => {
      throw refused;
    };
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time }, tools, signal);
    assert.deepEqual([...series.rps], [NaN, NaN, NaN]);
    assert.deepEqual([...series.sentBytesPerSecond], [NaN, NaN, NaN]);
    assert.equal(series.latency, undefined);
    assert.deepEqual(problemsOf(series), [
      "The chart leaves out what would be a false number. Store us: The connection was refused",
    ]);
  });

  it("is drawn where only a store fails that does not count for it, which is said", async () => {
    const { eu, us } = twoClusters();
    const { input, reading } = await every15({ eu, us });
    us.series = () => {
      throw refused;
    };
    const calls = reading.calls.filter(({ source }) => source.place.label === "eu");
    const series = await readSelectionSeries(input, { reading, calls, time }, tools, signal);
    assert.deepEqual([...series.rps], [5, 5, 5]);
    assert.deepEqual([...(series.latency?.p95 ?? [])], [2, 2, 2]);
    assert.deepEqual(problemsOf(series), ["Store us: The connection was refused"]);
  });

  for (const [about, rps, bytes] of [
    ["requests", NaN, 0],
    ["tcp", 12, NaN],
    ["latency", 12, 0],
  ] as const) {
    it(`has gaps in what is summed of the ${about} where a store could not answer that, and says why`, async () => {
      const { eu, us } = twoClusters();
      const { input, reading } = await every15({ eu, us });
      const whole = us.series;
      us.series = (asked) => ({
        ...whole(asked),
        ...{ latency: undefined, missing: [{ what: say("Part"), why: say("too many series"), about }] },
      });
      const series = await readSelectionSeries(input, { reading, calls: reading.calls, time }, tools, signal);
      assert.deepEqual([...series.rps], [rps, rps, rps]);
      assert.deepEqual([...series.receivedBytesPerSecond], [bytes, bytes, bytes]);
      assert.equal(series.latency === undefined, about === "latency");
      const [problem] = problemsOf(series);
      assert.match(problem ?? "", /Store us: Part. too many series$/);
      assert.equal(problem?.startsWith("The chart leaves out"), about !== "latency");
    });
  }

  it("misses nothing where a store never had what it was asked for", async () => {
    const { eu, us } = twoClusters();
    const { input, reading } = await every15({ eu, us });
    const whole = us.series;
    const missing = [{ what: say("TCP bytes"), why: say("there are none"), about: "tcp", isAbsent: true }] as const;
    us.series = (asked) => ({ ...whole(asked), missing });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time }, tools, signal);
    assert.deepEqual([...series.receivedBytesPerSecond], [0, 0, 0]);
    assert.deepEqual(series.problems, []);
  });

  it("takes no bytes of an ambient flow for all of it where its requests are missing", async () => {
    const legs = `ztunnel destination ${cart} | tcp mtls=mutual_tls | 100 down 300`;
    const eu = new FakeStore("eu", `source ${cart} | http 200 | 5\n${legs}`);
    const { input, reading } = await every15({ eu });
    const rows = [
      [100, 100, 100],
      [300, 300, 300],
    ];
    const missing = [{ what: say("Requests"), why: say("too many series"), about: "requests" }] as const;
    eu.series = () => rangeOf(legs, rows, { missing });
    const series = await readSelectionSeries(input, { reading, calls: reading.calls, time }, tools, signal);
    assert.deepEqual([...series.sentBytesPerSecond], [NaN, NaN, NaN]);
  });
});

/** Between the ends of two selected calls, and not selected itself: their labels let it through. */
function crossCall({ calls }: TopologyReading) {
  const [a, b] = calls;
  assert.ok(a && b);
  return { ...a, destination: b.destination };
}
