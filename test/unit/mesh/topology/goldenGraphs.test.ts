import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { countOnce } from "../../../../src/mesh/telemetry/edges/countOnce.ts";
import type { TopologyGraph } from "../../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../../src/mesh/topology/graph/graphOf.ts";
import type { TopologyReading } from "../../../../src/mesh/topology/reading/topologyReading.ts";
import { systemClock } from "../../../../src/sources/kubernetes/systemClock.ts";
import { sectionsOf } from "../telemetry/edges/scenario.ts";
import { storesOf } from "../telemetry/edges/seriesText.ts";

const folder = new URL("../../../fixtures/topology/", import.meta.url);
const format = createFormat("en");

function edgesText({ nodes, edges }: TopologyGraph): string {
  const round = (value: number): string => String(Math.round(value * 10) / 10);
  const lines = edges.map((edge) => {
    const { protocol, rps, errorRate, sentBytesPerSecond: up, receivedBytesPerSecond: down } = edge;
    const amount = Number.isNaN(rps)
      ? `${round(up)} up ${round(down)} down`
      : `${round(rps)} rps, ${round(errorRate * 100)}% errors`;
    return `${nodes[edge.source]?.id ?? "?"} > ${nodes[edge.target]?.id ?? "?"} : ${protocol} ${amount}`;
  });
  return lines.sort().join("\n");
}

describe("the versioned app graph", () => {
  for (const file of readdirSync(folder).sort()) {
    const sections = sectionsOf(readFileSync(new URL(file, folder), "utf8"));
    const expected = sections.get("graph");
    if (!expected) continue;
    it(`of ${file.replace(".txt", "").replaceAll("-", " ")}`, async () => {
      const stores = storesOf((sections.get("series") ?? []).join("\n"));
      const slicing = { clock: systemClock, signal: new AbortController().signal };
      const { calls } = await countOnce(stores, { ambient: "total" }, slicing);
      const query: TopologyReading["query"] = {
        ...{ view: "versionedApp", windowSeconds: 60, atMillis: undefined, isAligned: false, namespaces: undefined },
        ...{ ambient: "total", withIdleEdges: false, withLatency: false },
      };
      const reading: TopologyReading = {
        ...{ query, atMillis: 0, windowSeconds: 60, calls, latency: [], stores: [], problems: [], empty: undefined },
        ...{ provenance: [], costs: [] },
      };
      const graph = graphOf(reading, undefined, { withIdleNodes: false, format });
      assert.equal(edgesText(graph), [...expected].sort().join("\n"));
    });
  }
});
