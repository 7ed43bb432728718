import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { countOnce } from "../../../../../src/mesh/telemetry/edges/countOnce.ts";
import type { StoreAnswer } from "../../../../../src/mesh/telemetry/edges/storeAnswer.ts";
import { systemClock } from "../../../../../src/sources/kubernetes/systemClock.ts";
import { answerOf, type SeriesRow } from "./seriesText.ts";

const slicing = { clock: systemClock, signal: new AbortController().signal };

const hostile = fc.oneof(
  fc.constantFrom(
    "",
    "unknown",
    "-",
    "__proto__",
    "constructor",
    "<b>x</b>",
    "a/b>c:d",
    "\u0000",
    "\u202e",
    "10.1.2.3",
  ),
  fc.string({ maxLength: 12, unit: "grapheme" }),
  fc.constant("x".repeat(10_000)),
);
const name = fc.oneof({ arbitrary: fc.constantFrom("a", "b", "c"), weight: 6 }, { arbitrary: hostile, weight: 1 });
const value = fc.oneof(
  { arbitrary: fc.integer({ min: 0, max: 1000 }), weight: 6 },
  { arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -1, Number.MIN_VALUE), weight: 1 },
);
const cluster = fc.constantFrom("eu", "us", "unknown", "");

/** Any series: both ends from few names, so that cycles, self-loops and repeated identities come about. */
const anyRow: fc.Arbitrary<SeriesRow> = fc.record({
  metric: fc.constantFrom("requests" as const, "tcpReceived" as const, "tcpSent" as const),
  ztunnel: fc.boolean(),
  labels: fc.record({
    reporter: fc.constantFrom("source", "destination", "waypoint", "unheard of", ""),
    source_cluster: cluster,
    source_workload_namespace: name,
    source_workload: name,
    destination_cluster: cluster,
    destination_service_namespace: name,
    destination_service_name: name,
    destination_workload_namespace: name,
    destination_workload: name,
    request_protocol: fc.constantFrom("http", "grpc", "tcp", "", "HTTP", "weird"),
    response_code: fc.oneof(fc.constantFrom("200", "503", "0", "-", ""), hostile),
    grpc_response_status: fc.constantFrom("", "0", "14"),
    response_flags: fc.oneof(fc.constantFrom("-", "", "UT", "DC", "UF,URX", "DI"), hostile),
    connection_security_policy: fc.constantFrom("mutual_tls", "none", "unknown", ""),
    destination_service: fc.oneof(fc.constant("a.b.svc.cluster.local"), hostile),
  }),
  value,
});

const homes = fc.constantFrom(
  [],
  [{ key: "1", clusterId: "eu", context: "one" }],
  [{ key: "1", clusterId: undefined, context: "one" }],
  [{ key: "2", clusterId: "eu", context: "two" }],
  [
    { key: "1", clusterId: "eu", context: "one" },
    { key: "2", clusterId: "us", context: "two" },
  ],
);

const anyStores: fc.Arbitrary<readonly StoreAnswer[]> = fc
  .array(fc.tuple(fc.array(anyRow, { maxLength: 60 }), homes), { minLength: 1, maxLength: 3 })
  .map((stores) =>
    stores.map(([rows, home], i) =>
      answerOf(rows, {
        sourceId: `store ${i}`,
        label: `Store ${i}`,
        homes: home,
        waypoints: [{ namespace: "a", workload: "b" }],
        workloads: [{ clusterId: "eu", namespace: "a", workload: "a", app: "", version: "latest" }],
      }),
    ),
  );

function isRate(number: number): boolean {
  return Number.isFinite(number) && number >= 0;
}

function totals(calls: readonly Call[]) {
  const sum = (amount: (call: Call) => number) => calls.reduce((total, call) => total + amount(call), 0);
  return {
    rps: sum((call) => call.rps),
    sent: sum((call) => call.sentBytesPerSecond),
    received: sum((call) => call.receivedBytesPerSecond),
  };
}

describe("counting any series", () => {
  it("gives calls of finite rates, each kind of call once, whatever the labels and values", async () => {
    const ambient = fc.constantFrom("total" as const, "waypoint" as const, "ztunnel" as const);
    await fc.assert(
      fc.asyncProperty(anyStores, ambient, async (stores, kind) => {
        const { calls } = await countOnce(stores, { ambient: kind }, slicing);
        for (const call of calls) {
          assert.ok(isRate(call.rps) && isRate(call.sentBytesPerSecond) && isRate(call.receivedBytesPerSecond));
          assert.ok(call.service ?? call.destination, "a call leads somewhere");
          assert.equal(call.protocol, call.protocol.toLowerCase());
        }
        const none = { rps: 0, sentBytesPerSecond: 0, receivedBytesPerSecond: 0 };
        const kinds = new Set(calls.map((call) => JSON.stringify({ ...call, ...none })));
        assert.equal(kinds.size, calls.length);
      }),
      { numRuns: 150 },
    );
  });

  it("never counts more than all series together", async () => {
    await fc.assert(
      fc.asyncProperty(anyStores, async (stores) => {
        const { rps, sent, received } = totals((await countOnce(stores, { ambient: "total" }, slicing)).calls);
        const given = { requests: 0, tcpReceived: 0, tcpSent: 0 };
        for (const { edges } of stores) {
          for (let i = 0; i < edges.length; i++) {
            const amount = edges.values[i] ?? NaN;
            const metric = (["requests", "tcpReceived", "tcpSent"] as const)[edges.metric[i] ?? 0] ?? "requests";
            if (isRate(amount)) given[metric] += amount;
          }
        }
        assert.ok(rps <= given.requests + 1e-6 && sent <= given.tcpReceived + 1e-6 && received <= given.tcpSent + 1e-6);
      }),
      { numRuns: 100 },
    );
  });

  // An independent, naive counting: identity by text, the near side first. Of clean series of one cluster only.
  const cleanRow = fc.record({
    reporter: fc.constantFrom("source", "destination"),
    from: fc.constantFrom("a", "b", "c"),
    to: fc.constantFrom("a", "b", "c"),
    protocol: fc.constantFrom("http", "grpc"),
    code: fc.constantFrom("200", "404", "500"),
    value: fc.integer({ min: 1, max: 1000 }),
  });

  it("gives the sums of a naive counting of clean series", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cleanRow, { maxLength: 80 }), async (all) => {
        const identity = ({ from, to, protocol, code }: (typeof all)[number]) => [from, to, protocol, code].join(" ");
        const unique = [...new Map(all.map((row) => [`${row.reporter} ${identity(row)}`, row])).values()];
        const near = new Set(unique.filter(({ reporter }) => reporter === "destination").map(identity));
        const expected = unique
          .filter((row) => row.reporter === "destination" || !near.has(identity(row)))
          .reduce((sum, row) => sum + row.value, 0);
        const rows = unique.map(({ reporter, from, to, protocol, code, value: amount }): SeriesRow => {
          const ends = { source_cluster: "eu", destination_cluster: "eu", destination_service_namespace: "n" };
          return {
            metric: "requests",
            labels: {
              ...{ ...ends, reporter, source_workload_namespace: "n", source_workload: from },
              ...{ destination_service_name: to, destination_workload_namespace: "n", destination_workload: to },
              ...{ request_protocol: protocol, response_code: code, response_flags: "-" },
            },
            value: amount,
          };
        });
        const { calls } = await countOnce([answerOf(rows)], { ambient: "total" }, slicing);
        assert.equal(totals(calls).rps, expected);
      }),
      { numRuns: 200 },
    );
  });

  it("draws 10,000 sources that are called unknown, each with another namespace, as one", async () => {
    const rows = Array.from({ length: 10_000 }, (_, i): SeriesRow => {
      const labels = { source_workload: "unknown", source_workload_namespace: `n${i}`, destination_workload: "a" };
      return {
        metric: "requests",
        labels: { ...labels, reporter: "destination", destination_workload_namespace: "n", destination_cluster: "eu" },
        value: 1,
      };
    });
    const { calls } = await countOnce([answerOf(rows)], { ambient: "total" }, slicing);
    assert.deepEqual(
      calls.map(({ source, rps }) => [source.workload, source.place.label, rps]),
      [["unknown", "eu", 10_000]],
    );
  });

  it("ends with the signal's reason, and not later than the next slice", async () => {
    const reason = new Error("enough");
    const stores = [answerOf([])];
    const row: SeriesRow = { metric: "requests", labels: { reporter: "source" }, value: 1 };
    await assert.rejects(
      countOnce(
        [...stores, answerOf([row])],
        { ambient: "total" },
        { clock: systemClock, signal: AbortSignal.abort(reason) },
      ),
      reason,
    );
  });
});
