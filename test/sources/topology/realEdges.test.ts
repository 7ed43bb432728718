import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { EdgeAnswer } from "../../../src/mesh/telemetry/edges/edgeAnswer.ts";
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
import { countedCalls, differences, edgeGrouping, edgesOfCalls, latencyOf, tellable } from "../demo/edgeComparison.ts";

// What real stores that scrape the demo mesh say of its edges, against what really flowed. The numbers are asked for at
// the time of a scrape and over whole scrape intervals, so that the store guesses nothing at the ends of the window.

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
}

async function ask(engine: MetricsEngine, telemetry: Dialect, atMillis: number): Promise<Asked> {
  const source = openPrometheus({ url: engine.url, queryLabels: { dialect: telemetry } }, { log, clock });
  try {
    const query = { windowSeconds, atMillis, namespaces: undefined, withIdle: false, latencyBy: [edgeGrouping] };
    const answer = await source.graph?.edges(query, never);
    assert.ok(answer);
    assert.deepEqual(answer.missing, []);
    const { history } = servedMesh({ clock, telemetry, ...served });
    const boundsMillis = exposedBounds(history.world, telemetry);
    const truth = tellable(edgeTruth(history, { windowSeconds, atMillis, boundsMillis }), telemetry);
    return { answer, truth, clusterIds: history.world.clusters.map(({ id }) => id) };
  } finally {
    source.dispose();
  }
}

/** Times of the last scrape that is surely in, by dialect; once a window full of them is. */
async function settledScrapes(engine: MetricsEngine): Promise<ReadonlyMap<string, number>> {
  const span = windowSeconds + 4 * scrapeIntervalSeconds;
  await eventually(
    "a window full of scrapes",
    async () => {
      const counts = await engine.query(`count_over_time(up[${span}s])`);
      const scrapes = span / scrapeIntervalSeconds - 1;
      return counts.length === dialects.length && counts.every(({ value }) => value >= scrapes);
    },
    { seconds: 240, everyMs: 2000 },
  );
  const failed = await engine.query(`count_over_time((up == 0)[${span}s:${scrapeIntervalSeconds}s])`);
  assert.deepEqual(failed, [], "no scrape failed");
  const times = await engine.query("timestamp(up)");
  return new Map(
    times.map(({ labels, value }) => [labels["dialect"] ?? "", (value - 2 * scrapeIntervalSeconds) * 1000]),
  );
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
        asked.set(`${installed[i]?.name} ${dialect}`, await ask(engine, dialect as Dialect, atMillis));
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
    }
  }
});
