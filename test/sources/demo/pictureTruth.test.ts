import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { graphOf } from "../../../src/mesh/topology/graph/graphOf.ts";
import { readTopology } from "../../../src/mesh/topology/reading/readTopology.ts";
import type { StoreEntry, TopologyQuery } from "../../../src/mesh/topology/reading/topologyReading.ts";
import { servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { edgeTruth } from "../../../src/sources/demo/telemetry/edges/edgeTruth.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { DemoClock } from "./demoClock.ts";
import { never } from "./demoShop.ts";
import { pictureDifferences } from "./pictureComparison.ts";

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const clock = new DemoClock();
const window = { windowSeconds: 60, atMillis: clock.now() };
const query: TopologyQuery = {
  ...window,
  view: "versionedApp",
  isAligned: false,
  namespaces: undefined,
  ambient: "total",
  withIdleEdges: false,
  withLatency: true,
};

describe("the picture of the demo mesh", () => {
  for (const view of ["versionedApp", "workload"] as const) {
    for (const telemetry of ["v2", "ambient"] as const) {
      it(`has the true numbers at every edge in the view ${view}, world of ${telemetry}`, async () => {
        const mesh = servedMesh({ clock, telemetry, services: 200 });
        const stores: StoreEntry[] = [];
        for (const cluster of mesh.clusters) {
          const { source } = await mesh.findTelemetry(cluster, never);
          const [key, clusterId] = [`key-${cluster.context}`, cluster.context.replace("demo-", "")];
          stores.push({
            source,
            capabilities: await source?.capabilities(never),
            cluster: { key, clusterId, context: cluster.context },
            status: undefined,
          });
        }
        const input = { stores, facts: undefined };
        const reading = await readTopology(input, { ...query, view }, { clock: systemClock, log }, never);
        assert.deepEqual(reading.problems, []);
        const graph = graphOf(reading, undefined, { withIdleNodes: false, format: createFormat("en") });
        const { history } = mesh;
        const truth = {
          calls: edgeTruth(history, { ...window, without: "destination" }),
          answers: edgeTruth(history, { ...window, without: "source" }),
        };
        assert.deepEqual(pictureDifferences(graph, truth, 1e-9), []);
        assert.ok(graph.edges.length > 300);
      });
    }
  }
});
