import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { EdgeQuery } from "../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import { servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { createDemoGraph } from "../../../src/sources/demo/telemetry/edges/demoGraph.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { DemoClock } from "./demoClock.ts";
import { close, never, openShop } from "./demoShop.ts";
import {
  countedCalls,
  differences,
  edgeGrouping,
  edgesOfCalls,
  latencyOf,
  tellable,
  truthKey,
} from "./edgeComparison.ts";

const clock = new DemoClock();
const window = { windowSeconds: 60, atMillis: clock.now() };
const query: EdgeQuery = { ...window, namespaces: undefined, withIdle: false, latencyBy: [edgeGrouping] };

describe("the truth of the demo's edges", () => {
  it("has every request that a service gets in exactly one edge", () => {
    const { edges, services } = demoTruth(openShop().mesh, window);
    for (const { clusterId, namespace, name, rps, receivedBytesPerSecond } of services) {
      const own = edges.filter(
        ({ service }) => service.clusterId === clusterId && service.namespace === namespace && service.name === name,
      );
      const sum = (of: (edge: (typeof own)[number]) => number | null) =>
        own.reduce((total, edge) => total + (of(edge) ?? 0), 0);
      close(
        sum((edge) => edge.rps),
        rps ?? 0,
        1e-9,
        `requests of ${name}`,
      );
      close(
        sum((edge) => edge.sentBytesPerSecond),
        receivedBytesPerSecond ?? 0,
        1e-9,
        `bytes to ${name}`,
      );
    }
  });

  it("has a caller without a proxy as unknown, and one that only ztunnel sees by its bytes", () => {
    const { edges } = demoTruth(openShop().mesh, window);
    const keys = edges.map(truthKey);
    assert.ok(keys.includes("unknown > eu/shop/front > eu/shop/front-v1 : http"));
    assert.ok(keys.includes("eu/data/features > eu/data/events > eu/data/events : tcp"));
    assert.ok(keys.includes("eu/payments/charge > eu/payments/api.bank.example > unknown : tcp"));
  });
});

for (const telemetry of ["v2", "v1", "ambient"] as const) {
  describe(`counting the demo's tables in the dialect ${telemetry}`, () => {
    for (const services of [0, 500]) {
      it(`gives the truth exactly, with ${services || "the shop's"} services`, async () => {
        const mesh = servedMesh({ clock, telemetry, services });
        const answer = await createDemoGraph(mesh.history, "demo", telemetry).edges(query, never);
        const clusterIds = mesh.history.world.clusters.map(({ id }) => id);
        const edges = edgesOfCalls(await countedCalls(answer, clusterIds, systemClock));
        const [table] = answer.latency;
        assert.ok(table);
        const truth = tellable(demoTruth(mesh, window).edges, telemetry);
        assert.deepEqual(differences(truth, edges, latencyOf(table, "eu"), 1e-9), []);
        assert.ok(truth.length >= 25);
      });
    }
  });
}
