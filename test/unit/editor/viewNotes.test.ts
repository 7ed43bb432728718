import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterStatus, LiveMesh, TelemetryStatus, ViewFilter } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import "./support/useFakeVscode.ts";

const { badgeOf, viewDescription, viewMessage } = await import("../../../src/editor/explorer/viewNotes.ts");

const noTelemetry: TelemetryStatus = {
  ...{ state: "unknown", sourceLabel: undefined, capabilities: undefined, steps: [], error: undefined },
  ...{ measuredAt: undefined, provenance: [] },
};

function aCluster(over: Partial<ClusterStatus> = {}): ClusterStatus {
  return { context: "prod-eu", key: "uid", state: "ready", error: undefined, telemetry: noTelemetry, ...over };
}

const everything: ViewFilter = { namespaces: undefined, inMeshOnly: false, text: "" };
const ready = { state: "ready", metrics: "ready", demo: false, contexts: ["prod-eu"], gone: [] } as const;

/** As much of a mesh as the notes read. */
function aMesh(over: Partial<LiveMesh> = {}): LiveMesh {
  const mesh = {
    clusters: [aCluster()],
    meshes: [],
    filter: everything,
    trouble: { failing: 0, degraded: 0 },
    ...over,
  };
  return mesh as unknown as LiveMesh;
}

const refused = new MeshError("unauthorized", say("Prometheus at {0} answered {1}.", "monitoring/prometheus", 401), {
  hint: say("Set credentials."),
});

test("V15: when all is well no view says anything", () => {
  for (const tree of ["meshes", "services", "workloads"] as const) {
    assert.equal(viewMessage(tree, aMesh(), ready, 0), undefined);
  }
});

test("V15: why there are no numbers is said once, in one view", () => {
  const mesh = aMesh({ clusters: [aCluster({ telemetry: { ...noTelemetry, state: "error", error: refused } })] });
  const said = (["meshes", "services", "workloads"] as const).map((tree) => viewMessage(tree, mesh, ready, 0));
  assert.equal(said.filter(Boolean).length, 1);
  assert.match(said[1] ?? "", /prod-eu: Prometheus at monitoring\/prometheus answered 401\. Set credentials\./);
});

test("V15: numbers that are old say how old", () => {
  const telemetry = { ...noTelemetry, state: "error", error: refused, measuredAt: 1_000 } as const;
  const message = viewMessage("services", aMesh({ clusters: [aCluster({ telemetry })] }), ready, 41_000);
  assert.match(message ?? "", /^Numbers of prod-eu are from 40 s ago\. Prometheus/);
});

test("V15: the exact words of a failed connection are shown where no welcome stands in their way", () => {
  const error = new MeshError("unreachable", say("Nothing listens at {0}.", "10.0.0.1:6443"));
  const mesh = aMesh({ clusters: [aCluster({ state: "unreachable", error })] });
  const situation = { ...ready, state: "unreachable" } as const;
  assert.equal(viewMessage("services", mesh, situation, 0), "Nothing listens at 10.0.0.1:6443.");
  assert.equal(viewMessage("meshes", mesh, situation, 0), undefined);
});

test("C6: a context that is gone while it is still shown is named", () => {
  assert.match(viewMessage("meshes", aMesh(), { ...ready, gone: ["prod-eu"] }, 0) ?? "", /^prod-eu is no longer/);
});

test("what narrows the rows stands beside the title", () => {
  const filter = { namespaces: ["shop", "payments"], inMeshOnly: true, text: "rev" };
  assert.equal(viewDescription("services", aMesh({ filter }), ready), "shop +1 · in mesh · “rev”");
  assert.equal(viewDescription("services", aMesh(), ready), undefined);
});

test("V14: the badge counts services in trouble and says them in words, and is gone when there are none", () => {
  const badge = badgeOf(aMesh({ trouble: { failing: 1, degraded: 2 } }));
  assert.deepEqual(badge, { value: 3, tooltip: "1 failing, 2 degraded" });
  assert.equal(badgeOf(aMesh()), undefined);
});
