import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import type { EdgeQuery, LatencyTable } from "../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import {
  edgeLabels,
  edgeMetrics,
  type EdgeLabel,
  type EdgeTable,
} from "../../../src/mesh/telemetry/edges/edgeTable.ts";
import type { GraphTelemetry } from "../../../src/mesh/ports.ts";
import type { DemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { createExposition } from "../../../src/sources/demo/exposition/exposition.ts";
import { servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { createDemoGraph } from "../../../src/sources/demo/telemetry/edges/demoGraph.ts";
import { DemoClock } from "./demoClock.ts";
import { change, close, never, openShop } from "./demoShop.ts";
import { parseExposition } from "./expositionText.ts";

// The demo's tables are held against its exposition: what two scrapes differ by, divided by the time between them, is
// what a store would say.

const clock = new DemoClock();
const windowSeconds = 60;
const all: EdgeQuery = {
  windowSeconds,
  atMillis: clock.now(),
  namespaces: undefined,
  withIdle: false,
  latencyBy: [],
};

function graphOf(mesh: DemoMesh, dialect?: Dialect): GraphTelemetry {
  return createDemoGraph(mesh.history, "demo", dialect);
}

interface Row {
  readonly labels: Readonly<Partial<Record<EdgeLabel, string>>>;
  readonly metric: string;
  readonly isByZtunnel: boolean;
  readonly value: number;
}

function rowsOf(table: EdgeTable): readonly Row[] {
  return Array.from({ length: table.length }, (_, i) => ({
    labels: labelsAt(table, i),
    metric: edgeMetrics[table.metric[i] ?? -1] ?? "",
    isByZtunnel: table.ztunnel[i] === 1,
    value: table.values[i] ?? NaN,
  }));
}

function labelsAt(table: Pick<LatencyTable, "labels" | "strings">, i: number): Row["labels"] {
  return Object.fromEntries(
    Object.entries(table.labels).map(([label, column]) => [label, table.strings[column[i] ?? -1] ?? "missing"]),
  );
}

function keyOf({ labels, metric, isByZtunnel }: Omit<Row, "value">): string {
  return JSON.stringify([metric, isByZtunnel, ...edgeLabels.map((label) => labels[label])]);
}

const counters: Readonly<Record<string, string>> = {
  istio_requests_total: "requests",
  istio_tcp_received_bytes_total: "tcpReceived",
  istio_tcp_sent_bytes_total: "tcpSent",
};

/** Rates by the two scrapes at the ends of the window, summed over pods. */
function scrapedRates(mesh: DemoMesh, dialect: Dialect): ReadonlyMap<string, number> {
  const expose = createExposition(mesh, dialect);
  const rates = new Map<string, number>();
  for (const [sign, atMillis] of [
    [-1, all.atMillis - windowSeconds * 1000],
    [1, all.atMillis],
  ] as const) {
    const families = parseExposition([...expose(atMillis)].join(""));
    for (const [name, metric] of Object.entries(counters)) {
      for (const { labels, value } of families.get(name)?.samples ?? []) {
        const own = Object.fromEntries(edgeLabels.map((label) => [label, labels.get(label) ?? ""]));
        const key = keyOf({ labels: own, metric, isByZtunnel: labels.get("app") === "ztunnel" });
        rates.set(key, (rates.get(key) ?? 0) + (sign * value) / windowSeconds);
      }
    }
  }
  return rates;
}

describe("the demo's edge tables", () => {
  for (const telemetry of ["v2", "v1", "ambient"] as const) {
    it(`are what scraping its exposition gives in the dialect ${telemetry}`, async () => {
      const mesh = servedMesh({ clock, telemetry, services: 60 });
      const { edges } = await graphOf(mesh, telemetry).edges({ ...all, withIdle: true }, never);
      const scraped = scrapedRates(mesh, telemetry);
      assert.equal(edges.length, scraped.size);
      for (const row of rowsOf(edges)) {
        // The exposition rounds to a millionth.
        const expected = scraped.get(keyOf(row));
        assert.ok(expected !== undefined && Math.abs(row.value - expected) < 1e-4, `${keyOf(row)}: ${row.value}`);
      }
    });
  }

  it("hold rows with one end in the namespaces asked for", async () => {
    const { mesh } = openShop();
    const graph = graphOf(mesh);
    const ends = ["source_workload_namespace", "destination_workload_namespace", "destination_service_namespace"];
    const touches = ({ labels }: Row) => Object.entries(labels).some(([k, v]) => ends.includes(k) && v === "payments");
    const every = rowsOf((await graph.edges(all, never)).edges);
    const some = rowsOf((await graph.edges({ ...all, namespaces: ["payments"] }, never)).edges);
    assert.deepEqual(some, every.filter(touches));
    assert.ok(some.length > 0 && some.length < every.length);
    assert.equal((await graph.edges({ ...all, namespaces: [] }, never)).edges.length, 0);
  });

  it("hold only rows of a selection, with principals where they are asked for", async () => {
    const graph = graphOf(openShop().mesh);
    const where = [
      { label: "source_workload", anyOf: ["front-v1", "batch"] },
      { label: "destination_service", anyOf: ["reviews.shop.svc.cluster.local"] },
    ] as const;
    const rows = rowsOf((await graph.edges({ ...all, where, withDetails: true }, never)).edges);
    assert.deepEqual(new Set(rows.map(({ labels }) => labels.destination_service_name)), new Set(["reviews"]));
    assert.deepEqual(
      new Set(rows.map(({ labels }) => labels.source_principal)),
      new Set(["spiffe://cluster.local/ns/shop/sa/front", "spiffe://cluster.local/ns/ops/sa/batch"]),
    );
    const without = rowsOf((await graph.edges({ ...all, where }, never)).edges);
    assert.deepEqual(
      without.map(({ value }) => value),
      rows.map(({ value }) => value),
    );
    assert.ok(without.every(({ labels }) => labels.source_principal === undefined));
  });

  it("keep series that have ended while idle ones are asked for, and drop them otherwise", async () => {
    const shop = openShop();
    const graph = graphOf(shop.mesh);
    await change(shop, "VirtualService", "reviews", {
      hosts: ["reviews"],
      http: [{ route: [{ destination: { host: "reviews", subset: "v2" } }] }],
    });
    shop.clock.move(120);
    const query = { ...all, atMillis: shop.clock.now() };
    const toV1 = async (withIdle: boolean) =>
      rowsOf((await graph.edges({ ...query, withIdle }, never)).edges).filter(
        ({ labels }) => labels.destination_workload === "reviews-v1",
      );
    assert.deepEqual(await toV1(false), []);
    const idle = await toV1(true);
    assert.ok(idle.length > 0 && idle.every(({ value }) => value === 0));
  });

  it("have one latency table for each grouping, in the order asked for", async () => {
    const { mesh } = openShop();
    const latencyBy: EdgeQuery["latencyBy"] = [
      ["destination_service_namespace", "destination_service_name"],
      ["destination_workload_namespace", "destination_workload"],
    ];
    const { latency } = await graphOf(mesh).edges({ ...all, latencyBy, where: [] }, never);
    assert.deepEqual(
      latency.map(({ by }) => by),
      latencyBy,
    );
    const [services] = latency;
    assert.ok(services);
    const names = Array.from({ length: services.length }, (_, i) => labelsAt(services, i).destination_service_name);
    const search = names.indexOf("search");
    // Its median is 64 ms, and twice that for the busy fifth.
    assert.ok((services.p50[search] ?? NaN) > 0.05 && (services.p50[search] ?? NaN) < 0.1);
    assert.ok((services.p95[search] ?? NaN) > (services.p50[search] ?? NaN));
    assert.ok(!names.includes("orders-db"), "bytes have no latency");
  });

  it("name the workloads of both ends by their canonical names, and the waypoints", async () => {
    const { workloads, waypoints } = await graphOf(openShop().mesh).edges(all, never);
    const reviews = workloads.find(({ workload }) => workload === "reviews-v2");
    const named = { clusterId: "eu", namespace: "shop", workload: "reviews-v2", app: "reviews", version: "v2" };
    assert.deepEqual(reviews, named);
    assert.deepEqual(waypoints, [{ namespace: "data", workload: "waypoint" }]);
  });

  it("are rates over the time there was, and nothing before time zero", async () => {
    const { mesh } = openShop();
    const graph = graphOf(mesh);
    const rates = async (seconds: number) => [
      ...(await graph.edges({ ...all, windowSeconds: seconds }, never)).edges.values,
    ];
    assert.deepEqual(await rates(86_400), await rates(3600));
    const before = await graph.edges({ ...all, atMillis: mesh.history.startMillis }, never);
    assert.equal(before.edges.length, 0);
  });

  it("give the same numbers over time as at each time", async () => {
    const { mesh } = openShop();
    const graph = graphOf(mesh);
    const where = [{ label: "destination_service_name", anyOf: ["reviews"] }] as const;
    const [fromMillis, toMillis] = [all.atMillis - 600_000, all.atMillis];
    const over = await graph.series(
      { windowSeconds, namespaces: undefined, where, fromMillis, toMillis, stepSeconds: 120 },
      never,
    );
    assert.equal(over.edges.times.length, 6);
    const latencyBy = [["destination_service_name"]] as const;
    for (const [i, time] of over.edges.times.entries()) {
      const at = await graph.edges({ ...all, where, atMillis: time * 1000, latencyBy }, never);
      assert.equal(at.edges.length, over.edges.length);
      for (const [row, value] of at.edges.values.entries()) {
        close(over.edges.points[row * 6 + i] ?? null, value, 1e-9, `row ${row} at ${time}`);
      }
      assert.equal(over.latency?.p95[i], at.latency[0]?.p95[0]);
    }
  });

  it("have no numbers over time before time zero", async () => {
    const { mesh } = openShop();
    const fromMillis = mesh.history.startMillis - 600_000;
    const over = await graphOf(mesh).series(
      { windowSeconds, namespaces: undefined, fromMillis, toMillis: fromMillis + 60_000, stepSeconds: 60 },
      never,
    );
    assert.ok(over.edges.points.every(Number.isNaN));
    assert.equal(over.latency, undefined);
  });

  it("tell where something flows", async () => {
    const presence = await graphOf(openShop().mesh).presence({ windowSeconds, atMillis: all.atMillis }, never);
    assert.equal(presence.seriesExist, true);
    assert.deepEqual(presence.flowingNamespaces, ["data", "ops", "payments", "shop"]);
  });

  it("do not block for long at 10,000 services", async () => {
    const { mesh } = openShop({ services: 10_000 });
    // The flows themselves are worked out with the first list of the demo.
    mesh.history.spans(all.atMillis - 1000, all.atMillis);
    const graph = graphOf(mesh);
    let longest = 0;
    let since = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - since);
      since = performance.now();
    }, 0);
    const { edges } = await graph.edges(all, never);
    clearInterval(timer);
    longest = Math.max(longest, performance.now() - since);
    assert.ok(edges.length > 20_000);
    assert.ok(longest < 250, `${longest} ms`);
  });

  it("stop at an abort", async () => {
    const graph = graphOf(openShop().mesh);
    await assert.rejects(graph.edges(all, AbortSignal.abort()), { name: "AbortError" });
  });
});
