import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LatencyRow, LatencyScope } from "../../../../../src/mesh/topology/reading/latencyGroupings.ts";
import { graphOf } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import type { GraphView } from "../../../../../src/mesh/topology/graph/graph.ts";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { edgeNamed, Ends, format, readingOf } from "./readings.ts";

const ends = new Ends();
const eu = ends.place("eu");
const nothing = { sourcePlace: undefined, sourceNamespace: "", source: "", destinationNamespace: "", destination: "" };
const noService = { serviceNamespace: "", service: "" };
const row = (p95: number, more: Partial<LatencyRow>): LatencyRow => ({
  ...nothing,
  ...noService,
  destinationPlace: eu,
  protocol: "http",
  p50: p95 / 2,
  p95,
  p99: p95 * 2,
  ...more,
});
const from = (source: string) => ({ sourcePlace: eu, sourceNamespace: "shop", source });
const to = (service: string) => ({ serviceNamespace: "shop", service });
const at = (destination: string) => ({ destinationNamespace: "shop", destination });

function p95Of(
  calls: readonly Call[],
  rows: Partial<Record<LatencyScope, readonly LatencyRow[]>>,
  view: GraphView = "versionedApp",
): (edge: string) => number {
  const latency = Object.entries(rows).map(([scope, ofScope]) => ({ scope: scope as LatencyScope, rows: ofScope }));
  const drawing = graphOf(readingOf(calls, { view }, { latency }), undefined, { withIdleNodes: false, format });
  return (edge) => edgeNamed(drawing, edge).p95;
}

describe("quantiles of an edge", () => {
  const v1 = ends.call("eu/shop/front-v1", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1 });
  const v2 = ends.call("eu/shop/front-v1", "eu/shop/reviews", "eu/shop/reviews-v2", { rps: 1 });

  it("are those of the histogram of exactly its requests", () => {
    const p95 = p95Of([v1, v2], {
      callerToService: [row(0.1, { ...from("front-v1"), ...to("reviews") })],
      serviceToWorkload: [row(0.2, { ...to("reviews"), ...at("reviews-v1") })],
    });
    assert.equal(p95("workload/eu/shop/front-v1>service/eu/shop/reviews:http"), 0.1);
    assert.equal(p95("service/eu/shop/reviews>workload/eu/shop/reviews-v1:http"), 0.2);
    assert.equal(p95("service/eu/shop/reviews>workload/eu/shop/reviews-v2:http"), NaN);
  });

  it("are not those of another protocol or cluster", () => {
    const other = { ...from("front-v1"), ...to("reviews") };
    const p95 = p95Of([v1], {
      callerToService: [
        row(0.1, { ...other, protocol: "grpc" }),
        row(0.2, { ...other, destinationPlace: ends.place("us") }),
      ],
    });
    assert.equal(p95("workload/eu/shop/front-v1>service/eu/shop/reviews:http"), NaN);
  });

  it("are none where an edge is put together of several callers", () => {
    const second = ends.call("eu/shop/front-v2", "eu/shop/reviews", "eu/shop/reviews-v1", { rps: 1 });
    const rows = {
      appToService: [row(0.1, { ...from("front"), ...to("reviews") })],
      callerToService: [
        row(0.3, { ...from("front-v1"), ...to("reviews") }),
        row(0.4, { ...from("front-v2"), ...to("reviews") }),
      ],
    };
    const edge = "app/eu/shop/front>service/eu/shop/reviews:http";
    assert.equal(p95Of([v1, second], rows, "app")(edge), 0.1);

    const asked = ["front-v1", "front-v2"].map((name) =>
      ends.call("eu/edge/in", "eu/shop/front", `eu/shop/${name}`, { rps: 1 }),
    );
    const folded = "service/eu/shop/front>service/eu/shop/reviews:http";
    assert.equal(p95Of([v1, second, ...asked], rows, "service")(folded), NaN);
    assert.equal(p95Of([v1, ...asked.slice(0, 1)], rows, "service")(folded), 0.3);
  });

  it("are none where two edges share a histogram", () => {
    const waypoint = ends.workload("eu/shop/point", { isWaypoint: true });
    const rows = { callerToService: [row(0.1, { ...from("front-v1"), ...to("reviews") })] };
    const p95 = p95Of([v1, { ...v1, destination: waypoint }], rows);
    assert.equal(p95("workload/eu/shop/front-v1>service/eu/shop/reviews:http"), NaN);
  });

  it("of calls that name no service are those between the two workloads", () => {
    const direct = ends.call("eu/shop/front-v1", undefined, "eu/shop/reviews-v1", { rps: 1 });
    const rows = { callerToWorkload: [row(0.5, { ...from("front-v1"), ...at("reviews-v1") })] };
    const edge = "workload/eu/shop/front-v1>workload/eu/shop/reviews-v1:http";
    assert.equal(p95Of([direct], rows)(edge), 0.5);
  });

  it("of namespaces are those of all requests between the two", () => {
    const rows = { namespaces: [row(0.7, { ...from(""), serviceNamespace: "shop" })] };
    assert.equal(p95Of([v1, v2], rows, "namespace")("namespace/eu/shop>namespace/eu/shop:http"), 0.7);
  });
});
