import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFormat } from "../../../../../src/mesh/format/format.ts";
import { MeshError } from "../../../../../src/mesh/meshError.ts";
import { say } from "../../../../../src/mesh/message.ts";
import type { Log } from "../../../../../src/mesh/ports.ts";
import { graphViews } from "../../../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import { readTopology } from "../../../../../src/mesh/topology/reading/readTopology.ts";
import type { StoreEntry } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { systemClock } from "../../../../../src/sources/kubernetes/systemClock.ts";
import { bareEntry, entryOf, FakeStore, nothingFlows, query } from "./fakeStore.ts";

const log: Log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const format = createFormat("en");

const end = fc.constantFrom("shop/a@eu", "shop/b@eu", "shop/c@us", "?@?", "shop/a", "other/__proto__@eu", "?@eu");
const service = fc.constantFrom("shop/a", "shop/b", "?", "?/PassthroughCluster", "?/api.example.com", "shop/10.0.0.1");
const ending = fc.constantFrom(
  "http 200",
  "http 503 flags=UH",
  "http 0 flags=DC",
  "grpc 200 grpc=14",
  "http 504 flags=UT",
);
const value = fc.constantFrom("1", "0", "2.5", "NaN", "-Infinity", "-1", "1e300");

const line = fc.oneof(
  fc
    .tuple(fc.constantFrom("source", "destination", "waypoint", "none"), end, service, end, ending, value)
    .map(([reporter, from, to, reached, how, rate]) => `${reporter} ${from} -> ${to} > ${reached} | ${how} | ${rate}`),
  fc
    .tuple(fc.constantFrom("source", "ztunnel destination", "ztunnel source"), end, service, end, value, value)
    .map(
      ([reporter, from, to, reached, up, down]) =>
        `${reporter} ${from} -> ${to} > ${reached} | tcp | ${up} down ${down}`,
    ),
);

const says = fc.oneof(
  { arbitrary: fc.array(line, { maxLength: 30 }).map((lines) => lines.join("\n")), weight: 5 },
  { arbitrary: fc.constant(new MeshError("timeout", say("No answer"))), weight: 1 },
  { arbitrary: fc.constant(new TypeError("a mistake")), weight: 1 },
);

const stores = fc
  .array(fc.tuple(says, fc.constantFrom("bare", "eu", "us", "?"), fc.boolean()), { maxLength: 3 })
  .map((all) =>
    all.map(([what, kind, exists], i): StoreEntry => {
      const store = new FakeStore(`${i}`, what);
      store.presence = () => ({ ...nothingFlows, seriesExist: exists });
      if (kind === "bare") return bareEntry(store);
      return entryOf(store, `context ${i}`, kind === "?" ? undefined : kind);
    }),
  );

describe("reading anything", () => {
  it("gives calls or an explanation, never an exception, and a graph of it in every view", async () => {
    await fc.assert(
      fc.asyncProperty(stores, fc.constantFrom(...graphViews), async (entries, view) => {
        const asked = { ...query, view, withLatency: true };
        const input = { stores: entries, facts: undefined };
        const reading = await readTopology(input, asked, { clock: systemClock, log }, new AbortController().signal);
        assert.equal(reading.calls.length > 0, reading.empty === undefined);
        const graph = graphOf(reading, undefined, { withIdleNodes: true, format });
        const total = reading.calls.reduce((sum, { rps }) => sum + rps, 0);
        const drawn = graph.edges.reduce((sum, { rps, isFirst }) => sum + (isFirst && rps > 0 ? rps : 0), 0);
        assert.ok(Math.abs(total - drawn) <= 1e-9 * total, `${drawn} of ${total} requests a second are drawn`);
        const ids = reading.problems.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length, "lines are told apart by their ids");
      }),
      { numRuns: 200 },
    );
  });
});
