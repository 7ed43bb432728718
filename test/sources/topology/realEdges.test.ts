import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { EdgeAnswer } from "../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { createFormat } from "../../../src/mesh/format/format.ts";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import type { TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../src/mesh/topology/graph/graphOf.ts";
import { readTopology } from "../../../src/mesh/topology/reading/readTopology.ts";
import type { StoreEntry, TopologyQuery } from "../../../src/mesh/topology/reading/topologyReading.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { exposedBounds } from "../../../src/sources/demo/exposition/exposition.ts";
import { serveDemo, servedMesh, type ServeOptions } from "../../../src/sources/demo/serveDemo.ts";
import { edgeTruth, type TruthEdge } from "../../../src/sources/demo/telemetry/edges/edgeTruth.ts";
import { systemClock as clock } from "../../../src/sources/kubernetes/systemClock.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "../../support/victoriaMetrics.ts";
import { never } from "../demo/demoShop.ts";
import { pictureDifferences, type PictureTruth } from "../demo/pictureComparison.ts";
import { countedCalls, differences, edgeGrouping, edgesOfCalls, latencyOf, tellable } from "../demo/edgeComparison.ts";

// What real stores that scrape the demo mesh say of its edges, against what really flowed. The numbers are asked for at
// the time of a scrape and over whole scrape intervals, so that the store guesses nothing at the ends of the window; both
// scrapes have to be on time, which a busy machine does not always manage.

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const dialects: readonly Dialect[] = ["v2", "v1", "ambient"];
const served: Pick<ServeOptions, "services"> = { services: 500 };
const scrapeIntervalSeconds = 5;
const windowSeconds = 60;
const tolerance = 0.02;

interface Asked {
  readonly answer: EdgeAnswer;
  readonly truth: readonly TruthEdge[];
  readonly clusterIds: readonly string[];
  readonly graph: TopologyGraph;
  readonly pictureTruth: PictureTruth;
}

async function ask(engine: MetricsEngine, telemetry: Dialect, atMillis: number): Promise<Asked> {
  const source = openPrometheus({ url: engine.url, queryLabels: { dialect: telemetry } }, { log, clock });
  try {
    const query = { windowSeconds, atMillis, namespaces: undefined, withIdle: false, latencyBy: [edgeGrouping] };
    const answer = await source.graph?.edges(query, never);
    assert.ok(answer);
    assert.deepEqual(answer.missing, []);
    const { history } = servedMesh({ clock, telemetry, ...served });
    const of = { windowSeconds, atMillis, boundsMillis: exposedBounds(history.world, telemetry) };
    const clusterIds = history.world.clusters.map(({ id }) => id);
    return {
      answer,
      truth: tellable(edgeTruth(history, of), telemetry),
      clusterIds,
      graph: await pictureOf(source, clusterIds, atMillis),
      pictureTruth: {
        calls: tellable(edgeTruth(history, { ...of, without: "destination" }), telemetry),
        answers: tellable(edgeTruth(history, { ...of, without: "source" }), telemetry),
      },
    };
  } finally {
    source.dispose();
  }
}

/** As a page would draw it, but for the inventory. */
async function pictureOf(
  source: TelemetrySource,
  clusterIds: readonly string[],
  atMillis: number,
): Promise<TopologyGraph> {
  const capabilities = await source.capabilities(never);
  const stores = clusterIds.map((clusterId): StoreEntry => {
    const cluster = { key: `key-${clusterId}`, clusterId, context: `demo-${clusterId}` };
    return { source, capabilities, cluster, status: undefined };
  });
  const query: TopologyQuery = {
    view: "versionedApp",
    windowSeconds,
    atMillis,
    isAligned: false,
    namespaces: undefined,
    ambient: "total",
    withIdleEdges: false,
    withLatency: true,
  };
  const reading = await readTopology({ stores, facts: undefined }, query, { clock, log }, never);
  assert.deepEqual(reading.problems, []);
  assert.deepEqual([reading.atMillis, reading.windowSeconds], [atMillis, windowSeconds]);
  return graphOf(reading, undefined, { withIdleNodes: false, format: createFormat("en") });
}

/** By dialect: the time of a scrape that is surely in, with one exactly a window before it. */
async function settledScrapes(engine: MetricsEngine): Promise<ReadonlyMap<Dialect, number>> {
  const found = new Map<Dialect, number>();
  await eventually(
    "two scrapes on time, a window apart, of every dialect",
    async () => {
      for (const dialect of dialects) {
        const atMillis = found.has(dialect) ? undefined : await pinnedTime(engine.url, dialect);
        if (atMillis !== undefined) found.set(dialect, atMillis);
      }
      return found.size === dialects.length;
    },
    { seconds: 300, everyMs: 2000 },
  );
  return found;
}

/** A scrape is on time if it got its numbers as soon after the time that the store wrote down as the quickest one did. */
const lateSeconds = 0.1;

async function pinnedTime(url: string, dialect: Dialect): Promise<number | undefined> {
  const delays = await scrapeDelays(url, dialect);
  const quickest = Math.min(...delays.values());
  const times = [...delays].flatMap(([time, delay]) => (delay <= quickest + lateSeconds ? [time] : []));
  const settled = times.filter((time) => time <= Math.max(...delays.keys()) - 2 * scrapeIntervalSeconds);
  const isBefore = (time: number, other: number) => other > time - 0.0005 && other < time + 0.02;
  const hasBefore = (time: number) => times.some((other) => isBefore(time - windowSeconds, other));
  const latest = settled.sort((a, b) => b - a).find(hasBefore);
  return latest === undefined ? undefined : Math.round(latest * 1000);
}

/** By a scrape's time in the store: how much later the demo made up its numbers, as the clocks of its nodes tell. */
async function scrapeDelays(url: string, dialect: Dialect): Promise<ReadonlyMap<number, number>> {
  const clocks = `node_time_seconds{dialect="${dialect}",cluster="eu",exported_instance="192.168.10.10:9100"}`;
  const query = `${clocks}[${windowSeconds + 60}s]`;
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as {
    data: { result: { values: [number, string][] }[] };
  };
  return new Map(data.result.flatMap(({ values }) => values.map(([time, value]) => [time, Number(value) - time])));
}

const engines = [
  { name: "Prometheus", skip: prometheusSkip(), start: startPrometheus, flags: [] },
  {
    name: "VictoriaMetrics",
    skip: await victoriaMetricsSkip(),
    start: startVictoriaMetrics,
    flags: ["-promscrape.maxScrapeSize=64MB"],
  },
];
const installed = engines.filter(({ skip }) => skip === false);

describe("500 services of the demo mesh", () => {
  const asked = new Map<string, Asked>();
  const servers: Awaited<ReturnType<typeof serveDemo>>[] = [];
  const running: MetricsEngine[] = [];

  before(async () => {
    if (installed.length === 0) return;
    for (const telemetry of dialects) servers.push(await serveDemo({ port: 0, telemetry, clock, log, ...served }));
    const targets = servers.map(({ port }, i) => {
      return { address: `127.0.0.1:${port}`, labels: { dialect: dialects[i] ?? "" } };
    });
    for (const { start, flags } of installed) running.push(await start({ targets, scrapeIntervalSeconds, flags }));
    for (const [i, engine] of running.entries()) {
      for (const [dialect, atMillis] of await settledScrapes(engine)) {
        asked.set(`${installed[i]?.name} ${dialect}`, await ask(engine, dialect, atMillis));
      }
    }
  });

  after(async () => {
    for (const engine of running) await engine.stop();
    for (const server of servers) await server.close();
  });

  for (const { name, skip } of engines) {
    for (const dialect of dialects) {
      it(`have true rates, errors, protocols and latencies in ${name}, dialect ${dialect}`, { skip }, async () => {
        const { answer, truth, clusterIds } = asked.get(`${name} ${dialect}`) ?? assert.fail("not asked");
        const edges = edgesOfCalls(await countedCalls(answer, clusterIds, clock));
        const [table] = answer.latency;
        assert.ok(table, "a latency table");
        assert.ok(truth.length > 400);
        assert.deepEqual(differences(truth, edges, latencyOf(table, "eu"), tolerance), []);
      });

      it(`are drawn with them from ${name}, dialect ${dialect}`, { skip }, () => {
        const { graph, pictureTruth } = asked.get(`${name} ${dialect}`) ?? assert.fail("not asked");
        assert.ok(graph.edges.length > 800);
        assert.deepEqual(pictureDifferences(graph, pictureTruth, tolerance), []);
      });
    }
  }
});
