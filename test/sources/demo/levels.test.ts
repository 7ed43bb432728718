import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  ChartAnswer,
  ChartsAnswer,
  Grouping,
  LevelTelemetry,
  TrafficChart,
  TrafficOf,
} from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import { change, close, listAll, never, openShop, truthFor, type Shop } from "./demoShop.ts";

const windowSeconds = 60;
const eu = { id: "eu", withUnplaced: true } as const;
const reviews: TrafficOf = { what: "service", namespace: "shop", name: "reviews" };

async function levelsOf({ mesh, eu: cluster }: Shop): Promise<LevelTelemetry> {
  const { source } = await mesh.findTelemetry(cluster, never);
  assert.ok(source?.levels);
  return source.levels;
}

interface Asked {
  readonly of: TrafficOf;
  readonly chart: TrafficChart;
  readonly by?: Grouping;
  readonly direction?: "inbound" | "outbound";
  readonly minutes?: number;
  readonly stepSeconds?: number;
}

async function charts(shop: Shop, asked: Asked): Promise<ChartsAnswer<TrafficChart>> {
  const { of, chart, by = "none", direction = "inbound", minutes = 5, stepSeconds = 60 } = asked;
  const toMillis = shop.clock.now();
  const range = { fromMillis: toMillis - minutes * 60_000, toMillis, stepSeconds };
  const query = { of, direction, cluster: eu, charts: [{ chart, by }], windowSeconds, range };
  return (await levelsOf(shop)).trafficCharts(query, never);
}

async function chart(shop: Shop, asked: Asked): Promise<ChartAnswer<TrafficChart>> {
  const [only] = (await charts(shop, asked)).charts;
  assert.ok(only);
  return only;
}

/** The last value of each series. */
function last({ series }: ChartAnswer): ReadonlyMap<string, number> {
  return new Map(series.map(({ name, points }) => [name, points.at(-1) ?? NaN]));
}

function total(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}

describe("the demo's charts", () => {
  it("end at the time asked for, in whole steps", async () => {
    const shop = openShop();
    const answer = await charts(shop, { of: reviews, chart: "requests", minutes: 2.5 });
    const end = shop.clock.now() / 1000;
    assert.deepEqual([...answer.times], [end - 120, end - 60, end]);
    assert.equal(answer.charts[0]?.series[0]?.points.length, 3);
  });

  it("show the numbers of the lists, for services and workloads", async () => {
    const shop = openShop();
    const rows = demoTruth(shop.mesh, { windowSeconds, atMillis: shop.clock.now() });
    let compared = 0;
    for (const what of ["service", "workload"] as const) {
      for (const row of rows[`${what}s`]) {
        if (row.clusterId !== "eu") continue;
        const { namespace, name } = row;
        const of: TrafficOf = what === "service" ? { what, namespace, name } : { what, namespace, names: [name] };
        const at = `${what} ${name}`;
        if (row.rps !== null) {
          close(last(await chart(shop, { of, chart: "requests" })).get("") ?? null, row.rps, 1e-9, `rps of ${at}`);
          const errors = last(await chart(shop, { of, chart: "errors" })).get("");
          close(errors ?? null, row.errorRate ?? NaN, 1e-9, `errors of ${at}`);
          const latency = last(await chart(shop, { of, chart: "latency" }));
          close(latency.get("p50") ?? null, row.p50 ?? NaN, 1e-9, `p50 of ${at}`);
          close(latency.get("p95") ?? null, row.p95 ?? NaN, 1e-9, `p95 of ${at}`);
          close(latency.get("p99") ?? null, row.p99 ?? NaN, 1e-9, `p99 of ${at}`);
        }
        if (row.receivedBytesPerSecond !== null) {
          const tcp = last(await chart(shop, { of, chart: "tcpBytes" }));
          close(tcp.get("received") ?? null, row.receivedBytesPerSecond, 1e-9, `received of ${at}`);
          close(tcp.get("sent") ?? null, row.sentBytesPerSecond ?? NaN, 1e-9, `sent of ${at}`);
        }
        compared++;
      }
    }
    assert.ok(compared > 25);
  });

  it("split by version, source, code, flags, cluster, protocol and pod into what adds up to the whole", async () => {
    const shop = openShop();
    const rps = truthFor(shop, "services", "reviews").rps ?? NaN;
    const expected: Readonly<Record<string, readonly string[]>> = {
      version: ["v1", "v2", "v3"],
      source: ["ops/batch", "shop/front-v1"],
      code: ["200", "500", "503"],
      flags: ["-", "UC"],
      cluster: ["eu"],
      protocol: ["http"],
      destination: ["shop/reviews-v1", "shop/reviews-v2", "shop/reviews-v3"],
    };
    for (const [by, names] of Object.entries(expected)) {
      const values = last(await chart(shop, { of: reviews, chart: "requests", by: by as Grouping }));
      assert.deepEqual([...values.keys()].sort(), names, by);
      close(total(values), rps, 1e-9, `requests by ${by}`);
    }
    const pods = last(await chart(shop, { of: reviews, chart: "requests", by: "pod" }));
    assert.equal(pods.size, 7);
    close(total(pods), rps, 1e-9, "requests by pod");
  });

  it("show most first", async () => {
    const { series } = await chart(openShop(), { of: reviews, chart: "requests", by: "version" });
    assert.deepEqual(
      series.map(({ name }) => name),
      ["v1", "v2", "v3"],
    );
  });

  it("name the gRPC status beside the code where it is not 0", async () => {
    const shop = openShop();
    const route = [{ destination: { host: "cart", subset: "gone" } }];
    await change(shop, "VirtualService", "cart", { hosts: ["cart"], http: [{ route }] });
    shop.clock.move(120);
    const of: TrafficOf = { what: "service", namespace: "shop", name: "cart" };
    const codes = last(await chart(shop, { of, chart: "requests", by: "code" }));
    assert.ok((codes.get("200 · gRPC 14") ?? 0) > 1);
    // The other cluster's callers still come through.
    assert.ok((codes.get("200") ?? 0) > 0.1);
  });

  it("have gaps before time zero of the world, no zeros", async () => {
    const shop = openShop();
    const { series } = await chart(shop, { of: reviews, chart: "requests", minutes: 70 });
    const points = [...(series[0]?.points ?? [])];
    assert.equal(points.length, 71);
    assert.deepEqual(
      points.map((value) => Number.isNaN(value)),
      points.map((_, i) => i <= 10),
    );
  });

  it("take bytes of TCP from the thing's own side", async () => {
    const shop = openShop();
    const orders: TrafficOf = { what: "workload", namespace: "shop", names: ["orders"] };
    const database: TrafficOf = { what: "workload", namespace: "shop", names: ["orders-db"] };
    const out = last(await chart(shop, { of: orders, chart: "tcpBytes", direction: "outbound" }));
    const into = last(await chart(shop, { of: database, chart: "tcpBytes" }));
    close(out.get("sent") ?? null, into.get("received") ?? NaN, 1e-9, "sent");
    close(out.get("received") ?? null, into.get("sent") ?? NaN, 1e-9, "received");
    const opened = last(await chart(shop, { of: database, chart: "tcpConnections" })).get("opened") ?? NaN;
    // 110 bytes a trip, and a connection for each 50 trips.
    close(opened, (into.get("received") ?? NaN) / 110 / 50, 1e-9, "connections");
  });

  it("count messages of gRPC only", async () => {
    const shop = openShop();
    const fraud: TrafficOf = { what: "service", namespace: "payments", name: "fraud" };
    const messages = last(await chart(shop, { of: fraud, chart: "grpcMessages" }));
    close(messages.get("request") ?? null, truthFor(shop, "services", "fraud").rps ?? NaN, 1e-9, "messages");
    assert.deepEqual((await chart(shop, { of: reviews, chart: "grpcMessages" })).series, []);
  });

  it("say why they are empty", async () => {
    const of: TrafficOf = { what: "service", namespace: "shop", name: "nobody" };
    const answer = await chart(openShop(), { of, chart: "requests" });
    assert.deepEqual(answer.series, []);
    assert.equal(answer.missing[0]?.isAbsent, true);
  });
});

describe("the demo's pods, containers and nodes", () => {
  it("tell of pods what their own proxies report", async () => {
    const shop = openShop();
    const truth = demoTruth(shop.mesh, { windowSeconds, atMillis: shop.clock.now() }).pods;
    const wanted = truth.filter(({ namespace, clusterId }) => namespace === "shop" && clusterId === "eu");
    const query = { namespace: "shop", pods: wanted.map(({ name }) => name), windowSeconds };
    const { rows } = await (await levelsOf(shop)).podTraffic({ ...query, atMillis: shop.clock.now() }, never);
    assert.ok(rows.length > 15);
    for (const row of rows) {
      const exact = wanted.find(({ name }) => name === row.pod);
      if (exact?.rps != null) {
        close(row.rps, exact.rps, 1e-9, row.pod);
        close(row.p95, exact.p95 ?? NaN, 1e-9, row.pod);
        close(row.errorsPerSecond, exact.rps * (exact.errorRate ?? NaN), 1e-9, row.pod);
      } else assert.ok(Number.isNaN(row.rps), row.pod);
    }
    // Nobody but a proxy could tell of this one.
    assert.ok(!rows.some(({ pod }) => pod.startsWith("legacy-")));
  });

  it("show the sick pod near its memory limit, on the node that has next to none left", async () => {
    const shop = openShop();
    const levels = await levelsOf(shop);
    const pods = await listAll(shop.eu, "Pod");
    const sick = pods.find((pod) => JSON.stringify(pod["status"]).includes("OOMKilled"));
    assert.ok(sick);
    const node = (sick["spec"] as { nodeName: string }).nodeName;
    shop.clock.move(300);
    const at = { cluster: eu, windowSeconds, atMillis: shop.clock.now() };
    const of = { what: "podsOfNode", node } as const;
    const { rows } = await levels.containers({ of, ...at }, never);
    const app = rows.find(({ pod, container }) => pod === sick.metadata.name && container === "app");
    assert.ok(app && app.cores > 0.85 && app.cores < 1);
    const onNode = new Set(
      pods.flatMap(({ metadata, spec }) =>
        (spec as { nodeName: string }).nodeName === node && metadata.ownerReferences?.[0]?.kind !== "Job"
          ? [metadata.name]
          : [],
      ),
    );
    assert.deepEqual(new Set(rows.map(({ pod }) => pod)), onNode);
    const nodes = (await listAll(shop.eu, "Node")).map(({ metadata }) => ({ name: metadata.name, addresses: [] }));
    const uses = (await levels.nodes({ nodes, ...at }, never)).rows;
    assert.equal(uses.length, nodes.length);
    for (const use of uses) {
      assert.equal(use.memoryShare > 0.9, use.node === node, use.node);
      assert.ok(use.cpuShare > 0 && use.cpuShare < 1);
    }
  });

  it("find a node by its address where the name is another one", async () => {
    const shop = openShop();
    const levels = await levelsOf(shop);
    const at = { cluster: eu, windowSeconds, atMillis: shop.clock.now() };
    const byName = await levels.nodes({ nodes: [{ name: "node-c", addresses: [] }], ...at }, never);
    const byAddress = await levels.nodes({ nodes: [{ name: "ip-12", addresses: ["192.168.10.12"] }], ...at }, never);
    assert.equal(byAddress.rows[0]?.node, "ip-12");
    assert.equal(byAddress.rows[0].cpuShare, byName.rows[0]?.cpuShare);
    assert.deepEqual((await levels.nodes({ nodes: [{ name: "node-z", addresses: [] }], ...at }, never)).rows, []);
  });

  it("draw CPU and memory by container of one pod, by pod of several", async () => {
    const shop = openShop();
    const levels = await levelsOf(shop);
    const range = { fromMillis: shop.clock.now() - 300_000, toMillis: shop.clock.now(), stepSeconds: 60 };
    const pods = demoTruth(shop.mesh, { windowSeconds, atMillis: shop.clock.now() }).pods.flatMap(({ name }) =>
      name.startsWith("reviews-v2-") ? [name] : [],
    );
    const query = { cluster: eu, charts: ["cpu", "memory"] as const, windowSeconds, range };
    const several = await levels.resourceCharts({ of: { what: "pods", namespace: "shop", pods }, ...query }, never);
    assert.deepEqual(several.charts[0]?.series.map(({ name }) => name).sort(), [...pods].sort());
    const one = await levels.resourceCharts(
      { of: { what: "pods", namespace: "shop", pods: pods.slice(0, 1) }, ...query },
      never,
    );
    assert.deepEqual(one.charts[1]?.series.map(({ name }) => name).sort(), ["app", "istio-proxy"]);
    const whole = several.charts[0].series.find(({ name }) => name === pods[0])?.points.at(-1) ?? NaN;
    close(
      one.charts[0]?.series.reduce((sum, { points }) => sum + (points.at(-1) ?? NaN), 0) ?? null,
      whole,
      1e-9,
      "cpu",
    );
  });

  it("give each row of the lists a line that ends at the row's number", async () => {
    const shop = openShop();
    const levels = await levelsOf(shop);
    const range = { fromMillis: shop.clock.now() - 600_000, toMillis: shop.clock.now(), stepSeconds: 60 };
    const truth = demoTruth(shop.mesh, { windowSeconds, atMillis: shop.clock.now() });
    for (const rows of ["services", "workloads"] as const) {
      const answer = await levels.sparks({ rows, namespaces: undefined, windowSeconds, range }, never);
      assert.equal(answer.times.length, 11);
      assert.deepEqual(answer.rows.length, truth[rows].length);
      for (const row of truth[rows]) {
        const line = answer.rows.find(
          ({ clusterId, namespace, name }) =>
            clusterId === row.clusterId && namespace === row.namespace && name === row.name,
        );
        const bytes = (row.receivedBytesPerSecond ?? 0) + (row.sentBytesPerSecond ?? 0);
        close(line?.points.at(-1) ?? null, row.rps ?? bytes, 1e-9, row.name);
      }
    }
  });
});
