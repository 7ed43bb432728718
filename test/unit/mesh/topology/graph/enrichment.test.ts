import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noTrafficConfig, type TrafficConfig } from "../../../../../src/mesh/inventory/trafficConfig.ts";
import { say } from "../../../../../src/mesh/message.ts";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import type { TopologyGraph } from "../../../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import { cluster, facts, gateway, peerAuthentication, route, service, workload } from "./facts.ts";
import { drawn, edgeNamed, Ends, format, graph, nodeNamed, now, readingOf } from "./readings.ts";

const ends = new Ends();
const front = "eu/shop/front-v1";
const toReviews = (rates: Partial<Call>): Call => ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", rates);
const reviewsV1 = workload("eu/shop/reviews-v1", { labels: { app: "reviews", team: "books" } });
const reviews = service("eu/shop/reviews", [reviewsV1]);
const frontV1 = workload(front);
const known = { workloads: [reviewsV1, frontV1], services: [reviews] };
const withConfig = (config: Partial<TrafficConfig>) => facts({ ...known, config: { ...noTrafficConfig, ...config } });
const reviewsService = "service/eu/shop/reviews";
const reviewsWorkload = "workload/eu/shop/reviews-v1";

describe("what the inventory adds to a graph", () => {
  it("is replicas, version, labels and the objects behind a node", () => {
    const drawing = graph([toReviews({ rps: 1 })], "versionedApp", facts(known));
    const node = nodeNamed(drawing, reviewsWorkload);
    assert.deepEqual(node.replicas, { desired: 2, ready: 2 });
    assert.equal(node.version, "v1");
    assert.equal(node.labels["team"], "books");
    assert.deepEqual(node.refs, [reviewsV1.ref]);
    assert.deepEqual(nodeNamed(drawing, reviewsService).refs, [reviews.ref, reviewsV1.ref]);
  });

  it("is trouble that numbers do not show", () => {
    const broken = workload("eu/shop/reviews-v1", {
      replicas: { desired: 2, ready: 1 },
      problems: [{ severity: "warning", words: say("Out of memory") }],
    });
    const inventory = facts({ workloads: [broken], services: [service("eu/shop/reviews", [broken])] });
    const node = nodeNamed(graph([toReviews({ rps: 1 })], "versionedApp", inventory), reviewsWorkload);
    assert.equal(node.state, "degraded");
    assert.deepEqual(
      node.reasons.map(({ text }) => text),
      ["Out of memory", "{0} of {1} ready"],
    );
  });

  it("goes to the cluster that the numbers are of and to no other", () => {
    const inventory = facts({ clusters: [cluster("eu"), cluster("us")], workloads: [workload("us/shop/reviews-v1")] });
    assert.deepEqual(nodeNamed(graph([toReviews({ rps: 1 })], "workload", inventory), reviewsWorkload).refs, []);
  });

  it("is given to none of two workloads that go by one name", () => {
    const rival = workload("eu/shop/reviews-rival", {
      telemetryName: "reviews-v1",
      replicas: { desired: 9, ready: 0 },
    });
    const inventory = facts({ workloads: [reviewsV1, rival] });
    const node = nodeNamed(graph([toReviews({ rps: 1 })], "versionedApp", inventory), reviewsWorkload);
    assert.equal(node.replicas, undefined);
    assert.equal(node.state, "healthy");
    assert.match(node.reasons[0]?.text ?? "", /do not tell these apart/);
    assert.equal(node.refs.length, 2);
  });

  it("is what is a gateway, and what a waypoint", () => {
    const eu = cluster("eu", { gateways: [gateway("eu/shop/ingress"), gateway("eu/shop/point", "waypoint")] });
    const calls = [
      ends.call("eu/shop/ingress", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1 }),
      ends.call(front, "eu/shop/reviews", "eu/shop/point", { rps: 2 }),
    ];
    const drawing = graph(calls, "versionedApp", facts({ clusters: [eu] }));
    assert.equal(nodeNamed(drawing, "workload/eu/shop/ingress").kind, "gateway");
    assert.equal(nodeNamed(drawing, "workload/eu/shop/point").kind, "waypoint");
    assert.ok(drawn(drawing).includes("workload/eu/shop/front-v1 => workload/eu/shop/point http 2"));
  });

  it("makes the hosts of one ServiceEntry one node", () => {
    const entry = service("eu/shop/payments", [], { type: "ServiceEntry", hosts: ["a.example.com", "b.example.com"] });
    const calls = [
      ends.call(front, "eu/shop/a.example.com", undefined, { rps: 1 }),
      ends.call(front, "eu/unknown/b.example.com", undefined, { rps: 2 }),
    ];
    assert.deepEqual(drawn(graph(calls, "versionedApp", facts({ services: [entry] }))), [
      "workload/eu/shop/front-v1 => serviceEntry/eu/shop/payments http 3",
    ]);
  });

  it("lets no workload be folded that the inventory has behind two services", () => {
    const admin = service("eu/shop/admin", [reviewsV1]);
    const both = { ...reviewsV1, services: [reviews.id, admin.id] };
    const inventory = facts({ workloads: [both], services: [reviews, admin] });
    const calls = [
      toReviews({ rps: 1 }),
      ends.call("eu/shop/reviews-v1", "eu/shop/ratings", "eu/shop/ratings-v1", { rps: 4 }),
    ];
    assert.ok(
      drawn(graph(calls, "service", inventory)).includes(
        "workload/eu/shop/reviews-v1 => service/eu/shop/ratings http 4",
      ),
    );
  });
});

describe("badges", () => {
  const badgesOf = (drawing: TopologyGraph, id: string) => nodeNamed(drawing, id).badges;
  const calls = [toReviews({ rps: 1 })];

  it("say what routes do at a service, by host, wildcard and what a gateway forwards to", () => {
    const routes = [
      route("eu/shop/shift", ["reviews.shop.svc.cluster.local"], { shiftsTraffic: true }),
      route("eu/shop/wild", ["*.shop.svc.cluster.local"], { setsTimeouts: true }),
      route("eu/shop/in", ["www.example.com"], {
        gateways: ["shop/in"],
        destinations: ["reviews.shop.svc.cluster.local"],
        mirrors: true,
      }),
      route("eu/shop/other", ["ratings.shop.svc.cluster.local"], { injectsFaults: true }),
    ];
    const drawing = graph(calls, "versionedApp", withConfig({ routes }));
    assert.deepEqual(badgesOf(drawing, reviewsService), ["trafficShifting", "mirroring", "timeout"]);
    assert.deepEqual(badgesOf(drawing, reviewsWorkload), []);
  });

  it("leave out routes that no caller sees", () => {
    const host = ["reviews.shop.svc.cluster.local"];
    const seenBy = (namespace: string) => {
      const routes = [route("eu/pay/faults", host, { injectsFaults: true, exportTo: [namespace] })];
      return badgesOf(graph(calls, "versionedApp", withConfig({ routes })), reviewsService);
    };
    assert.deepEqual(seenBy("pay"), []);
    assert.deepEqual(seenBy("shop"), ["fault"]);
  });

  it("leave out configuration of another cluster", () => {
    const routes = [route("us/shop/shift", ["reviews.shop.svc.cluster.local"], { shiftsTraffic: true })];
    assert.deepEqual(badgesOf(graph(calls, "versionedApp", withConfig({ routes })), reviewsService), []);
  });

  it("show STRICT by workload before namespace before mesh", () => {
    const mesh = peerAuthentication("eu/istio-system/default", "STRICT");
    const namespace = peerAuthentication("eu/shop/default", "PERMISSIVE");
    const own = peerAuthentication("eu/shop/reviews", "STRICT", { app: "reviews" });
    const shown = (...mtls: (typeof mesh)[]) =>
      badgesOf(graph(calls, "versionedApp", withConfig({ mtls })), reviewsWorkload).includes("mtls");
    assert.deepEqual(
      [
        shown(mesh),
        shown(mesh, namespace),
        shown(mesh, namespace, own),
        shown({ ...own, portModes: { 80: "DISABLE" } }),
      ],
      [true, false, true, false],
    );
  });

  it("name a missing sidecar only where the inventory knows that it is missing", () => {
    const outside = workload(front, { inMesh: false, dataPlane: "none" });
    const unsure = { ...reviewsV1, inMesh: undefined };
    const drawing = graph(calls, "versionedApp", facts({ workloads: [outside, unsure] }));
    assert.deepEqual(badgesOf(drawing, "workload/eu/shop/front-v1"), ["missingSidecar"]);
    assert.deepEqual(badgesOf(drawing, reviewsWorkload), []);
    assert.deepEqual(badgesOf(graph(calls), "workload/eu/shop/front-v1"), []);
  });

  it("call a workload dead that has no pods, or that is gone from a cluster that was read in full", () => {
    const empty = workload(front, { replicas: { desired: 0, ready: 0 } });
    const drawing = graph(calls, "versionedApp", facts({ workloads: [empty] }));
    assert.ok(badgesOf(drawing, "workload/eu/shop/front-v1").includes("dead"));
    assert.ok(badgesOf(drawing, reviewsWorkload).includes("dead"));
    const partial = cluster("eu", { pods: undefined });
    assert.deepEqual(badgesOf(graph(calls, "versionedApp", facts({ clusters: [partial] })), reviewsWorkload), []);
  });

  it("mark what is outside of the namespaces that were asked for", () => {
    const call = ends.call("eu/pay/ledger", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1 });
    const drawing = graphOf(readingOf([call], { namespaces: ["shop"] }), undefined, { withIdleNodes: false, format });
    assert.deepEqual(badgesOf(drawing, "workload/eu/pay/ledger"), ["outside"]);
    assert.deepEqual(badgesOf(drawing, reviewsWorkload), []);
  });
});

describe("mutual TLS that lacks", () => {
  const edge = "workload/eu/shop/front-v1>service/eu/shop/reviews:http";
  const lacks = (mutualTls: Call["mutualTls"], inventory = facts(known)) =>
    edgeNamed(graph([toReviews({ rps: 1, mutualTls })], "versionedApp", inventory), edge).lacksMtls;

  it("is known plain text between two ends of a mesh that encrypts by itself", () => {
    assert.deepEqual([lacks("no"), lacks("unknown"), lacks("yes")], [true, false, false]);
  });

  it("is not plain text from outside of the mesh, unless STRICT forbids it", () => {
    const outside = { ...frontV1, inMesh: false };
    const mixed = { ...known, workloads: [reviewsV1, outside] };
    const strict = { ...noTrafficConfig, mtls: [peerAuthentication("eu/shop/default", "STRICT")] };
    assert.equal(lacks("no", facts(mixed)), false);
    assert.equal(lacks("no", facts({ ...mixed, config: strict })), true);
  });

  it("is not where somebody switched it off", () => {
    const mtls = [peerAuthentication("eu/shop/default", "DISABLE")];
    assert.equal(lacks("no", withConfig({ mtls })), false);
  });

  it("shows as a share of what is known", () => {
    const calls = [
      toReviews({ rps: 3, mutualTls: "yes" }),
      toReviews({ rps: 1, mutualTls: "no" }),
      toReviews({ rps: 6 }),
    ];
    assert.equal(edgeNamed(graph(calls), edge).mtls, 0.75);
  });
});

describe("idle nodes", () => {
  const calls = [toReviews({ rps: 1 })];
  const quiet = workload("eu/shop/quiet-v1");
  const inventory = facts({
    workloads: [...known.workloads, quiet, workload("eu/pay/ledger")],
    services: [reviews, service("eu/shop/quiet", [quiet])],
  });
  const nodes = (withIdleNodes: boolean, query = {}) =>
    graphOf(readingOf(calls, query), inventory, { withIdleNodes, format }).nodes;

  it("are there only when they are asked for", () => {
    const ids = nodes(false).map(({ id }) => id);
    assert.ok(!ids.includes("workload/eu/shop/quiet-v1"));
    const found = nodes(true).find(({ id }) => id === "workload/eu/shop/quiet-v1");
    assert.deepEqual([found?.state, found?.badges, found?.rpsIn], ["idle", ["idle"], NaN]);
  });

  it("are those of the namespaces that were asked for", () => {
    const ids = nodes(true, { namespaces: ["shop"] }).map(({ id }) => id);
    assert.ok(ids.includes("service/eu/shop/quiet"));
    assert.ok(!ids.includes("workload/eu/pay/ledger"));
  });

  it("are not called idle where the cluster's store did not answer", () => {
    const [store] = readingOf([]).stores;
    const reading = readingOf(calls, {}, { stores: store ? [{ ...store, state: "error" }] : [] });
    const drawing = graphOf(reading, inventory, { withIdleNodes: true, format });
    assert.equal(nodeNamed(drawing, "service/eu/shop/quiet").state, "unknown");
  });

  it("come after all others, each once", () => {
    const all = nodes(true).map(({ id }) => id);
    assert.deepEqual(
      all.slice(0, nodes(false).length),
      nodes(false).map(({ id }) => id),
    );
    assert.equal(new Set(all).size, all.length);
  });
});

describe("verdicts in a graph", () => {
  const state = (calls: readonly Call[], edge: string) => edgeNamed(graph(calls), edge).state;

  it("judge requests as lists do", () => {
    const http = "workload/eu/shop/front-v1>service/eu/shop/reviews:http";
    const failing = (part: number) =>
      state([toReviews({ rps: 100 - part }), toReviews({ rps: part, code: "500" })], http);
    assert.deepEqual([failing(0), failing(1), failing(9), failing(10)], ["healthy", "degraded", "degraded", "failing"]);
  });

  it("judge gRPC by its status and no response as a failure", () => {
    const grpc = "workload/eu/shop/front-v1>service/eu/shop/reviews:grpc";
    assert.equal(state([toReviews({ rps: 1, protocol: "grpc", grpcStatus: "14" })], grpc), "failing");
    const http = "workload/eu/shop/front-v1>service/eu/shop/reviews:http";
    assert.equal(state([toReviews({ rps: 1, code: "0", flags: "DC" })], http), "failing");
  });

  it("judge TCP by its response flags", () => {
    const tcp = "workload/eu/shop/front-v1>service/eu/shop/reviews:tcp";
    const bytes = (sentBytesPerSecond: number, flags: string) =>
      toReviews({ protocol: "tcp", sentBytesPerSecond, flags });
    assert.equal(state([bytes(100, "")], tcp), "healthy");
    assert.equal(state([bytes(100, "-")], tcp), "healthy");
    assert.equal(state([bytes(99, ""), bytes(1, "UF")], tcp), "degraded");
    assert.equal(state([bytes(1, "UF")], tcp), "failing");
    assert.deepEqual(edgeNamed(graph([bytes(1, "UF")]), tcp).flags, { UF: 1 });
  });

  it("tell the share of TCP bytes with a response flag as the errors of an edge", () => {
    const tcp = "workload/eu/shop/front-v1>service/eu/shop/reviews:tcp";
    const bytes = (sentBytesPerSecond: number, receivedBytesPerSecond: number, flags: string) =>
      toReviews({ protocol: "tcp", sentBytesPerSecond, receivedBytesPerSecond, flags });
    const rate = (...calls: Call[]) => edgeNamed(graph(calls), tcp).errorRate;
    assert.equal(rate(bytes(60, 20, "-"), bytes(5, 15, "UF")), 0.2);
    assert.equal(rate(bytes(60, 20, "")), 0);
    assert.equal(rate(bytes(0, 0, "")), NaN);
  });

  it("call an edge idle that carries nothing", () => {
    assert.equal(state([toReviews({})], "workload/eu/shop/front-v1>service/eu/shop/reviews:http"), "idle");
  });

  it("fail a service that has no ready pod behind it", () => {
    const down = workload("eu/shop/reviews-v1", { replicas: { desired: 1, ready: 0 } });
    const inventory = facts({ workloads: [down], services: [service("eu/shop/reviews", [down])] });
    assert.equal(nodeNamed(graph([toReviews({ rps: 1 })], "versionedApp", inventory), reviewsService).state, "failing");
  });

  it("give a box the worst of what is in it", () => {
    const { boxes } = graph([toReviews({ rps: 1, code: "500" })]);
    assert.deepEqual(
      boxes.map(({ state: worst }) => worst),
      ["failing", "failing", "failing"],
    );
  });

  it("are made at the reading's time", () => {
    const happenedAt = new Date(now - 2 * 3_600_000).toISOString();
    const over = workload("eu/shop/reviews-v1", {
      problems: [{ severity: "error", words: say("Out of memory"), happenedAt }],
    });
    const node = nodeNamed(
      graph([toReviews({ rps: 1 })], "versionedApp", facts({ workloads: [over] })),
      reviewsWorkload,
    );
    assert.equal(node.state, "healthy");
  });
});
