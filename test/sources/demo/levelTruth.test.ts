import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import {
  resourceCharts,
  type LevelTelemetry,
  type NodeName,
  type ResourcesOf,
} from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { Missing } from "../../../src/mesh/telemetry/summaries.ts";
import type { DemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { exposedBounds } from "../../../src/sources/demo/exposition/exposition.ts";
import { hostIp } from "../../../src/sources/demo/objects/pods.ts";
import { placesOf, runOf, type PodRun } from "../../../src/sources/demo/resources/podRun.ts";
import { serveDemo, servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { createDemoLevels } from "../../../src/sources/demo/telemetry/levels/demoLevels.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../support/eventually.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { never } from "./demoShop.ts";
import { serveWithout, type FilteredMetrics } from "./filteredMetrics.ts";
import {
  compareCharts,
  differences,
  isClose,
  lastValues,
  subjectsOf,
  valuesOf,
  type Subject,
} from "./levelComparison.ts";

// The levels of a drill-down as a real Prometheus tells them that scrapes the demo's exposition, against what really
// flowed and was used. One Prometheus scrapes all three dialects, and V2 once more without each exporter beside Istio's.

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const dialects: readonly Dialect[] = ["v2", "v1", "ambient"];
const exporters = {
  "kube-state-metrics": /^kube_/,
  cAdvisor: /^container_/,
  "node-exporter": /^node_/,
} as const;
const windowSeconds = 60;
const scrapeIntervalSeconds = 2;
const tolerance = 0.02;
/** The last scrapes may still be on their way into the store. */
const settledSeconds = 8;

interface Asked {
  readonly source: TelemetrySource;
  readonly measured: LevelTelemetry;
  readonly truth: LevelTelemetry;
  readonly mesh: DemoMesh;
}

describe("the levels of a demo mesh that a real Prometheus scrapes", { skip: prometheusSkip() }, () => {
  const startMillis = systemClock.now();
  const asked = new Map<string, Asked>();
  const servers: { close(): Promise<void> }[] = [];
  let engine: MetricsEngine | undefined;
  let atMillis = 0;

  const of = (name: string): Asked => asked.get(name) ?? assert.fail(`${name} was not asked`);

  before(async () => {
    let isStarted = false;
    // All worlds begin at one time, which the truth has to know.
    const clock = { ...systemClock, now: () => (isStarted ? systemClock.now() : startMillis) };
    const targets: { address: string; labels: Record<string, string>; honorLabels: true }[] = [];
    const ports: number[] = [];
    for (const telemetry of dialects) {
      const server = await serveDemo({ port: 0, telemetry, clock, log });
      servers.push(server);
      ports.push(server.port);
      targets.push({ address: `127.0.0.1:${server.port}`, labels: { dialect: telemetry }, honorLabels: true });
    }
    isStarted = true;
    for (const [name, prefix] of Object.entries(exporters)) {
      const filtered: FilteredMetrics = await serveWithout(ports[0] ?? 0, prefix);
      servers.push(filtered);
      targets.push({ address: filtered.address, labels: { dialect: `without ${name}` }, honorLabels: true });
    }
    const started = (engine = await startPrometheus({ targets, scrapeIntervalSeconds }));
    const enough = (windowSeconds + settledSeconds) / scrapeIntervalSeconds + 4;
    await eventually(
      "a window full of scrapes",
      async () => {
        const counts = await started.query(`count_over_time(up[${windowSeconds + 60}s])`);
        return counts.length === targets.length && counts.every(({ value }) => value > enough);
      },
      { seconds: 240, everyMs: 1000 },
    );
    // The lists ask for whole steps of five seconds.
    atMillis = Math.floor((systemClock.now() - settledSeconds * 1000) / 5000) * 5000;
    for (const { labels } of targets) {
      const name = labels["dialect"] ?? "";
      const telemetry = dialects.find((dialect) => dialect === name) ?? "v2";
      const settings = { url: started.url, queryLabels: { dialect: name } };
      const source = openPrometheus(settings, { log, clock: systemClock });
      assert.ok(source.levels);
      const mesh = servedMesh({ clock: { ...systemClock, now: () => startMillis }, telemetry });
      const boundsMillis = exposedBounds(mesh.history.world, telemetry);
      const truth = createDemoLevels({ history: mesh.history, sourceId: "demo", dialect: telemetry, boundsMillis });
      asked.set(name, { source, measured: source.levels, truth, mesh });
    }
  });

  after(async () => {
    for (const { source } of asked.values()) source.dispose();
    await engine?.stop();
    for (const server of servers) await server.close();
  });

  /** Pods that were there for the whole window; the store sees what began in it too late. */
  function settledRuns({ mesh: { history } }: Asked): readonly PodRun[] {
    const from = atMillis - windowSeconds * 1000;
    return placesOf(history.world).flatMap((place) => {
      const run = runOf(place, history.startMillis, atMillis);
      const isOld = run.startedMillis < from && run.appStartedMillis < from;
      return isOld ? [run] : [];
    });
  }

  function nodeNames({ mesh }: Asked, clusterId: string, withAddresses: boolean): readonly NodeName[] {
    const { world } = mesh.history;
    return world.clusters.flatMap((cluster) =>
      cluster.id === clusterId
        ? cluster.nodes.map(({ name }): NodeName => {
            const address = hostIp({ seed: world.seed, cluster, startMillis: 0 }, name);
            return { name, addresses: withAddresses ? [address] : [] };
          })
        : [],
    );
  }

  for (const dialect of dialects) {
    it(`have true charts of traffic in the dialect ${dialect}`, async () => {
      const { mesh, ...pair } = of(dialect);
      const subjects = subjectsOf(mesh.history.world);
      const { wrong, count } = await compareCharts(pair, subjects, { windowSeconds, atMillis }, tolerance);
      assert.ok(count > 1000, `${count} values`);
      assert.deepEqual(wrong, []);
    });
  }

  it("show by each chart what its query returns when it is run by hand", async () => {
    const { mesh, ...pair } = of("v2");
    const subjects = subjectsOf(mesh.history.world).filter(({ of: { what } }) => what === "workload");
    const { shown } = await compareCharts(pair, subjects, { windowSeconds, atMillis }, tolerance);
    assert.ok(shown.length > 100);
    for (const { query, value, what } of shown) {
      const answer = await fetch(
        `${engine?.url ?? ""}/api/v1/query?query=${encodeURIComponent(query)}&time=${atMillis / 1000}`,
      );
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      const values = data.result.map((one) => Number(one.value[1])).filter((one) => !Number.isNaN(one));
      assert.equal(values.length, 1, what);
      assert.ok(isClose(values[0] ?? NaN, value, 1e-9), `${what}: ${values[0]}, shown ${value}`);
    }
  });

  it("show the same numbers as the lists", async () => {
    const { source, measured } = of("v2");
    const lists = await source.summaries({ windowSeconds, atMillis, namespaces: undefined }, never);
    const wrong: string[] = [];
    for (const what of ["service", "workload"] as const) {
      const rows = lists[`${what}s`].filter(({ clusterId }) => clusterId === "eu");
      assert.ok(rows.length > 15);
      for (const { namespace, name, requests, latency, tcp } of rows) {
        const subject: Subject = {
          of: what === "service" ? { what, namespace, name } : { what, namespace, names: [name] },
          direction: "inbound",
          cluster: { id: "eu", withUnplaced: false },
          charts: (["requests", "errors", "latency", "tcpBytes"] as const).map((chart) => ({ chart, by: "none" })),
        };
        const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 60 };
        const { charts } = await measured.trafficCharts({ ...subject, windowSeconds, range }, never);
        const shown = charts.map(lastValues);
        const listed = [
          valuesOf({ "": requests?.rps }),
          valuesOf({ "": requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : undefined }),
          valuesOf({ p50: latency?.p50, p95: latency?.p95, p99: latency?.p99 }),
          valuesOf({ received: tcp?.receivedBytesPerSecond, sent: tcp?.sentBytesPerSecond }),
        ];
        for (const [i, expected] of listed.entries()) {
          const chart = `${subject.charts[i]?.chart} of ${what} ${namespace}/${name}`;
          wrong.push(...differences(chart, shown[i] ?? new Map(), expected, 1e-6));
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  for (const dialect of ["v2", "ambient"] as const) {
    it(`tell of pods what their proxies report in the dialect ${dialect}`, async () => {
      const { measured, truth, mesh } = of(dialect);
      const wrong: string[] = [];
      let count = 0;
      for (const { id } of mesh.history.world.clusters) {
        const runs = settledRuns(of(dialect)).filter(({ plan }) => plan.cluster === id);
        for (const namespace of new Set(runs.map(({ plan }) => plan.namespace))) {
          for (const areGateways of [false, true]) {
            const pods = runs.flatMap(({ plan, pod }) =>
              plan.namespace === namespace && (plan.plane === "gateway") === areGateways ? [pod] : [],
            );
            const cluster = { id, withUnplaced: false };
            const at = { namespace, pods, cluster, windowSeconds, atMillis };
            const is = await measured.podTraffic({ ...at, ...(areGateways && { areGateways }) }, never);
            const should = await truth.podTraffic(at, never);
            const key = ({ pod }: { pod: string }) => pod;
            count += should.rows.length;
            wrong.push(...rowDifferences(`pods of ${namespace} in ${id}`, { is: is.rows, should: should.rows, key }));
          }
        }
      }
      assert.ok(count > (dialect === "v2" ? 30 : 5), `${count} pods`);
      assert.deepEqual(wrong, []);
    });
  }

  it("tell of containers what they use, asked for by pods and by node", async () => {
    const { measured, truth, mesh } = of("v2");
    const runs = settledRuns(of("v2"));
    const isSettled = new Set(runs.map(({ pod }) => pod));
    const wrong: string[] = [];
    let count = 0;
    for (const { id, nodes } of mesh.history.world.clusters) {
      const namespaces = new Set(runs.filter(({ plan }) => plan.cluster === id).map(({ plan }) => plan.namespace));
      const pods = (namespace: string) =>
        runs.flatMap(({ plan, pod }) => (plan.cluster === id && plan.namespace === namespace ? [pod] : []));
      const asks: ResourcesOf[] = [
        ...[...namespaces].map((namespace): ResourcesOf => ({ what: "pods", namespace, pods: pods(namespace) })),
        ...nodes.map(({ name }): ResourcesOf => ({ what: "podsOfNode", node: name })),
      ];
      for (const one of asks) {
        const query = { of: one, cluster: { id, withUnplaced: true }, windowSeconds, atMillis };
        const [is, should] = [await measured.containers(query, never), await truth.containers(query, never)];
        assert.deepEqual(is.missing, []);
        const key = ({ namespace, pod, container }: (typeof is.rows)[number]) => `${namespace}/${pod}/${container}`;
        const settled = (rows: typeof is.rows) => rows.filter(({ pod }) => isSettled.has(pod));
        count += should.rows.length;
        wrong.push(
          ...rowDifferences(`${one.what} in ${id}`, { is: settled(is.rows), should: settled(should.rows), key }),
        );
      }
    }
    assert.ok(count > 150, `${count} containers`);
    assert.deepEqual(wrong, []);
  });

  it("tell of nodes by what they call themselves, by their addresses and by kube-state-metrics", async () => {
    const { measured, truth } = of("v2");
    const wrong: string[] = [];
    // Only in the cluster "eu" does node-exporter know Kubernetes' names.
    for (const [id, withAddresses] of [
      ["eu", false],
      ["us", true],
      ["us", false],
    ] as const) {
      const nodes = nodeNames(of("v2"), id, withAddresses);
      const query = { nodes, cluster: { id, withUnplaced: true }, windowSeconds, atMillis };
      const [is, should] = [await measured.nodes(query, never), await truth.nodes(query, never)];
      assert.equal(should.rows.length, nodes.length);
      assert.deepEqual(is.missing, []);
      wrong.push(...rowDifferences(`nodes of ${id}`, { is: is.rows, should: should.rows, key: ({ node }) => node }));
    }
    assert.deepEqual(wrong, []);
  });

  it("draw what pods and nodes use", async () => {
    const { measured, truth } = of("v2");
    const runs = settledRuns(of("v2")).filter(({ plan }) => plan.cluster === "eu" && plan.name === "reviews-v1");
    const pods = runs.map(({ pod }) => pod);
    assert.ok(pods.length > 1);
    const all = { windowSeconds, range: { fromMillis: atMillis - 10_000, toMillis: atMillis, stepSeconds: 5 } };
    const cluster = { id: "eu", withUnplaced: true };
    const asks = [
      { of: { what: "pods", namespace: "shop", pods: pods.slice(0, 1) }, charts: resourceCharts.slice(0, 3) },
      { of: { what: "pods", namespace: "shop", pods }, charts: resourceCharts.slice(0, 3) },
      ...nodeNames(of("v2"), "eu", true).map((node) => ({
        of: { what: "node", node } as const,
        charts: resourceCharts.slice(3),
      })),
    ] as const;
    const wrong: string[] = [];
    for (const ask of asks) {
      const query = { ...ask, ...all, cluster };
      const [is, should] = [await measured.resourceCharts(query, never), await truth.resourceCharts(query, never)];
      assert.deepEqual(is.times, should.times);
      for (const [i, chart] of ask.charts.entries()) {
        const [one, other] = [is.charts[i], should.charts[i]];
        assert.ok(one && other);
        assert.equal(one.unit, other.unit);
        wrong.push(
          ...differences(`${chart} of ${JSON.stringify(ask.of)}`, lastValues(one), lastValues(other), tolerance),
        );
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("have true small lines for the lists", async () => {
    const { measured, truth } = of("v2");
    const range = { fromMillis: atMillis - 4000, toMillis: atMillis, stepSeconds: 2 };
    for (const rows of ["services", "workloads"] as const) {
      const query = { rows, namespaces: undefined, windowSeconds, range };
      const [is, should] = [await measured.sparks(query, never), await truth.sparks(query, never)];
      assert.deepEqual(is.times, should.times);
      assert.ok(should.rows.length > 15);
      const last = (all: typeof is.rows) => {
        return new Map(
          all.map(({ clusterId = "", namespace, name, unit, points }) => {
            return [`${clusterId}/${namespace}/${name} ${unit}`, points.at(-1) ?? NaN];
          }),
        );
      };
      const [values, expected] = [last(is.rows), last(should.rows)];
      // What ztunnel brings to a waypoint is in no flow of its own.
      for (const name of values.keys()) if (/\/waypoint /.test(name)) values.delete(name);
      assert.deepEqual(differences(rows, values, expected, tolerance), []);
    }
  });

  it("say which exporter is missing", async () => {
    const cluster = { id: "us", withUnplaced: true };
    const at = { cluster, windowSeconds, atMillis };
    const nodesOf = async (name: string) => {
      return of(name).measured.nodes({ nodes: nodeNames(of(name), "us", false), ...at }, never);
    };
    const unjoined = await nodesOf("without kube-state-metrics");
    assert.deepEqual(unjoined.rows, []);
    assert.match(wordsOf(unjoined.missing), /kube_node_info/);

    const unexported = await nodesOf("without node-exporter");
    assert.deepEqual(unexported.rows, []);
    assert.match(wordsOf(unexported.missing), /node-exporter/);
    assert.ok(unexported.missing.every(({ isAbsent }) => isAbsent === true));

    const [node] = nodeNames(of("v2"), "us", true);
    assert.ok(node);
    const pods = { what: "podsOfNode", node: node.name } as const;
    const blind = await of("without cAdvisor").measured.containers({ of: pods, ...at }, never);
    assert.deepEqual(blind.rows, []);
    assert.match(wordsOf(blind.missing), /cAdvisor/);
    const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 60 };
    const { charts } = await of("without cAdvisor").measured.resourceCharts(
      { of: pods, cluster, charts: ["cpu"], windowSeconds, range },
      never,
    );
    assert.deepEqual(charts[0]?.series, []);
    assert.match(wordsOf(charts[0].missing), /cAdvisor/);
  });
});

function wordsOf(missing: readonly Missing[]): string {
  return JSON.stringify(missing);
}

interface Rows<Row> {
  readonly is: readonly Row[];
  readonly should: readonly Row[];
  readonly key: (row: Row) => string;
}

/** All numbers of rows, compared by name. */
function rowDifferences<Row extends object>(what: string, { is, should, key }: Rows<Row>): readonly string[] {
  const numbers = (rows: readonly Row[]): ReadonlyMap<string, number> => {
    return new Map(
      rows.flatMap((row) =>
        Object.entries(row).flatMap(([name, value]: [string, unknown]): [string, number][] =>
          typeof value === "number" && !Number.isNaN(value) ? [[`${key(row)} ${name}`, value]] : [],
        ),
      ),
    );
  };
  return differences(what, numbers(is), numbers(should), tolerance);
}
