import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fill } from "../../../../../src/mesh/message.ts";
import type { AmbientTraffic } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { countOnce } from "../../../../../src/mesh/telemetry/edges/countOnce.ts";
import { systemClock } from "../../../../../src/sources/kubernetes/systemClock.ts";
import { sectionsOf } from "./scenario.ts";
import { callsText, storesOf, tableOf } from "./seriesText.ts";

const folder = new URL("../../../../fixtures/topology/", import.meta.url);
const signal = new AbortController().signal;

const ambients: Readonly<Record<string, AmbientTraffic>> = {
  calls: "total",
  "calls of waypoint": "waypoint",
  "calls of ztunnel": "ztunnel",
};

describe("requests that call themselves TCP", () => {
  it("are requests: the metric says so, and nothing of them is lost", async () => {
    const labels = {
      reporter: "source",
      source_cluster: "eu",
      source_workload_namespace: "shop",
      source_workload: "front",
      destination_cluster: "eu",
      destination_service_namespace: "shop",
      destination_service_name: "cart",
      destination_workload_namespace: "shop",
      destination_workload: "cart",
      request_protocol: "TCP",
      response_code: "200",
    };
    const [store] = storesOf("store main, home demo-eu=eu");
    assert.ok(store);
    const edges = tableOf([{ metric: "requests", ztunnel: false, labels, value: 4 }]);
    const { calls } = await countOnce([{ ...store, edges }], { ambient: "total" }, { clock: systemClock, signal });
    assert.deepEqual(
      calls.map(({ protocol, rps }) => [protocol, rps]),
      [["http", 4]],
    );
  });
});

describe("calls counted once", () => {
  for (const file of readdirSync(folder).sort()) {
    const sections = sectionsOf(readFileSync(new URL(file, folder), "utf8"));
    const series = (sections.get("series") ?? []).join("\n");
    for (const [title, ambient] of Object.entries(ambients)) {
      const expected = sections.get(title);
      if (!expected) continue;
      it(`${file.replace(".txt", "").replaceAll("-", " ")}: ${title}`, async () => {
        const { calls, problems } = await countOnce(storesOf(series), { ambient }, { clock: systemClock, signal });
        assert.equal(callsText(calls), [...expected].sort().join("\n"));
        const told = problems.map(({ words }) => fill(words)).sort();
        assert.deepEqual(told, [...(sections.get("problems") ?? [])].sort());
      });
    }
  }
});
