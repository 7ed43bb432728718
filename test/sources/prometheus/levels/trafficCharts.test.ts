import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TelemetrySource } from "../../../../src/mesh/ports.ts";
import {
  type ChartAnswer,
  type ChartsAnswer,
  type ClusterRows,
  type Direction,
  type Grouping,
  type TrafficChart,
  type TrafficOf,
} from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { Summaries, TrafficRow } from "../../../../src/mesh/telemetry/summaries.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../../support/eventually.ts";
import type { MetricsEngine } from "../../../support/metricsEngine.ts";
import { startExposition, type Exposition, type GrowingSeries } from "../exposition.ts";
import { requestsOf } from "../istioSeries.ts";
import { east, gateways, hostile, world } from "../reportedWorld.ts";
import { engines } from "../storeEngines.ts";
import { realClock, silentLog } from "../surroundings.ts";

const windowSeconds = 10;
const ownEast: ClusterRows = { id: "east", withUnplaced: false };
const versioned = (["source", "destination"] as const).flatMap((reporter) =>
  (["v1", "v2"] as const).map((version, i) => {
    const base = requestsOf({
      ...east,
      reporter,
      from: "client",
      to: `split-${version}`,
      service: "split",
      rps: 3 - i,
    });
    const labels: Record<string, string> = { ...base.labels, destination_canonical_revision: version };
    return {
      ...base,
      labels: reporter === "destination" ? { ...labels, pod: `split-${version}-x`, namespace: "shop" } : labels,
    };
  }),
);
const more: readonly GrowingSeries[] = [
  ...(["source", "destination"] as const).map((reporter) => ({
    ...requestsOf({ ...east, reporter, from: "client", to: "restarting-v1", service: "restarting", rps: 50 }),
    restartsEverySeconds: 15,
  })),
  ...versioned,
  ...(["source", "destination"] as const).flatMap((reporter) => {
    const { labels } = requestsOf({ ...east, reporter, from: "client", to: "rpc-v1", service: "rpc", rps: 0 });
    const endings = ["request_protocol", "response_code", "grpc_response_status"];
    const rest = Object.fromEntries(Object.entries(labels).filter(([label]) => !endings.includes(label)));
    return [
      { name: "istio_request_messages_total", labels: rest, perSecond: 12 },
      { name: "istio_response_messages_total", labels: rest, perSecond: 30 },
      { name: "istio_request_bytes_sum", labels, perSecond: 1200 },
      { name: "istio_response_bytes_sum", labels, perSecond: 3400 },
      { name: "istio_tcp_connections_opened_total", labels: rest, perSecond: 2 },
      { name: "istio_tcp_connections_closed_total", labels: rest, perSecond: 1 },
    ];
  }),
];

for (const { name, skip, start } of engines) {
  describe(`charts of traffic from ${name}`, { skip }, () => {
    let exposition: Exposition;
    let engine: MetricsEngine;
    let source: TelemetrySource;
    let lists: Summaries;
    let toMillis: number;

    before(async () => {
      exposition = await startExposition([...world, ...more]);
      engine = await start({ targets: [{ address: exposition.address }] });
      source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
      // The first points of the range need a whole window before them, and the first scrapes may come late.
      for (const enough of [16, 30]) {
        await eventually(`${enough} scrapes`, async () => {
          const [scrapes] = await engine.query('count_over_time(istio_build{component="pilot"}[1m])');
          return (scrapes?.value ?? 0) >= enough;
        });
      }
      // What was scraped lately may still be on its way into the store.
      toMillis = await eventually("the samples of a time have arrived", () => {
        const now = Date.now();
        return now % 5000 > 2500 ? Math.floor(now / 5000) * 5000 : undefined;
      });
      const asked = { windowSeconds, atMillis: toMillis, namespaces: undefined, gateways };
      lists = await source.summaries(asked, AbortSignal.timeout(20_000));
    });

    after(async () => {
      source.dispose();
      await engine.stop();
      exposition.close();
    });

    function ask(
      of: TrafficOf,
      charts: readonly (readonly [TrafficChart, Grouping])[],
      { direction = "inbound", cluster = ownEast }: { direction?: Direction; cluster?: ClusterRows } = {},
    ): Promise<ChartsAnswer<TrafficChart>> {
      assert.ok(source.levels);
      const range = { fromMillis: toMillis - 5000, toMillis, stepSeconds: 1 };
      const asked = charts.map(([chart, by]) => ({ chart, by }));
      const query = { of, direction, cluster, charts: asked, windowSeconds, range };
      return source.levels.trafficCharts(query, AbortSignal.timeout(20_000));
    }

    async function one(
      of: TrafficOf,
      chart: TrafficChart,
      by: Grouping = "none",
      how: { direction?: Direction; cluster?: ClusterRows } = {},
    ): Promise<ChartAnswer<TrafficChart>> {
      const [answer] = (await ask(of, [[chart, by]], how)).charts;
      assert.ok(answer);
      return answer;
    }

    const service = (wanted: string): TrafficOf => ({ what: "service", namespace: "shop", name: wanted });
    const workload = (wanted: string): TrafficOf => ({ what: "workload", namespace: "shop", names: [wanted] });

    /** The last values by name, rounded to 2 % of what is expected. */
    function lasts({ series }: ChartAnswer): Record<string, number> {
      return Object.fromEntries(series.map((line) => [line.name, line.points.at(-1) ?? NaN]));
    }

    function areNear(answer: ChartAnswer, expected: Readonly<Record<string, number>>): void {
      const actual = lasts(answer);
      assert.deepEqual(
        Object.keys(actual).toSorted(),
        Object.keys(expected).toSorted(),
        JSON.stringify(answer.missing),
      );
      for (const [line, value] of Object.entries(expected)) {
        const got = actual[line] ?? NaN;
        assert.ok(Math.abs(got - value) <= Math.abs(value) * 0.02 + 1e-9, `${line}: ${got} instead of ${value}`);
      }
    }

    const rowsOf = (rows: readonly TrafficRow[], what: "service" | "workload") =>
      rows
        .filter(({ clusterId, requests }) => clusterId !== undefined && requests)
        .map((row) => {
          const { namespace, name: called } = row;
          const of: TrafficOf =
            what === "service" ? { what, namespace, name: called } : { what, namespace, names: [called] };
          const cluster = { id: row.clusterId, withUnplaced: false };
          return { row, of, cluster };
        });

    it("end with the numbers of the lists, for every service and workload", async () => {
      const all = [...rowsOf(lists.services, "service"), ...rowsOf(lists.workloads, "workload")];
      assert.ok(all.length > 40, String(all.length));
      const differing: string[] = [];
      for (const { row, of, cluster } of all) {
        const { charts } = await ask(
          of,
          [
            ["requests", "none"],
            ["errors", "none"],
            ["latency", "none"],
          ],
          { cluster },
        );
        const [requests, errors, latency] = charts.map(lasts);
        const { rps = NaN, errorsPerSecond = NaN } = row.requests ?? {};
        const wanted: readonly (readonly [string, number | undefined, number])[] = [
          ["rps", requests?.[""], rps],
          ["errors", errors?.[""], errorsPerSecond / rps],
          ["p50", latency?.["p50"], row.latency?.p50 ?? NaN],
          ["p99", latency?.["p99"], row.latency?.p99 ?? NaN],
        ];
        for (const [what, got = NaN, want] of wanted) {
          const isSame = Object.is(got, want) || Math.abs(got - want) <= Math.abs(want) * 1e-9 + 1e-12;
          if (!isSame) differing.push(`${JSON.stringify(of)} ${cluster.id} ${what}: ${got} instead of ${want}`);
        }
      }
      assert.deepEqual(differing, []);
    });

    it("are what the copied query returns at each time", async () => {
      const charts = [
        ["requests", "none"],
        ["errors", "code"],
        ["latency", "none"],
        ["requests", "source"],
        ["tcpBytes", "none"],
      ] as const;
      const { times, charts: answers } = await ask(service("rpc"), charts);
      for (const at of [0, times.length - 1]) {
        for (const answer of answers) {
          const shown = answer.series.map(({ points }) => points[at] ?? NaN).filter((value) => !Number.isNaN(value));
          const url = `${engine.url}/api/v1/query?${new URLSearchParams({ query: answer.provenance?.query ?? "", time: String(times[at]), nocache: "1" }).toString()}`;
          const told = (await (await fetch(url)).json()) as { data: { result: { value: [number, string] }[] } };
          const values = told.data.result.map(({ value }) => Number(value[1])).filter((value) => !Number.isNaN(value));
          assert.deepEqual(values.toSorted(), shown.toSorted(), `${answer.chart} ${answer.by}`);
        }
      }
    });

    it("are told by a query for each of the lists' numbers, which returns it", async () => {
      const { levels } = source;
      const rows = [...rowsOf(lists.services, "service"), ...rowsOf(lists.workloads, "workload")].filter(
        ({ row }) => (row.requests?.rps ?? 0) > 0,
      );
      assert.ok(rows.length > 10);
      for (const { row, of, cluster } of rows.slice(0, 12)) {
        const charts = ["requests", "errors", "latency"] as const;
        const asked = { of, direction: "inbound", cluster, charts, windowSeconds, atMillis: toMillis } as const;
        const [requests, errors, latency] = (await levels?.trafficQueries?.(asked, AbortSignal.timeout(20_000))) ?? [];
        const told = async (query = "") => {
          const address = new URLSearchParams({ query, time: String(toMillis / 1000), nocache: "1" }).toString();
          const reply = (await (await fetch(`${engine.url}/api/v1/query?${address}`)).json()) as {
            data: { result: { value: [number, string] }[] };
          };
          return reply.data.result.map(({ value }) => Number(value[1]));
        };
        const { rps = NaN, errorsPerSecond = NaN } = row.requests ?? {};
        const isNear = (got = NaN, want = NaN) => Math.abs(got - want) <= Math.abs(want) * 1e-9 + 1e-12;
        assert.ok(isNear((await told(requests?.query))[0], rps), `requests of ${row.name}`);
        assert.ok(isNear((await told(errors?.query))[0], errorsPerSecond / rps), `errors of ${row.name}`);
        const quantiles = await told(latency?.query);
        if (typeof row.latency?.p99 === "number") {
          assert.ok(
            quantiles.some((value) => isNear(value, row.latency?.p99 ?? NaN)),
            `p99 of ${row.name}`,
          );
        }
      }
    });

    it("have times that end exactly as asked, and no gap where samples are", async () => {
      const { times, charts } = await ask(service("cart"), [["requests", "none"]]);
      assert.deepEqual(
        [...times].map((time) => time * 1000 - toMillis),
        [-5000, -4000, -3000, -2000, -1000, 0],
      );
      assert.ok(charts[0]?.series[0]?.points.every((value) => Math.abs(value - 110) < 2.2));
    });

    it("show no spike and no drop where a counter began anew", async () => {
      assert.ok(source.levels);
      const query = { of: service("restarting"), direction: "inbound", cluster: ownEast, windowSeconds } as const;
      const range = { fromMillis: toMillis - 10_000, toMillis, stepSeconds: 1 };
      const charts = [{ chart: "requests", by: "none" }] as const;
      const answer = await source.levels.trafficCharts({ ...query, range, charts }, AbortSignal.timeout(20_000));
      const points = [...(answer.charts[0]?.series[0]?.points ?? [])];
      assert.ok(points.length === 11 && points.every((value) => value > 40 && value < 55), points.join(" "));
    });

    it("give 0 where nothing failed and a gap where nothing was requested", async () => {
      areNear(await one(service("delayed"), "errors"), { "": 0 });
      assert.ok(Number.isNaN(lasts(await one(service("idle"), "errors"))[""] ?? NaN));
      assert.deepEqual((await one(service("nowhere"), "errors")).series, []);
    });

    it("split requests by how they ended, whence they came and where they went", async () => {
      areNear(await one(service("rpc"), "requests", "code"), { "200": 6, "200 · gRPC 14": 2 });
      areNear(await one(service("crash"), "requests", "flags"), { UC: 6, UF: 2 });
      areNear(await one(service("cart"), "requests", "destination"), { "shop/cart-v1": 100, cart: 10 });
      areNear(await one(service("reviews"), "requests", "source"), { "shop/client": 40 });
      areNear(await one(service("rpc"), "requests", "protocol"), { grpc: 8 });
      areNear(await one(service("far"), "requests", "cluster", { cluster: { id: "west", withUnplaced: false } }), {
        east: 12,
      });
    });

    it("split requests by version and pod and count each once all the same", async () => {
      areNear(await one(service("split"), "requests", "version"), { v1: 3, v2: 2 });
      areNear(await one(service("split"), "requests", "pod"), { "split-v1-x": 3, "split-v2-x": 2 });
      areNear(await one(service("split"), "requests"), { "": 5 });
      areNear(await one(service("split"), "errors", "version"), { v1: 0, v2: 0 });
    });

    it("give the latency of each group from its own histogram", async () => {
      areNear(await one(service("slow"), "latency", "source"), { "shop/client": 0.0975 });
    });

    it("keep clusters apart, and take what names no cluster for the store's own where that is meant", async () => {
      areNear(await one(service("cart"), "requests", "none", { cluster: { id: "west", withUnplaced: false } }), {
        "": 50,
      });
      areNear(await one(service("legacy"), "requests", "none", { cluster: { id: "east", withUnplaced: true } }), {
        "": 33,
      });
      assert.deepEqual((await one(service("legacy"), "requests")).series, []);
      areNear(await one(service("cart"), "requests", "none", { cluster: { id: undefined, withUnplaced: true } }), {
        "": 160,
      });
    });

    it("count for a gateway what the lists say that it passed on", async () => {
      areNear(await one(workload("edge"), "requests", "none", { direction: "outbound" }), { "": 10 });
      areNear(await one(workload("edge"), "requests", "code", { direction: "outbound" }), { "200": 8, "404": 2 });
      areNear(await one(workload("edge"), "latency", "none", { direction: "outbound" }), {
        p50: 0.0175,
        p95: 0.02425,
        p99: 0.02485,
      });
    });

    it("turn TCP bytes to the thing's own side", async () => {
      areNear(await one(service("mongo"), "tcpBytes"), { received: 1000, sent: 3000 });
      areNear(await one(service("mongo"), "tcpBytes", "source"), { "shop/client": 4000 });
      areNear(await one(workload("edge"), "tcpBytes", "none", { direction: "outbound" }), { received: 300, sent: 100 });
    });

    it("have the bytes and messages of requests and responses, and connections", async () => {
      areNear(await one(service("rpc"), "messageBytes"), { request: 1200, response: 3400 });
      areNear(await one(workload("rpc-v1"), "grpcMessages"), { request: 12, response: 30 });
      areNear(await one(workload("rpc-v1"), "grpcMessages", "protocol"), { grpc: 42 });
    });

    it("show sums of namespaces and of the mesh by namespace", async () => {
      const other = await one({ what: "namespace", namespace: "other" }, "requests");
      areNear(other, { "": 15 });
      const mesh = await one({ what: "mesh" }, "requests", "namespace");
      const east = lists.services.filter(({ clusterId, namespace }) => clusterId === "east" && namespace === "shop");
      const shop = east.reduce((sum, { requests }) => sum + (requests?.rps ?? 0), 0);
      areNear(mesh, { shop, other: 15 });
    });

    it("know what a pod's own proxy reports", async () => {
      areNear(await one({ what: "pod", namespace: "shop", name: "split-v2-x" }, "requests"), { "": 2 });
    });

    it("take names for nothing but names", async () => {
      areNear(await one(service(hostile), "requests"), { "": 5 });
      areNear(await one(workload(hostile), "errors", "code"), { "200": 0 });
    });

    it("have a line for each service from two queries", async () => {
      const range = { fromMillis: toMillis - 5000, toMillis, stepSeconds: 5 };
      const query = { rows: "services", namespaces: ["shop"], windowSeconds, range } as const;
      const sparks = await source.levels?.sparks(query, AbortSignal.timeout(20_000));
      assert.equal(sparks?.provenance.length, 2);
      const wanted = lists.services.filter(({ namespace, requests, tcp }) => namespace === "shop" && (requests ?? tcp));
      const found = new Map(sparks.rows.map((row) => [`${row.clusterId}/${row.name}`, row]));
      for (const { clusterId, name: called, requests } of wanted) {
        const row = found.get(`${clusterId}/${called}`);
        if (requests && row?.unit === "rps") assert.equal(row.points.at(-1), requests.rps, called);
      }
      const names = wanted.map(({ clusterId, name: called }) => `${clusterId}/${called}`);
      assert.deepEqual([...found.keys()].toSorted(), names.toSorted());
      assert.equal(found.get("east/mongo")?.unit, "bytesPerSecond");
    });
  });
}
