import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { graphViews, type TopologyGraph } from "../../../../../src/mesh/topology/graph/graph.ts";
import { GraphTracker } from "../../../../../src/mesh/topology/graph/graphTracker.ts";
import { selectionOf } from "../../../../../src/mesh/topology/graph/selection.ts";
import { detailsOf } from "../../../../../src/mesh/topology/graph/selectionDetails.ts";
import { readSnapshot } from "../../../../../src/protocol/topology/readSnapshot.ts";
import { idsOf } from "../../../../../src/protocol/topology/snapshotIds.ts";
import { snapshotOf } from "../../../../../src/protocol/topology/snapshotOf.ts";
import { drawn, edgeNamed, Ends, graph, nodeNamed, now } from "./readings.ts";

const ends = new Ends();

/** What crosses to a page, read back there. */
function arrived(drawing: TopologyGraph): ReturnType<typeof readSnapshot> {
  const extras = { serial: 1, atMillis: now, windowSeconds: 60, label: "rate", findError: null, empty: null } as const;
  const spent = { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 };
  return readSnapshot(structuredClone(snapshotOf(drawing, { ...extras, problems: [], stores: [], spent })));
}

describe("graphs of what nobody expects", () => {
  it("hold a workload that calls its own service", () => {
    const call = ends.call("eu/shop/a", "eu/shop/a", "eu/shop/a", { rps: 1 });
    assert.deepEqual(drawn(graph([call])), [
      "workload/eu/shop/a => service/eu/shop/a http 1",
      "service/eu/shop/a -> workload/eu/shop/a http 1",
    ]);
    assert.deepEqual(drawn(graph([call], "service")), ["service/eu/shop/a => service/eu/shop/a http 1"]);
  });

  it("hold a workload that calls itself by address", () => {
    const call = ends.call("eu/shop/a", undefined, "eu/shop/a", { rps: 1 });
    const node = nodeNamed(graph([call]), "workload/eu/shop/a");
    assert.deepEqual([node.rpsIn, node.rpsOut], [1, 1]);
  });

  it("hold cycles", () => {
    const ring = ["a", "b", "c"].map((name, i, all) => {
      const next = all[(i + 1) % all.length] ?? "";
      return ends.call(`eu/shop/${name}`, `eu/shop/${next}`, `eu/shop/${next}`, { rps: 1 });
    });
    for (const view of graphViews) assert.ok(graph(ring, view).edges.length > 0);
    assert.equal(graph(ring, "service").edges.length, 3);
  });

  it("keep a service of one name in 40 namespaces apart", () => {
    const calls = Array.from({ length: 40 }, (_, i) =>
      ends.call("eu/shop/front", `eu/team-${i}/api`, `eu/team-${i}/api-v1`, { rps: 1 }),
    );
    const drawing = graph(calls);
    assert.equal(drawing.nodes.filter(({ kind, name }) => kind === "service" && name === "api").length, 40);
    assert.equal(nodeNamed(drawing, "workload/eu/shop/front").rpsOut, 40);
  });

  it("draw 3,000 edges at one node", () => {
    const calls = Array.from({ length: 3000 }, (_, i) =>
      ends.call("eu/shop/hub", `eu/shop/s${i}`, undefined, { rps: 1 }),
    );
    const drawing = graph(calls);
    assert.equal(drawing.edges.length, 3000);
    assert.equal(nodeNamed(drawing, "workload/eu/shop/hub").rpsOut, 3000);
    assert.equal(arrived(drawing).edges.count, 3000);
  });

  it("make one node of 10,000 callers that are not known", () => {
    const calls = Array.from({ length: 10_000 }, (_, i) =>
      ends.call(`eu/team-${i}/unknown`, "eu/shop/api", "eu/shop/api-v1", { rps: 1 }),
    );
    assert.deepEqual(drawn(graph(calls)), [
      "unknown/eu => service/eu/shop/api http 10000",
      "service/eu/shop/api -> workload/eu/shop/api-v1 http 10000",
    ]);
  });

  it("draw names of 10 kB, with markup and control characters, as text", () => {
    const long = "x".repeat(10_240);
    const names = [long, "<img src=x onerror=alert(1)>", "a\u0000b\nc\u202ed", "__proto__", "constructor", "a>b:c"];
    const calls = names.map((name) => {
      const source = ends.workload("eu/shop/x", { namespace: name, workload: name, app: name, version: name });
      const service = ends.service("eu/shop/x", { namespace: name, name });
      return { ...ends.call("eu/shop/x", "eu/shop/x", "eu/shop/x", { rps: 1 }), source, service, destination: source };
    });
    for (const view of graphViews) {
      const drawing = graph(calls, view);
      const ids = idsOf(arrived(drawing));
      assert.deepEqual(
        ids.nodes,
        drawing.nodes.map(({ id }) => id),
      );
      assert.deepEqual(
        ids.edges,
        drawing.edges.map(({ id }) => id),
      );
      assert.equal(new Set(ids.nodes).size, names.length * (view === "service" || view === "namespace" ? 1 : 2));
    }
  });

  it("count codes and flags whatever they are called", () => {
    const rates = { rps: 1, code: "__proto__", flags: "__proto__" };
    const edge = "workload/eu/shop/a>service/eu/shop/b:http";
    const { responseCodes, flags } = edgeNamed(graph([ends.call("eu/shop/a", "eu/shop/b", undefined, rates)]), edge);
    assert.deepEqual(Object.entries(responseCodes), [["__proto__", 1]]);
    assert.deepEqual(Object.entries(flags), [["__proto__", 1]]);
  });

  it("put what has more than 200 protocols into one of the name other, and lose nothing", () => {
    const calls = Array.from({ length: 300 }, (_, i) =>
      ends.call("eu/shop/a", "eu/shop/b", undefined, { rps: 1, protocol: `p${i}` }),
    );
    const drawing = graph(calls);
    assert.equal(edgeNamed(drawing, "workload/eu/shop/a>service/eu/shop/b:other").rps, 100);
    assert.equal(arrived(drawing).protocols.length, 201);
  });

  const hostile = fc.oneof(fc.constantFrom("a", "b", "unknown", "", "*", "a.b"), fc.string({ unit: "binary" }));
  const workload = fc.record({
    label: fc.constantFrom("eu", "us", ""),
    isDerived: fc.boolean(),
    namespace: hostile,
    name: hostile,
    app: fc.option(hostile, { nil: undefined }),
    isWaypoint: fc.boolean(),
  });
  const call = fc.record({
    source: workload,
    destination: fc.option(workload, { nil: undefined }),
    service: fc.option(fc.record({ namespace: hostile, name: hostile }), { nil: undefined }),
    protocol: fc.oneof(fc.constantFrom("http", "grpc", "tcp"), hostile),
    code: fc.oneof(fc.constantFrom("200", "503", "0", ""), hostile),
    flags: fc.oneof(fc.constant(""), hostile),
    mutualTls: fc.constantFrom("yes", "no", "unknown" as const),
    rate: fc.double({ min: 0, max: 1e12, noNaN: true }),
  });
  type Draft = typeof call extends fc.Arbitrary<infer T> ? T : never;

  function made(drafts: readonly Draft[]): readonly Call[] {
    const interned = new Ends();
    const end = ({ label, isDerived, namespace, name, app, isWaypoint }: Draft["source"]) =>
      interned.workload("x/y/z", {
        place: interned.place(label, { isDerived }),
        ...{ namespace, workload: name, app, version: undefined, isWaypoint },
      });
    return drafts.map(({ source, destination, service, rate, protocol, code, flags, mutualTls }) => ({
      source: end(source),
      destination: destination && end(destination),
      service: service && interned.service("x/y/z", { place: interned.place(source.label), ...service }),
      ...{ protocol, code, flags, mutualTls, grpcStatus: "", isL4: false },
      ...(protocol === "tcp"
        ? { rps: 0, sentBytesPerSecond: rate, receivedBytesPerSecond: rate }
        : { rps: rate, sentBytesPerSecond: 0, receivedBytesPerSecond: 0 }),
    }));
  }

  it("cross to the page with the same ids, whatever names hold", () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 20 }), fc.constantFrom(...graphViews), (drafts, view) => {
        const drawing = graph(made(drafts), view);
        const ids = idsOf(arrived(drawing));
        const all = [...drawing.nodes, ...drawing.edges, ...drawing.boxes].map(({ id }) => id);
        assert.deepEqual([...ids.nodes, ...ids.edges, ...ids.boxes], all);
        assert.equal(new Set(all).size, all.length);
      }),
    );
  });

  it("stay whole from reading to reading, and have a panel for all that is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.array(call, { maxLength: 8 }), { maxLength: 6 }), (readings) => {
        const tracker = new GraphTracker();
        for (const drafts of readings) {
          const tracked = tracker.next(graph(made(drafts)));
          const ids = idsOf(arrived(tracked));
          assert.deepEqual(
            ids.edges,
            tracked.edges.map(({ id }) => id),
          );
          const targets = [
            ...tracked.nodes.map(({ id }) => ({ what: "node", id }) as const),
            ...tracked.edges.map(({ id }) => ({ what: "edge", id }) as const),
            ...tracked.boxes.map(({ id }) => ({ what: "box", id }) as const),
          ];
          for (const target of targets) {
            assert.ok(selectionOf(tracked, target));
            assert.ok(detailsOf(tracked, target, { facts: undefined, calls: undefined }));
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
