import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionOf, metricsOf } from "../../../src/editor/situation.ts";
import type { ClusterStatus, ConnectionState, MetricsState } from "../../../src/mesh/live/liveMesh.ts";

function aCluster(state: ConnectionState, metrics: MetricsState = "unknown"): ClusterStatus {
  return {
    context: "prod-eu",
    key: undefined,
    state,
    error: undefined,
    telemetry: {
      ...{ state: metrics, sourceLabel: undefined, capabilities: undefined, steps: [], error: undefined },
      ...{ measuredAt: undefined, provenance: [] },
    },
  };
}

const cases: readonly (readonly [readonly ConnectionState[], ConnectionState])[] = [
  [["ready", "unreachable"], "ready"],
  [["connecting", "unreachable"], "connecting"],
  [["unreachable", "unauthorized"], "unauthorized"],
  [["noIstio", "unreachable"], "noIstio"],
  [["unreachable"], "unreachable"],
  [[], "connecting"],
];
for (const [states, expected] of cases) {
  test(`clusters that are ${states.join(" and ") || "not there yet"} make a window that is ${expected}`, () => {
    assert.equal(connectionOf(states.map((state) => aCluster(state))), expected);
  });
}

test("one cluster with numbers is enough for numbers, and trouble comes before nothing found", () => {
  const clusters = (...states: readonly MetricsState[]) => states.map((state) => aCluster("ready", state));
  assert.equal(metricsOf(clusters("none", "ready")), "ready");
  assert.equal(metricsOf(clusters("none", "error")), "error");
  assert.equal(metricsOf(clusters("unknown", "none")), "none");
});
