import assert from "node:assert/strict";
import { test } from "node:test";
import type { Assessment } from "../../../../src/mesh/explorer/join/assessment.ts";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { healthy } from "../../../../src/mesh/health/verdict.ts";
import type { MeshView, ServiceView, WorkloadView } from "../../../../src/mesh/inventory/views.ts";
import { noRequests } from "../../../../src/mesh/telemetry/requestRates.ts";
import { overviewOf, type OverviewInput } from "../../../../src/mesh/overview/overview.ts";
import { aCluster, aPod, aService, aWorkload, now } from "../../explorer/aWorld.ts";

const none: Assessment = { reading: { kind: "none" }, verdict: { state: "unknown", reasons: [] } };

function flowing(rps: number, errorsPerSecond = 0, p95: number | null = null): Assessment {
  const requests = { ...noRequests, rps, errorsPerSecond };
  return { reading: { kind: "flowing", requests, latency: { p50: null, p95, p99: null } }, verdict: healthy };
}

function bytes(received: number, sent: number): Assessment {
  const tcp = { receivedBytesPerSecond: received, sentBytesPerSecond: sent };
  return { reading: { kind: "flowing", tcp }, verdict: healthy };
}

function aMesh(clusters = [aCluster()]): MeshView {
  const counted = { inMesh: 0, all: 0 };
  return { id: "m", name: "mesh", clusters, topology: "single", services: counted, workloads: counted, problems: [] };
}

function overview(
  services: readonly (readonly [ServiceView, Assessment])[],
  {
    workloads = [],
    mesh = aMesh(),
    namespaces,
  }: { workloads?: WorkloadView[]; mesh?: MeshView; namespaces?: string[] } = {},
) {
  const known = new Map(services.map(([{ id }, assessment]) => [id, assessment]));
  const input: OverviewInput = {
    meshes: [mesh],
    services: services.map(([view]) => view),
    workloads,
    assessment: (id) => known.get(id) ?? none,
    clusterHealth: () => healthy,
    format: createFormat("en"),
    now: () => now,
  };
  return overviewOf(mesh, input, namespaces);
}

test("requests of services add up, and errors weigh by requests", () => {
  const { traffic } = overview([
    [aService("a"), flowing(30, 0)],
    [aService("b"), flowing(10, 4)],
  ]);
  assert.equal(traffic.rps, 40);
  assert.equal(traffic.errorRate, 0.1);
});

test("where nothing is known the sum is no data and not 0", () => {
  const { traffic } = overview([[aService("a"), none]]);
  assert.ok(Number.isNaN(traffic.rps));
  assert.ok(Number.isNaN(traffic.errorRate));
  assert.ok(Number.isNaN(traffic.receivedBytesPerSecond));
});

test("idle services make a known 0, without a share of errors", () => {
  const idle: Assessment = { reading: { kind: "idle" }, verdict: { state: "idle", reasons: [] } };
  const { traffic } = overview([[aService("a"), idle]]);
  assert.equal(traffic.rps, 0);
  assert.ok(Number.isNaN(traffic.errorRate));
});

test("services of TCP alone leave the requests unknown and have their bytes", () => {
  const { traffic } = overview([[aService("db"), bytes(100, 50)]]);
  assert.ok(Number.isNaN(traffic.rps));
  assert.equal(traffic.receivedBytesPerSecond, 100);
  assert.equal(traffic.sentBytesPerSecond, 50);
});

test("a sum says of how many services it is", () => {
  const { traffic } = overview([
    [aService("a"), flowing(1)],
    [aService("b"), none],
  ]);
  assert.deepEqual([traffic.measured, traffic.services], [1, 2]);
});

test("the worst six by errors are those with failed requests, by their share", () => {
  const services = Array.from({ length: 8 }, (_, i) => [aService(`s${i}`), flowing(100, i)] as const);
  const { worstErrors } = overview(services);
  assert.deepEqual(
    worstErrors.map(({ ref, value }) => [ref.name, value]),
    [
      ["s7", 0.07],
      ["s6", 0.06],
      ["s5", 0.05],
      ["s4", 0.04],
      ["s3", 0.03],
      ["s2", 0.02],
    ],
  );
});

test("services without durations and without bytes are in no worst list of theirs", () => {
  const { worstLatency, mostThroughput } = overview([
    [aService("fast"), flowing(1, 0, 0.01)],
    [aService("unknown"), flowing(1, 0, null)],
    [aService("db"), bytes(5, 6)],
  ]);
  assert.deepEqual(
    worstLatency.map(({ ref }) => ref.name),
    ["fast"],
  );
  assert.deepEqual(
    mostThroughput.map(({ ref, value }) => [ref.name, value]),
    [["db", 11]],
  );
});

test("a namespace of several clusters is one row that adds both up", () => {
  const us = aCluster({ key: "uid-us", context: "prod-us" });
  const mesh = aMesh([aCluster(), us]);
  const services = [
    [aService("a"), flowing(3)],
    [aService("a", { cluster: "uid-us" }), flowing(4)],
  ] as const;
  const { namespaces, clusters } = overview(services, { mesh });
  assert.deepEqual(
    namespaces.map(({ name, traffic }) => [name, traffic.rps]),
    [["shop", 7]],
  );
  assert.deepEqual(
    clusters.map(({ traffic }) => traffic.rps),
    [3, 4],
  );
});

test("clusters of another mesh are left out", () => {
  const { traffic } = overview([[aService("a", { cluster: "uid-other" }), flowing(9)]]);
  assert.equal(traffic.services, 0);
});

test("pods of a namespace are the living ones, in mesh and all", () => {
  const pods = [aPod("a"), aPod("b", { dataPlane: "none" }), aPod("c", { phase: "Succeeded" })];
  const { namespaces } = overview([], { workloads: [aWorkload("w", { pods })] });
  assert.deepEqual(
    namespaces.map(({ pods: counted }) => counted),
    [{ inMesh: 1, all: 2 }],
  );
});

test("pods that are not read are no data, not none", () => {
  const { namespaces } = overview([], { workloads: [aWorkload("w", { podsRead: false })] });
  assert.deepEqual(
    namespaces.map(({ pods }) => pods),
    [{ inMesh: undefined, all: NaN }],
  );
});

test("only the asked namespaces count", () => {
  const services = [
    [aService("a"), flowing(3)],
    [aService("b", { namespace: "ops" }), flowing(4)],
  ] as const;
  const { traffic, namespaces } = overview(services, { namespaces: ["ops"] });
  assert.equal(traffic.rps, 4);
  assert.deepEqual(
    namespaces.map(({ name }) => name),
    ["ops"],
  );
});
