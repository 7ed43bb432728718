import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { graphViews } from "../../../../../src/mesh/topology/graph/graph.ts";
import { drawn, edgeNamed, Ends, graph, nodeNamed } from "./readings.ts";

describe("a graph of calls", () => {
  const ends = new Ends();
  const front = "eu/shop/front-v1";
  const toReviews = (version: string, rates: Partial<Call>): Call =>
    ends.call(front, "eu/shop/reviews", `eu/shop/reviews-${version}`, rates);

  it("leads from the caller to the service with all of it, and on to the workloads with their parts", () => {
    const calls = [toReviews("v1", { rps: 9 }), toReviews("v2", { rps: 3 })];
    assert.deepEqual(drawn(graph(calls)), [
      "workload/eu/shop/front-v1 => service/eu/shop/reviews http 12",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 http 9",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v2 http 3",
    ]);
  });

  it("adds the callers up behind the service", () => {
    const calls = [
      toReviews("v1", { rps: 1 }),
      ends.call("eu/shop/batch", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 2 }),
    ];
    const edges = drawn(graph(calls));
    assert.ok(edges.includes("service/eu/shop/reviews -> workload/eu/shop/reviews-v1 http 3"));
  });

  it("has one edge for each protocol, and bytes for TCP from the caller's side", () => {
    const calls = [
      toReviews("v1", { rps: 1 }),
      toReviews("v1", { rps: 2, protocol: "grpc" }),
      toReviews("v1", { protocol: "tcp", sentBytesPerSecond: 100, receivedBytesPerSecond: 5 }),
    ];
    assert.deepEqual(drawn(graph(calls)).slice(0, 6), [
      "workload/eu/shop/front-v1 => service/eu/shop/reviews http 1",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 http 1",
      "workload/eu/shop/front-v1 => service/eu/shop/reviews grpc 2",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 grpc 2",
      "workload/eu/shop/front-v1 => service/eu/shop/reviews tcp 100/5 B",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 tcp 100/5 B",
    ]);
  });

  it("ends at the service where no workload was reached", () => {
    const calls = [ends.call(front, "eu/shop/reviews", undefined, { rps: 1, code: "503", flags: "UH" })];
    const drawing = graph(calls);
    assert.deepEqual(drawn(drawing), ["workload/eu/shop/front-v1 => service/eu/shop/reviews http 1"]);
    const edge = edgeNamed(drawing, "workload/eu/shop/front-v1>service/eu/shop/reviews:http");
    assert.deepEqual(edge.responseCodes, { "503": 1 });
    assert.deepEqual(edge.flags, { UH: 1 });
    assert.equal(edge.errorRate, 1);
    assert.equal(edge.state, "failing");
  });

  it("leads straight to what has no service", () => {
    const calls = [
      ends.call(front, undefined, "eu/shop/reviews-v1", { rps: 1 }),
      ends.call(front, "eu/unknown/PassthroughCluster", undefined, { rps: 2 }),
      ends.call(front, "eu/unknown/BlackHoleCluster", undefined, { rps: 3, code: "502" }),
      ends.call(front, "eu/shop/api.example.com", undefined, { rps: 4 }),
      ends.call("eu/unknown/unknown", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 5 }),
      ends.call(front, "eu/unknown/unknown", undefined, { rps: 6 }),
      ends.call(front, "eu/unknown/10.1.2.3", undefined, { rps: 7 }),
      ends.call(front, "eu/unknown/PassthroughCluster", "eu/pay/ledger", { rps: 8 }),
    ];
    assert.deepEqual(drawn(graph(calls)), [
      "workload/eu/shop/front-v1 => workload/eu/shop/reviews-v1 http 1",
      "workload/eu/shop/front-v1 => external/eu//PassthroughCluster http 2",
      "workload/eu/shop/front-v1 => external/eu//BlackHoleCluster http 3",
      "workload/eu/shop/front-v1 => serviceEntry/eu/shop/api.example.com http 4",
      "unknown/eu => service/eu/shop/reviews http 5",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 http 5",
      "workload/eu/shop/front-v1 => unknown/eu http 13",
      "workload/eu/shop/front-v1 => workload/eu/pay/ledger http 8",
    ]);
  });

  it("has no service between a waypoint and what it talks to", () => {
    const waypoint = ends.workload("eu/shop/waypoint", { isWaypoint: true });
    const bytes = { protocol: "tcp", isL4: true, sentBytesPerSecond: 10, receivedBytesPerSecond: 20 };
    const calls = [
      { ...ends.call(front, "eu/shop/reviews", "eu/shop/waypoint", bytes), destination: waypoint },
      { ...ends.call("eu/shop/waypoint", "eu/shop/reviews", "eu/shop/reviews-v1", bytes), source: waypoint },
    ];
    const drawing = graph(calls);
    assert.deepEqual(drawn(drawing), [
      "workload/eu/shop/front-v1 => workload/eu/shop/waypoint tcp 10/20 B",
      "workload/eu/shop/waypoint => workload/eu/shop/reviews-v1 tcp 10/20 B",
    ]);
    assert.equal(nodeNamed(drawing, "workload/eu/shop/waypoint").kind, "waypoint");
  });

  it("has one node for an app in the view of apps, and workloads without one as they are", () => {
    const calls = [
      toReviews("v1", { rps: 9 }),
      toReviews("v2", { rps: 3 }),
      {
        ...ends.call(front, "eu/shop/reviews", "eu/shop/job", { rps: 1 }),
        destination: ends.workload("eu/shop/job", { app: undefined }),
      },
    ];
    assert.deepEqual(drawn(graph(calls, "app")), [
      "app/eu/shop/front => service/eu/shop/reviews http 13",
      "service/eu/shop/reviews -> app/eu/shop/reviews http 12",
      "service/eu/shop/reviews -> workload/eu/shop/job http 1",
    ]);
  });

  it("folds workloads into the one service that has them in the view of services", () => {
    const calls = [
      toReviews("v1", { rps: 9 }),
      ends.call("eu/shop/reviews-v1", "eu/shop/ratings", "eu/shop/ratings-v1", { rps: 4 }),
    ];
    assert.deepEqual(drawn(graph(calls, "service")), [
      "workload/eu/shop/front-v1 => service/eu/shop/reviews http 9",
      "service/eu/shop/reviews => service/eu/shop/ratings http 4",
    ]);
  });

  it("guesses no caller where two services have a workload", () => {
    const calls = [
      toReviews("v1", { rps: 9 }),
      ends.call(front, "eu/shop/reviews-admin", "eu/shop/reviews-v1", { rps: 1 }),
      ends.call("eu/shop/reviews-v1", "eu/shop/ratings", "eu/shop/ratings-v1", { rps: 4 }),
    ];
    assert.deepEqual(drawn(graph(calls, "service")), [
      "workload/eu/shop/front-v1 => service/eu/shop/reviews http 9",
      "service/eu/shop/reviews -> workload/eu/shop/reviews-v1 http 9",
      "workload/eu/shop/front-v1 => service/eu/shop/reviews-admin http 1",
      "service/eu/shop/reviews-admin -> workload/eu/shop/reviews-v1 http 1",
      "workload/eu/shop/reviews-v1 => service/eu/shop/ratings http 4",
    ]);
  });

  it("shows calls within a namespace as a loop in the view of namespaces", () => {
    const calls = [
      toReviews("v1", { rps: 9 }),
      ends.call(front, "eu/pay/charge", "eu/pay/charge-v1", { rps: 2 }),
      ends.call(front, "eu/unknown/PassthroughCluster", undefined, { rps: 1 }),
    ];
    assert.deepEqual(drawn(graph(calls, "namespace")), [
      "namespace/eu/shop => namespace/eu/shop http 9",
      "namespace/eu/shop => namespace/eu/pay http 2",
      "namespace/eu/shop => external/eu//PassthroughCluster http 1",
    ]);
  });

  it("counts each request once at a node, in and out", () => {
    const calls = [
      toReviews("v1", { rps: 8 }),
      toReviews("v1", { rps: 2, code: "500" }),
      ends.call("eu/shop/reviews-v1", "eu/shop/ratings", "eu/shop/ratings-v1", { rps: 4 }),
    ];
    const node = nodeNamed(graph(calls), "workload/eu/shop/reviews-v1");
    assert.deepEqual([node.rpsIn, node.rpsOut, node.errorRate], [10, 4, 0.2]);
    const service = nodeNamed(graph(calls), "service/eu/shop/reviews");
    assert.deepEqual([service.rpsIn, service.rpsOut, service.errorRate], [10, 10, 0.2]);
  });

  it("tells what a node sends and receives from the node's own side", () => {
    const calls = [toReviews("v1", { protocol: "tcp", sentBytesPerSecond: 100, receivedBytesPerSecond: 5 })];
    const { sentBytesPerSecond, receivedBytesPerSecond } = nodeNamed(graph(calls), "workload/eu/shop/reviews-v1");
    assert.deepEqual([receivedBytesPerSecond, sentBytesPerSecond], [100, 5]);
    const caller = nodeNamed(graph(calls), "workload/eu/shop/front-v1");
    assert.deepEqual([caller.receivedBytesPerSecond, caller.sentBytesPerSecond], [5, 100]);
  });

  it("gives each edge its share of what its source sends in its protocol", () => {
    const calls = [toReviews("v1", { rps: 9 }), ends.call(front, "eu/shop/cart", "eu/shop/cart-v1", { rps: 3 })];
    const shares = graph(calls)
      .edges.filter(({ isFirst }) => isFirst)
      .map(({ share }) => share);
    assert.deepEqual(shares, [0.75, 0.25]);
  });

  it("never merges two clusters that call themselves the same", () => {
    const a = ends.workload("x/shop/front-v1", { place: ends.place("Kubernetes", { key: "uid-a" }) });
    const b = ends.workload("x/shop/front-v1", { place: ends.place("Kubernetes", { key: "uid-b" }) });
    const call = ends.call(front, undefined, undefined, { rps: 1 });
    const drawing = graph([
      { ...call, source: a },
      { ...call, source: b },
    ]);
    assert.deepEqual(
      drawing.nodes.filter(({ kind }) => kind === "workload").map(({ id }) => id),
      ["workload/Kubernetes (uid-a)/shop/front-v1", "workload/Kubernetes (uid-b)/shop/front-v1"],
    );
  });

  it("puts an app of several nodes in a box within its namespace and cluster", () => {
    const { boxes, nodes } = graph([toReviews("v1", { rps: 1 }), toReviews("v2", { rps: 1 })]);
    assert.deepEqual(
      boxes.map(({ id, parent }) => [id, parent]),
      [
        ["box/eu", undefined],
        ["box/eu/shop", 0],
        ["box/eu/shop/reviews", 1],
      ],
    );
    assert.deepEqual(
      nodes.map(({ id, box }) => [id, box]),
      [
        ["workload/eu/shop/front-v1", 1],
        ["service/eu/shop/reviews", 2],
        ["workload/eu/shop/reviews-v1", 2],
        ["workload/eu/shop/reviews-v2", 2],
      ],
    );
  });
});

describe("the sums of a graph", () => {
  const name = fc.constantFrom("a", "b", "c-v1", "c-v2", "unknown");
  const path = fc
    .tuple(fc.constantFrom("eu", "us"), fc.constantFrom("shop", "pay", "unknown"), name)
    .map((parts) => parts.join("/"));
  const service = fc
    .tuple(
      fc.constantFrom("eu", "us"),
      fc.constantFrom("shop", "pay", "unknown"),
      fc.constantFrom("a", "c", "unknown", "PassthroughCluster", "10.0.0.1", "api.example.com", "*.example.com"),
    )
    .map((parts) => parts.join("/"));
  const call = fc.record({
    source: path,
    service: fc.option(service, { nil: undefined }),
    destination: fc.option(path, { nil: undefined }),
    protocol: fc.constantFrom("http", "grpc", "tcp"),
    amount: fc.integer({ min: 0, max: 1000 }),
  });

  it("are those of the calls in every view, whatever calls there are", () => {
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.constantFrom(...graphViews), (drafts, view) => {
        const ends = new Ends();
        const calls = drafts.map(({ source, service: called, destination, protocol, amount }) =>
          ends.call(source, called, destination, {
            protocol,
            ...(protocol === "tcp" ? { sentBytesPerSecond: amount } : { rps: amount }),
          }),
        );
        const drawing = graph(calls, view);
        const first = drawing.edges.filter(({ isFirst }) => isFirst);
        for (const protocol of ["http", "grpc", "tcp"]) {
          const expected = calls.reduce(
            (sum, one) => sum + (one.protocol === protocol ? one.rps + one.sentBytesPerSecond : 0),
            0,
          );
          const found = first
            .filter((edge) => edge.protocol === protocol)
            .reduce((sum, edge) => sum + (protocol === "tcp" ? edge.sentBytesPerSecond : edge.rps), 0);
          assert.equal(found, expected);
        }
        const ids = [...drawing.nodes, ...drawing.edges, ...drawing.boxes].map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
      }),
    );
  });
});
