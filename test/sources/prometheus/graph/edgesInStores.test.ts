import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { GraphTelemetry, TelemetrySource } from "../../../../src/mesh/ports.ts";
import type { EdgeAnswer, EdgeQuery, LatencyTable } from "../../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { edgeMetrics, type EdgeLabel, type EdgeTable } from "../../../../src/mesh/telemetry/edges/edgeTable.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../../support/eventually.ts";
import type { EngineOptions, MetricsEngine } from "../../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../../support/prometheus.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "../../../support/victoriaMetrics.ts";
import { startExposition, type Exposition, type GrowingSeries } from "../exposition.ts";
import { bytesOf, durationsOf, requestsOf, type Report } from "../istioSeries.ts";
import { realClock, silentLog } from "../surroundings.ts";

const engines: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly start: (options: EngineOptions) => Promise<MetricsEngine>;
}[] = [
  { name: "Prometheus", skip: prometheusSkip(), start: startPrometheus },
  { name: "VictoriaMetrics", skip: await victoriaMetricsSkip(), start: startVictoriaMetrics },
];

const hostile = 'we"ird\\na\nme {"metric":{';
const east = { cluster: "east" } as const;
const cart = { ...east, from: "client", to: "cart-v1", service: "cart", rps: 60 } as const;
const reviews = { ...east, from: "client", to: "reviews-v1", service: "reviews", rps: 40 } as const;
const slow = { ...east, from: "client", to: "slow-v1", service: "slow", rps: 10 } as const;
const lone = { ...east, from: "client", to: "lone-v1", service: "lone", rps: 10 } as const;
const legacy = { from: "client", to: "legacy-v1", service: "legacy", rps: 30, cluster: undefined } as const;
const mongo = { ...east, from: "client", to: "mongo-v1", service: "mongo", rps: 0 } as const;

function both(report: Omit<Report, "reporter">): readonly GrowingSeries[] {
  return (["source", "destination"] as const).map((reporter) => requestsOf({ ...report, reporter }));
}

function labelled(
  series: readonly GrowingSeries[],
  labels: Readonly<Record<string, string>>,
): readonly GrowingSeries[] {
  return series.map((each) => ({ ...each, labels: { ...each.labels, ...labels } }));
}

const world: readonly GrowingSeries[] = [
  // Two pods of the caller report.
  ...labelled(both(cart), { pod: "client-5d4f8-aaaaa", source_canonical_revision: "v7" }),
  ...labelled(both({ ...cart, rps: 40 }), { pod: "client-5d4f8-bbbbb", source_canonical_revision: "v7" }),
  ...labelled(both({ ...cart, namespace: "other", rps: 7 }), { destination_principal: "spiffe://x/ns/other/sa/cart" }),
  ...both({ ...east, from: "client", to: "idle-v1", service: "idle", rps: 0 }),
  ...both({ ...east, from: "client", to: hostile, service: hostile, rps: 5 }),
  // V1: no clusters, other names, seconds.
  ...labelled(both(legacy), {
    source_canonical_service: "",
    source_app: "client-app",
    source_version: "v1",
    destination_app: "legacy-app",
    destination_version: "v2",
  }),
  ...durationsOf({ ...legacy, reporter: "destination" }, "seconds", { above: 0.05, upTo: 0.1 }),
  requestsOf({ ...legacy, reporter: "source", to: "unknown", serviceNamespace: "unknown", rps: 3, code: "503" }),
  // A waypoint measured all; the sidecar behind it measured the same requests again.
  requestsOf({ ...reviews, reporter: "waypoint", pod: "waypoint-7d9f8c6b5-x2x4z" }),
  requestsOf({ ...reviews, reporter: "destination", from: "waypoint" }),
  ...durationsOf({ ...reviews, reporter: "waypoint" }, "milliseconds", { above: 10, upTo: 25 }),
  ...durationsOf({ ...reviews, reporter: "destination", from: "waypoint" }, "milliseconds", { above: 1, upTo: 5 }),
  ...both(slow),
  ...durationsOf({ ...slow, reporter: "destination" }, "milliseconds", { above: 50, upTo: 100 }),
  ...durationsOf({ ...slow, reporter: "source" }, "milliseconds", { above: 100, upTo: 250 }),
  // The destination hears nothing any more, and the source does not know its cluster.
  ...durationsOf({ ...lone, reporter: "destination", rps: 0 }, "milliseconds", { above: 5, upTo: 10 }),
  ...durationsOf({ ...lone, reporter: "source", toCluster: "unknown" }, "milliseconds", { above: 25, upTo: 50 }),
  ...bytesOf({ ...mongo, reporter: "source" }, { up: 1000, down: 3000 }),
  ...labelled(bytesOf({ ...mongo, reporter: "source" }, { up: 10, down: 30 }), { app: "ztunnel", pod: "ztunnel-1" }),
  ...labelled(bytesOf({ ...mongo, reporter: "destination" }, { up: 20, down: 60 }), { pod: "ztunnel-2xyz" }),
  { name: "istio_build", labels: { component: "pilot", tag: "1.29.2" }, perSecond: 0 },
];

interface Row {
  readonly labels: Readonly<Partial<Record<EdgeLabel, string>>>;
  readonly metric: string;
  readonly ztunnel: boolean;
  readonly value: number;
}

function rowsOf({ length, labels, strings, metric, ztunnel, values }: EdgeTable): readonly Row[] {
  return Array.from({ length }, (_, row) => ({
    labels: Object.fromEntries(Object.entries(labels).map(([label, column]) => [label, strings[column[row] ?? 0]])),
    metric: edgeMetrics[metric[row] ?? 9] ?? "?",
    ztunnel: ztunnel[row] === 1,
    value: values[row] ?? NaN,
  }));
}

function told({ labels, metric, ztunnel }: Row): string {
  return JSON.stringify([labels, metric, ztunnel]);
}

function p50Of(table: LatencyTable | undefined, wanted: Readonly<Partial<Record<EdgeLabel, string>>>): number {
  assert.ok(table);
  const row = Array.from({ length: table.length }, (_, i) => i).find((i) =>
    Object.entries(wanted).every(
      ([label, value]) => table.strings[table.labels[label as EdgeLabel]?.[i] ?? 0] === value,
    ),
  );
  return row === undefined ? NaN : (table.p50[row] ?? NaN);
}

function isNear(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs((actual ?? NaN) - expected) <= expected * 0.02, `expected about ${expected}, got ${actual}`);
}

const byService: readonly EdgeLabel[] = ["destination_cluster", "destination_service_name"];
const byEdge: readonly EdgeLabel[] = ["source_workload", "destination_service_name", "destination_workload"];

for (const { name, skip, start } of engines) {
  describe(`the edges from ${name}`, { skip }, () => {
    let exposition: Exposition;
    let engine: MetricsEngine;
    let source: TelemetrySource;
    let graph: GraphTelemetry;
    let all: EdgeAnswer;
    let rows: readonly Row[];
    let began = 0;

    before(async () => {
      exposition = await startExposition(world);
      began = Date.now();
      engine = await start({ targets: [{ address: exposition.address }] });
      source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
      assert.ok(source.graph);
      graph = source.graph;
      await eventually("enough scrapes for a window", async () => {
        const [scrapes] = await engine.query('count_over_time(istio_build{component="pilot"}[1m])');
        return (scrapes?.value ?? 0) >= 18;
      });
      all = await ask({ latencyBy: [byService, byEdge] });
      rows = rowsOf(all.edges);
    });

    after(async () => {
      source.dispose();
      await engine.stop();
      exposition.close();
    });

    function ask(query: Partial<EdgeQuery>): Promise<EdgeAnswer> {
      const usual = { windowSeconds: 10, atMillis: Date.now() - 500, namespaces: undefined, withIdle: false };
      return graph.edges({ ...usual, latencyBy: [], ...query }, AbortSignal.timeout(20_000));
    }

    function find(labels: Readonly<Partial<Record<EdgeLabel, string>>>, metric = "requests"): readonly Row[] {
      return rows.filter(
        (row) =>
          row.metric === metric &&
          Object.entries(labels).every(([label, value]) => row.labels[label as EdgeLabel] === value),
      );
    }

    it("come from three questions and one for each grouping of latency", () => {
      assert.deepEqual([all.cost.queries, all.provenance.length, all.missing, all.warnings], [5, 5, [], []]);
    });

    it("have a row for each reporter, with the sum of its pods", () => {
      const wanted = { destination_service_name: "cart", destination_service_namespace: "shop" };
      const found = find(wanted).toSorted((a, b) => (a.labels.reporter ?? "").localeCompare(b.labels.reporter ?? ""));
      assert.deepEqual(
        found.map(({ labels }) => [labels.reporter, labels.source_cluster, labels.connection_security_policy]),
        [
          ["destination", "east", "mutual_tls"],
          ["source", "east", "unknown"],
        ],
      );
      for (const { value } of found) isNear(value, 100);
    });

    it("have hostile names as they are", () => {
      assert.equal(find({ destination_workload: hostile, destination_service_name: hostile }).length, 2);
    });

    it("tell both byte counters apart, and ztunnel's by the app or the pod", () => {
      const found = (["tcpReceived", "tcpSent"] as const).flatMap((metric) =>
        find({ destination_workload: "mongo-v1" }, metric).map(({ labels, ztunnel, value }) => {
          return `${metric} ${labels.reporter} ${ztunnel} ${value.toPrecision(2)}`;
        }),
      );
      assert.deepEqual(found.toSorted(), [
        "tcpReceived destination true 20",
        "tcpReceived source false 1.0e+3",
        "tcpReceived source true 10",
        "tcpSent destination true 60",
        "tcpSent source false 3.0e+3",
        "tcpSent source true 30",
      ]);
    });

    it("know the host only where nothing else tells the service's namespace", () => {
      const withHost = rows.filter(({ labels }) => labels.destination_service !== "");
      assert.deepEqual(
        withHost.map(({ labels }) => [labels.destination_service, labels.response_code]),
        [["legacy.shop.svc.cluster.local", "503"]],
      );
    });

    it("leave out what is idle, unless that is asked for", async () => {
      assert.deepEqual(find({ destination_service_name: "idle" }), []);
      const idle = rowsOf((await ask({ withIdle: true })).edges).filter(
        ({ labels }) => labels.destination_service_name === "idle",
      );
      assert.deepEqual(
        idle.map(({ value }) => value),
        [0, 0],
      );
    });

    it("have those with an end in the namespaces, each once", async () => {
      const [inOther, inBoth] = await Promise.all([
        ask({ namespaces: ["other"] }),
        ask({ namespaces: ["shop", "other"] }),
      ]);
      assert.deepEqual(
        rowsOf(inOther.edges)
          .map(({ labels }) => [labels.reporter, labels.destination_workload_namespace])
          .toSorted(),
        [
          ["destination", "other"],
          ["source", "other"],
        ],
      );
      assert.deepEqual(rowsOf(inBoth.edges).map(told).toSorted(), rows.map(told).toSorted());
    });

    it("are the same, by as many questions, for more namespaces than fit into a query", async () => {
      const others = Array.from({ length: 60 }, (_, i) => `a-namespace-with-a-long-name-${i}`);
      const few = await ask({ namespaces: ["other"], latencyBy: [["destination_service_namespace"]] });
      const many = await ask({ namespaces: [...others, "other"], latencyBy: [["destination_service_namespace"]] });
      assert.deepEqual(many.missing, []);
      assert.deepEqual(rowsOf(many.edges).map(told).toSorted(), rowsOf(few.edges).map(told).toSorted());
      assert.equal(many.cost.queries, few.cost.queries);
    });

    it("find what reached nobody by its host", async () => {
      const { edges } = await ask({
        namespaces: ["shop"],
        where: [{ label: "destination_workload", anyOf: ["unknown"] }],
      });
      assert.deepEqual(
        rowsOf(edges).map(({ labels }) => labels.destination_service),
        ["legacy.shop.svc.cluster.local"],
      );
    });

    it("are those of one selection, with principals where wanted", async () => {
      const where = [
        { label: "destination_service_name", anyOf: ["cart", hostile] },
        { label: "destination_service_namespace", anyOf: ["other"] },
      ] as const;
      const { edges } = await ask({ where, withDetails: true });
      assert.deepEqual(
        rowsOf(edges).map(({ labels }) => [labels.destination_principal, labels.destination_service]),
        Array(2).fill(["spiffe://x/ns/other/sa/cart", "cart.other.svc.cluster.local"]),
      );
    });

    it("name their workloads by canonical service and revision, or by V1's app and version", () => {
      const named = (workload: string) => all.workloads.filter((each) => each.workload === workload);
      assert.deepEqual(named("legacy-v1"), [
        { clusterId: "", namespace: "shop", workload: "legacy-v1", app: "legacy-app", version: "v2" },
      ]);
      assert.ok(
        named("client").some(({ clusterId, app, version }) => `${clusterId} ${app} ${version}` === "east client v7"),
      );
      assert.ok(named("client").some(({ clusterId, app }) => clusterId === "" && app === "client-app"));
    });

    it("know the waypoints by their pods", () => {
      assert.deepEqual(all.waypoints, [{ namespace: "shop", workload: "waypoint" }]);
    });

    it("have latencies of the near side, else of the source in the cluster it is in", () => {
      const [services, edges] = all.latency;
      isNear(p50Of(services, { destination_cluster: "east", destination_service_name: "slow" }), 0.075);
      isNear(p50Of(services, { destination_cluster: "east", destination_service_name: "lone" }), 0.0375);
      isNear(p50Of(services, { destination_cluster: "", destination_service_name: "legacy" }), 0.075);
      isNear(p50Of(edges, { source_workload: "client", destination_workload: "slow-v1" }), 0.075);
      assert.deepEqual([services?.by, edges?.by], [byService, byEdge]);
    });

    it("measure what passed a waypoint there alone", () => {
      isNear(p50Of(all.latency[0], { destination_service_name: "reviews" }), 0.0175);
      isNear(p50Of(all.latency[1], { source_workload: "client", destination_workload: "reviews-v1" }), 0.0175);
    });

    it("have latencies of a selection from its own histograms", async () => {
      const where = [{ label: "destination_workload", anyOf: ["slow-v1", "reviews-v1"] }] as const;
      const { latency } = await ask({ where, latencyBy: [[]], namespaces: ["shop"] });
      // 40 requests below 25 ms and 10 below 100 ms: the middle of all lies at 15 / 24 of the way from 10 to 25 ms.
      const [table] = latency;
      isNear(table?.p50[0], 0.01 + (25 / 40) * 0.015);
      isNear(table?.p99[0], 0.05 + ((49.5 - 40) / 10) * 0.05);
    });

    it("are there over time, with NaN where nothing was measured yet", async () => {
      const toMillis = Date.now() - 500;
      const where = [{ label: "destination_service_name", anyOf: ["slow", "mongo"] }] as const;
      const query = { windowSeconds: 5, namespaces: undefined, where, fromMillis: began - 20_000, toMillis };
      const { edges, latency, missing } = await graph.series({ ...query, stepSeconds: 2 }, AbortSignal.timeout(20_000));
      const { times } = edges;
      assert.deepEqual([missing, times[0], (times[1] ?? 0) - (times[0] ?? 0)], [[], (began - 20_000) / 1000, 2]);
      const row = Array.from({ length: edges.length }, (_, i) => i).find(
        (i) =>
          edgeMetrics[edges.metric[i] ?? 9] === "requests" &&
          edges.strings[edges.labels.reporter?.[i] ?? 0] === "destination",
      );
      assert.ok(row !== undefined);
      const points = edges.points.slice(row * times.length, (row + 1) * times.length);
      assert.ok(Number.isNaN(points[0]));
      isNear(points.at(-1), 10);
      assert.equal(latency?.p50.length, times.length);
      assert.ok(Number.isNaN(latency.p50[0]));
      isNear(latency.p50.at(-1), 0.075);
    });

    it("say what is there where nothing was found", async () => {
      const presence = await graph.presence(
        { windowSeconds: 10, atMillis: Date.now() - 500 },
        AbortSignal.timeout(20_000),
      );
      const { seriesExist, labelsFit, missingLabels, flowingNamespaces, queries } = presence;
      assert.deepEqual([seriesExist, labelsFit, missingLabels], [true, true, []]);
      assert.deepEqual(flowingNamespaces, ["other", "shop"]);
      for (const query of queries) assert.ok((await engine.query(query)).length > 0, query);
    });

    it("say that there is nothing of Istio's where a label leaves it out", async () => {
      const elsewhere = openPrometheus(
        { url: engine.url, queryLabels: { mesh: "none" } },
        { log: silentLog, clock: realClock },
      );
      const signal = AbortSignal.timeout(20_000);
      const presence = await elsewhere.graph?.presence({ windowSeconds: 10, atMillis: Date.now() }, signal);
      assert.deepEqual([presence?.seriesExist, presence?.labelsFit, presence?.flowingNamespaces], [false, false, []]);
      elsewhere.dispose();
    });
  });
}
