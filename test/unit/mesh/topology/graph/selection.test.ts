import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { noTrafficConfig } from "../../../../../src/mesh/inventory/trafficConfig.ts";
import { fill, say } from "../../../../../src/mesh/message.ts";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import type { DetailedCall } from "../../../../../src/mesh/telemetry/edges/foldCalls.ts";
import { selectionOf, type GraphTarget } from "../../../../../src/mesh/topology/graph/selection.ts";
import { detailsOf, type SelectionDetails } from "../../../../../src/mesh/topology/graph/selectionDetails.ts";
import { cluster, facts, peerAuthentication, ref, route, service, workload } from "./facts.ts";
import { Ends, graph } from "./readings.ts";

const ends = new Ends();
const front = "eu/shop/front-v1";
const ok = ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 6, mutualTls: "yes" });
const failed = ends.call(front, "eu/shop/reviews", undefined, { rps: 2, code: "503", flags: "UH" });
const refused = ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v2", { rps: 2, code: "404", mutualTls: "no" });
const bytes = ends.call(front, "eu/shop/db", "eu/shop/db-v1", {
  protocol: "tcp",
  sentBytesPerSecond: 30,
  receivedBytesPerSecond: 10,
});
const inbound = ends.call("eu/edge/in", "eu/shop/front", front, { rps: 9 });
const calls = [ok, failed, refused, bytes, inbound];
const drawing = graph(calls);
const edge: GraphTarget = { what: "edge", id: "workload/eu/shop/front-v1>service/eu/shop/reviews:http" };
const node = (id: string): GraphTarget => ({ what: "node", id });
const box = (id: string): GraphTarget => ({ what: "box", id });

function details(target: GraphTarget, more: Partial<Parameters<typeof detailsOf>[2]> = {}): SelectionDetails {
  const found = detailsOf(drawing, target, { facts: undefined, calls: undefined, ...more });
  if (!found) throw new Error(`nothing found for ${target.id}`);
  return found;
}

function detailed(call: Call, more: Partial<DetailedCall>): DetailedCall {
  return { ...call, host: "", sourcePrincipal: "", destinationPrincipal: "", ...more };
}

describe("the head of a panel", () => {
  it("calls a connected cluster by its context, and another by its label", () => {
    const reviews = node("service/eu/shop/reviews");
    const connected = facts({ clusters: [cluster("eu")] });
    assert.equal(details(reviews, { facts: connected }).subtitle.at(-1), "context-eu");
    assert.equal(details(box("box/eu"), { facts: connected }).title, "context-eu");
    assert.equal(details(reviews).subtitle.at(-1), "eu");
  });
});

describe("the calls of a selection", () => {
  const selected = (target: GraphTarget) => {
    const { inbound: asked = [], outbound: asks = [], calls: all = [] } = selectionOf(drawing, target) ?? {};
    return [asked, asks, all].map((list) => list.map((call) => calls.indexOf(call)));
  };

  it("are those of an edge", () => {
    assert.deepEqual(selected(edge), [[0, 1, 2], [], [0, 1, 2]]);
  });

  it("are those to and from a node", () => {
    assert.deepEqual(selected(node("workload/eu/shop/front-v1")), [[4], [0, 1, 2, 3], [4, 0, 1, 2, 3]]);
    assert.deepEqual(selected(node("service/eu/shop/reviews")), [[0, 1, 2], [], [0, 1, 2]]);
  });

  it("are those to and from anything in a box, each once", () => {
    assert.deepEqual(selected(box("box/eu/shop/reviews")), [[0, 1, 2], [], [0, 1, 2]]);
    const [asked, asks, all] = selected(box("box/eu/shop"));
    assert.deepEqual(
      [asked?.toSorted(), asks?.toSorted(), all?.toSorted()],
      [
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
      ],
    );
  });

  it("are nobody's where the graph has no such thing", () => {
    assert.equal(selectionOf(drawing, node("workload/eu/shop/gone")), undefined);
    assert.equal(detailsOf(drawing, box("box/us"), { facts: undefined, calls: undefined }), undefined);
  });
});

describe("the panel of a selection", () => {
  it("tells rates in and out by protocol and outcome", () => {
    const { inbound: asked, outbound: asks } = details(node("workload/eu/shop/front-v1"));
    assert.deepEqual(
      asked.map(({ protocol, rps }) => [protocol, rps]),
      [["http", 9]],
    );
    assert.deepEqual(asks, [
      {
        ...{ protocol: "http", rps: 10, errorRate: 0.2, clientErrorRate: 0.2 },
        ...{ sentBytesPerSecond: NaN, receivedBytesPerSecond: NaN },
      },
      {
        ...{ protocol: "tcp", rps: NaN, errorRate: 0, clientErrorRate: NaN },
        ...{ sentBytesPerSecond: 30, receivedBytesPerSecond: 10 },
      },
    ]);
  });

  it("tells codes, flags and hosts with their share of the protocol", () => {
    const read = [
      detailed(ok, { host: "reviews.shop" }),
      detailed(failed, { host: "reviews.shop" }),
      detailed(refused, { host: "reviews" }),
    ];
    assert.deepEqual(details(edge, { calls: read }).codes, [
      { protocol: "http", code: "200", flags: "-", host: "reviews.shop", rate: 6, share: 0.6 },
      { protocol: "http", code: "503", flags: "UH", host: "reviews.shop", rate: 2, share: 0.2 },
      { protocol: "http", code: "404", flags: "-", host: "reviews", rate: 2, share: 0.2 },
    ]);
  });

  it("tells the gRPC status where it is not OK", () => {
    const call = ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", {
      ...{ rps: 1, protocol: "grpc", grpcStatus: "14" },
    });
    const target = node("service/eu/shop/reviews");
    const found = detailsOf(graph([call]), target, { facts: undefined, calls: undefined });
    assert.deepEqual(
      found?.codes.map(({ code }) => code),
      ["200 · gRPC 14"],
    );
  });

  it("tells principals and mutual TLS by what is known of them", () => {
    const spiffe = (name: string) => `spiffe://cluster.local/ns/shop/sa/${name}`;
    const read = [
      detailed(ok, { sourcePrincipal: spiffe("front"), destinationPrincipal: spiffe("reviews") }),
      detailed(failed, { sourcePrincipal: "unknown", destinationPrincipal: "unknown" }),
      detailed(refused, { sourcePrincipal: spiffe("front"), destinationPrincipal: spiffe("other") }),
    ];
    const { principals, mtls } = details(edge, { calls: read });
    assert.deepEqual(principals, [
      { source: spiffe("front"), destination: spiffe("reviews"), share: 0.75 },
      { source: spiffe("front"), destination: spiffe("other"), share: 0.25 },
    ]);
    assert.equal(mtls, 0.75);
  });

  it("is headed by what it is and where", () => {
    const { title, subtitle } = details(node("workload/eu/shop/front-v1"));
    const words = subtitle.map((part) => (typeof part === "string" ? part : fill(part)));
    assert.deepEqual([title, ...words], ["front-v1", "Workload", "shop", "eu"]);
    assert.equal(details(edge).title, "front-v1 → reviews");
  });

  const reviewsV1 = workload("eu/shop/reviews-v1", {
    problems: [{ severity: "error", words: say("Out of memory") }],
  });
  const policy = (kind: string, path: string, selector?: Record<string, string>) => ({
    ref: ref(kind, path),
    selector,
    targets: [],
  });
  const inventory = facts({
    workloads: [reviewsV1],
    services: [service("eu/shop/reviews", [reviewsV1])],
    config: {
      ...noTrafficConfig,
      routes: [
        route("eu/shop/reviews", ["reviews.shop.svc.cluster.local"]),
        route("eu/shop/ratings", ["ratings.shop.svc.cluster.local"]),
      ],
      mtls: [peerAuthentication("eu/istio-system/default", "STRICT"), peerAuthentication("eu/pay/default", "STRICT")],
      others: [
        policy("Sidecar", "eu/shop/default"),
        policy("AuthorizationPolicy", "eu/shop/reviews-only", { app: "reviews" }),
        policy("AuthorizationPolicy", "eu/shop/front-only", { app: "front" }),
        policy("Telemetry", "eu/istio-system/mesh"),
        policy("EnvoyFilter", "eu/pay/filter"),
        { ...policy("WasmPlugin", "eu/shop/plugin"), targets: [ref("Service", "eu/shop/reviews")] },
      ],
    },
  });
  const inMesh = graph(calls, "versionedApp", inventory);
  const configured = (id: string) =>
    detailsOf(inMesh, node(id), { facts: inventory, calls: undefined })?.configuration.map(
      ({ kind, namespace, name }) => `${kind} ${namespace}/${name}`,
    );

  it("names the configuration that acts on a service", () => {
    assert.deepEqual(configured("service/eu/shop/reviews"), [
      "VirtualService shop/reviews",
      "PeerAuthentication istio-system/default",
      "WasmPlugin shop/plugin",
      "AuthorizationPolicy shop/reviews-only",
      "Sidecar shop/default",
      "Telemetry istio-system/mesh",
    ]);
  });

  it("names the configuration that selects a workload", () => {
    assert.deepEqual(configured("workload/eu/shop/reviews-v1"), [
      "PeerAuthentication istio-system/default",
      "AuthorizationPolicy shop/reviews-only",
      "Sidecar shop/default",
      "Telemetry istio-system/mesh",
    ]);
  });

  it("lists what the inventory found wrong, with the object", () => {
    const found = detailsOf(inMesh, node("workload/eu/shop/reviews-v1"), { facts: inventory, calls: undefined });
    assert.deepEqual(found?.findings, [{ severity: "error", words: say("Out of memory"), ref: reviewsV1.ref }]);
  });

  it("tells replicas, version and data plane of a workload", () => {
    const found = detailsOf(inMesh, node("workload/eu/shop/reviews-v1"), { facts: inventory, calls: undefined });
    const lines = found?.facts.map(
      ({ name, value }) => `${fill(name)}: ${typeof value === "string" ? value : fill(value)}`,
    );
    assert.deepEqual(lines, [
      "Replicas: 2 of 2 ready",
      "App: reviews",
      "Version: v1",
      "Kind: Deployment",
      "Data plane: Sidecar",
      "Revision: default",
    ]);
  });
});
