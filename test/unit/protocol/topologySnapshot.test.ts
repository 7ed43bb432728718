import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { flag, none, states, type GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { readSnapshot } from "../../../src/protocol/topology/readSnapshot.ts";
import { edgeIdAt, idsOf, nodeIdAt, surroundingsOf, titlesAround } from "../../../src/protocol/topology/snapshotIds.ts";
import { snapshotOf, type SnapshotExtras } from "../../../src/protocol/topology/snapshotOf.ts";
import { graphViews } from "../../../src/mesh/topology/graph/graph.ts";
import { GraphTracker } from "../../../src/mesh/topology/graph/graphTracker.ts";
import { Ends, graph, now } from "../mesh/topology/graph/readings.ts";

const extras: SnapshotExtras = {
  ...{ serial: 1, atMillis: now, windowSeconds: 60, label: "rate", findError: null, empty: null },
  problems: [{ id: "p", words: "Something is missing", canRetry: true, severity: "warning" }],
  stores: [
    {
      ...{ cluster: "eu", label: null, state: "none", measuredAt: null, isDerived: false },
      ...{ dialects: ["v2"], scrapeIntervalSeconds: null },
    },
  ],
  spent: { wait: 1, decode: 2, graph: 3, queries: 4, bytes: 5 },
};

const ends = new Ends();
const front = "eu/shop/front-v1";
const calls = [
  ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 9 }),
  ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1, code: "503" }),
  ends.call(front, "eu/shop/db", "eu/shop/db-v1", {
    protocol: "tcp",
    sentBytesPerSecond: 100,
    receivedBytesPerSecond: 7,
  }),
  ends.call("eu/unknown/unknown", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 2 }),
];

function sent(snapshot: GraphSnapshot): unknown {
  return structuredClone(snapshot);
}

describe("a picture on the wire", () => {
  it("arrives as it was sent", () => {
    const snapshot = snapshotOf(graph(calls), extras);
    assert.deepEqual(readSnapshot(sent(snapshot)), snapshot);
  });

  for (const view of graphViews) {
    it(`gives both sides the same ids in the view ${view}`, () => {
      const drawing = graph(calls, view);
      const snapshot = snapshotOf(drawing, extras);
      assert.deepEqual(idsOf(snapshot), {
        nodes: drawing.nodes.map(({ id }) => id),
        edges: drawing.edges.map(({ id }) => id),
        boxes: drawing.boxes.map(({ id }) => id),
      });
      assert.deepEqual(
        drawing.nodes.map((_, i) => nodeIdAt(snapshot, i)),
        drawing.nodes.map(({ id }) => id),
      );
      assert.deepEqual(
        drawing.edges.map((_, i) => edgeIdAt(snapshot, i)),
        drawing.edges.map(({ id }) => id),
      );
    });
  }

  it("calls a connected cluster by its context, and makes ids of its name in the metrics", () => {
    const snapshot = snapshotOf(graph(calls), { ...extras, contexts: new Map([["key-eu", "prod-europe"]]) });
    const reviews = snapshot.nodes.box[0] ?? none;
    assert.equal(titlesAround(snapshot, reviews).cluster, "prod-europe");
    assert.equal(surroundingsOf(snapshot, reviews).cluster, "eu");
    assert.match(nodeIdAt(snapshot, 0), /\/eu\//);
  });

  it("carries rates, error ratios and bytes both ways", () => {
    const { edges, protocols, nodes, strings } = snapshotOf(graph(calls), extras);
    const first = (protocol: string) =>
      Array.from(edges.protocol).findIndex((p, i) => protocols[p] === protocol && (edges.flags[i] ?? 0) & flag.first);
    const http = first("http");
    assert.equal(edges.rate[http], 10);
    assert.equal(edges.errorRate[http]?.toFixed(6), "0.100000");
    assert.equal(edges.back[http], NaN);
    assert.equal(states[edges.state[http] ?? 0], "failing");
    const tcp = first("tcp");
    assert.deepEqual([edges.rate[tcp], edges.back[tcp], edges.errorRate[tcp]], [100, 7, 0]);
    const reviews = Array.from(nodes.name).findIndex((name) => strings[name] === "reviews-v1");
    assert.deepEqual([nodes.rpsIn[reviews], nodes.rpsOut[reviews]], [12, NaN]);
    assert.deepEqual([nodes.ready[reviews], nodes.desired[reviews]], [0xffff, 0xffff]);
  });

  it("arrives even where rates are beyond all measure", () => {
    const call = ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1e300 });
    const { edges } = readSnapshot(sent(snapshotOf(graph([call, call]), extras)));
    assert.ok((edges.rate[0] ?? 0) > 1e38);
  });

  it("carries the value of the chosen label where no column has it", () => {
    const { edges } = snapshotOf(graph(calls), { ...extras, label: "share" });
    assert.equal(edges.label[0], 1);
    assert.equal(snapshotOf(graph(calls), extras).edges.label[0], NaN);
  });

  it("marks what is dim, a ghost, found and hidden", () => {
    const tracker = new GraphTracker();
    tracker.next(graph(calls));
    const dim = tracker.next(graph(calls.slice(0, 2)));
    const marks = { nodes: new Uint16Array(dim.nodes.length), edges: new Uint16Array(dim.edges.length) };
    marks.nodes[0] = flag.found;
    marks.edges[0] = flag.hidden;
    const snapshot = snapshotOf(dim, { ...extras, marks });
    const db = dim.nodes.findIndex(({ name }) => name === "db");
    assert.equal((snapshot.nodes.flags[db] ?? 0) & (flag.dim | flag.ghost), flag.dim);
    assert.equal((snapshot.nodes.flags[0] ?? 0) & (flag.dim | flag.found), flag.found);
    assert.equal((snapshot.edges.flags[0] ?? 0) & flag.hidden, flag.hidden);
    const ghost = snapshotOf(tracker.next(graph(calls.slice(0, 2))), extras);
    assert.equal((ghost.nodes.flags[db] ?? 0) & flag.ghost, flag.ghost);
  });

  it("holds 10,000 nodes and 25,000 edges in 1.5 MB", () => {
    const many = new Ends();
    const path = (i: number) => `cluster-eu-west-1/namespace-${i % 40}/workload-${String(i).padStart(5, "0")}-v1`;
    const service = (i: number) => `cluster-eu-west-1/namespace-${i % 40}/service-${String(i).padStart(5, "0")}`;
    const wide = Array.from({ length: 20_000 }, (_, i) => {
      const called = (i * 13 + Math.floor(i / 5000) * 17) % 5000;
      return many.call(path(i % 5000), service(called), path(called), { rps: 1 + i });
    });
    const drawing = graph(wide);
    const snapshot = snapshotOf(drawing, extras);
    assert.deepEqual([drawing.nodes.length, drawing.edges.length], [10_000, 25_000]);
    assert.ok(bytesOf(snapshot) <= 1_500_000, `${bytesOf(snapshot)} bytes`);
  });
});

function bytesOf({ nodes, edges, boxes, strings }: GraphSnapshot): number {
  const columns: readonly unknown[] = [nodes, edges, boxes].flatMap((table) => Object.values(table) as unknown[]);
  const buffers = columns.map((column) => (ArrayBuffer.isView(column) ? column.byteLength : 0));
  const texts = strings.map((text) => Buffer.byteLength(text) + 4);
  return [...buffers, ...texts].reduce((sum, bytes) => sum + bytes, 0);
}

describe("what arrives in place of a picture", () => {
  const good = snapshotOf(graph(calls), extras);
  const refused = (value: unknown, part: RegExp) => {
    assert.throws(
      () => readSnapshot(value),
      (error) => MeshError.is(error, "bad-data") && part.test(error.message),
    );
  };
  const withNodes = (columns: object) => ({ ...good, nodes: { ...good.nodes, ...columns } });

  it("is refused where a column is too short", () => {
    refused(withNodes({ name: good.nodes.name.slice(1) }), /nodes\.name/);
  });

  it("is refused where a column is of another type", () => {
    refused(withNodes({ rpsIn: Array.from(good.nodes.rpsIn) }), /nodes\.rpsIn/);
    refused(withNodes({ name: new Uint16Array(good.nodes.count) }), /nodes\.name/);
  });

  it("is refused where an index points nowhere", () => {
    refused(withNodes({ name: good.nodes.name.map(() => good.strings.length) }), /nodes\.name/);
    refused(withNodes({ box: good.nodes.box.map(() => good.boxes.count) }), /nodes\.box/);
    refused(withNodes({ kind: good.nodes.kind.map(() => 9) }), /nodes\.kind/);
    refused({ ...good, edges: { ...good.edges, target: good.edges.target.map(() => good.nodes.count) } }, /edges\.tar/);
    refused({ ...good, protocols: [] }, /edges\.protocol/);
  });

  it("is refused where boxes hold one another", () => {
    const parent = good.boxes.parent.map(() => 1);
    refused({ ...good, boxes: { ...good.boxes, parent } }, /boxes\.parent/);
    const loop = Uint32Array.of(none, 0, 2);
    refused({ ...good, boxes: { ...good.boxes, count: 3, parent: loop, kind: Uint8Array.of(0, 1, 2) } }, /boxes/);
  });

  it("is refused where a rate is negative or endless", () => {
    refused(withNodes({ rpsIn: good.nodes.rpsIn.map(() => -1) }), /nodes\.rpsIn/);
    refused(withNodes({ rpsIn: good.nodes.rpsIn.map(() => Infinity) }), /nodes\.rpsIn/);
  });

  it("is refused with one clear error, whatever it is", () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true }), (value) => refused(value, /cannot be read/)));
  });

  it("is refused or read where any one part of it is something else", () => {
    const paths = fc.constantFrom(
      ...Object.keys(good).map((name) => [name]),
      ...(["nodes", "edges", "boxes"] as const).flatMap((table) =>
        Object.keys(good[table]).map((name) => [table, name]),
      ),
    );
    fc.assert(
      fc.property(paths, fc.anything(), ([part = "", column], value) => {
        const table = { ...(good as unknown as Record<string, object>)[part] };
        const changed = { ...good, [part]: column === undefined ? value : { ...table, [column]: value } };
        try {
          readSnapshot(changed);
        } catch (error) {
          assert.ok(MeshError.is(error, "bad-data"));
        }
      }),
    );
  });
});
