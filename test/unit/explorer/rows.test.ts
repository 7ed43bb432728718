import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clusterHealth } from "../../../src/mesh/explorer/clusterFacts.ts";
import type { Explorer } from "../../../src/mesh/explorer/explorer.ts";
import { meshRows, serviceRows, workloadRows, type RowSource } from "../../../src/mesh/explorer/rows.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import {
  aCluster,
  aControlPlane,
  aFeed,
  aMesh,
  anExplorer,
  aRow,
  aService,
  aStatus,
  aWorkload,
  byId,
  http,
  someRequests,
} from "./aWorld.ts";

function sourceOf({ world }: Explorer): RowSource {
  return {
    meshes: world.meshes,
    services: [...world.services.values()],
    workloads: [...world.workloads.values()],
    assessment: (id) => world.assessment(id),
    clusterHealth: (key) => {
      const { cluster } = world.place(key);
      return cluster ? clusterHealth(cluster, world) : { state: "unknown", reasons: [] };
    },
  };
}

function rowOf(row: TrafficRow | undefined) {
  const services = row ? [row] : [];
  const explorer = anExplorer({ services: byId(aService("reviews")), feeds: [aFeed({ services })] });
  return serviceRows(sourceOf(explorer))[0];
}

const nothing = { errorRate: null, p50: null, p95: null, p99: null };
const tcp = { receivedBytesPerSecond: 1620, sentBytesPerSecond: 900 };

describe("rows for other programs", () => {
  it("have these fields in this order", () => {
    assert.deepEqual(Object.keys(rowOf(http("reviews", 1)) ?? {}), [
      "cluster",
      "context",
      "clusterUid",
      "namespace",
      "name",
      "kind",
      "health",
      "rps",
      "errorRate",
      "p50",
      "p95",
      "p99",
      "receivedBytesPerSecond",
      "sentBytesPerSecond",
      "inMesh",
      "reasons",
    ]);
  });

  it("give a gateway's workload what it passes on, and say so", () => {
    const explorer = anExplorer({
      workloads: byId(aWorkload("ingress", { dataPlane: "gateway" })),
      feeds: [aFeed({ forwarded: [http("ingress", 12)] })],
    });
    const [row] = workloadRows(sourceOf(explorer));
    assert.deepEqual(
      [row?.rps, row?.reasons],
      [
        12,
        [
          "Forwarded traffic: what this gateway passes on or answers itself, as it reports it; the services behind count it, too",
        ],
      ],
    );
  });

  it("say with the numbers that the answer they are from is partial", () => {
    const feed = aFeed({ services: [http("reviews", 5)] }, { summariesOver: { warnings: ["store west is down"] } });
    const [row] = serviceRows(sourceOf(anExplorer({ services: byId(aService("reviews")), feeds: [feed] })));
    assert.deepEqual(
      [row?.rps, row?.reasons],
      [5, ["The answer of Prometheus monitoring/prometheus-k8s may be incomplete: store west is down"]],
    );
  });

  it("give the numbers of a service with requests", () => {
    const requests = someRequests({ rps: 12, errorsPerSecond: 0.6 });
    assert.deepEqual(rowOf(http("reviews", 12, { requests })), {
      cluster: "eu",
      context: "prod-eu",
      clusterUid: "uid-eu",
      namespace: "shop",
      name: "reviews",
      kind: "Service",
      health: "degraded",
      rps: 12,
      errorRate: 0.6 / 12,
      p50: 0.005,
      p95: 0.018,
      p99: 0.04,
      receivedBytesPerSecond: null,
      sentBytesPerSecond: null,
      inMesh: true,
      reasons: ["5% of the HTTP requests fail (5xx or no response)"],
    });
  });

  const pick = (row: TrafficRow | undefined) => {
    const { health, rps, errorRate, p50, p95, p99, receivedBytesPerSecond, sentBytesPerSecond } = rowOf(row) ?? {};
    return { health, rps, errorRate, p50, p95, p99, receivedBytesPerSecond, sentBytesPerSecond };
  };

  it("have rate 0 and no error rate or latency for an idle service without any series", () => {
    assert.deepEqual(pick(undefined), {
      health: "idle",
      rps: 0,
      ...nothing,
      receivedBytesPerSecond: null,
      sentBytesPerSecond: null,
    });
  });

  it("have rate 0 and no error rate or latency for a service whose series stand still", () => {
    const latency = { p50: null, p95: null, p99: null };
    assert.deepEqual(pick(aRow("reviews", { requests: someRequests({ rps: 0 }), latency })), {
      health: "idle",
      rps: 0,
      ...nothing,
      receivedBytesPerSecond: null,
      sentBytesPerSecond: null,
    });
  });

  it("have bytes but neither rate nor error rate for a service with TCP alone", () => {
    assert.deepEqual(pick(aRow("reviews", { tcp })), { health: "healthy", rps: null, ...nothing, ...tcp });
  });

  it("are null everywhere without data", () => {
    const status = aStatus({ telemetry: { state: "none", capabilities: undefined } });
    const explorer = anExplorer({
      services: byId(aService("reviews", { inMesh: undefined })),
      feeds: [aFeed({}, { status, summaries: undefined })],
    });
    assert.deepEqual(serviceRows(sourceOf(explorer))[0], {
      cluster: "eu",
      context: "prod-eu",
      clusterUid: "uid-eu",
      namespace: "shop",
      name: "reviews",
      kind: "Service",
      health: "unknown",
      rps: null,
      ...nothing,
      receivedBytesPerSecond: null,
      sentBytesPerSecond: null,
      inMesh: null,
      reasons: ["No metrics source was found for prod-eu"],
    });
  });

  it("do not pass old numbers for new ones", () => {
    const error = new MeshError("timeout", say("Prometheus did not answer in time."));
    const status = aStatus({ telemetry: { state: "error", error } });
    const explorer = anExplorer({
      services: byId(aService("reviews")),
      feeds: [aFeed({ services: [http("reviews", 12)] }, { status })],
    });
    const row = serviceRows(sourceOf(explorer))[0];
    assert.deepEqual([row?.health, row?.rps, row?.p95], ["unknown", null, null]);
  });

  it("call clusters by context where they share Istio's cluster ID", () => {
    const clusters = [
      aCluster({ clusterId: "Kubernetes" }),
      aCluster({ key: "uid-us", context: "prod-us", clusterId: "Kubernetes" }),
      aCluster({ key: "uid-ap", context: "prod-ap", clusterId: "ap" }),
    ];
    const explorer = anExplorer({
      meshes: [aMesh(clusters)],
      services: byId(...["uid-eu", "uid-us", "uid-ap"].map((cluster) => aService("reviews", { cluster }))),
    });
    assert.deepEqual(
      serviceRows(sourceOf(explorer)).map(({ cluster }) => cluster),
      ["ap", "prod-eu", "prod-us"],
    );
  });

  it("are limited to the namespaces asked for", () => {
    const explorer = anExplorer({ workloads: byId(aWorkload("a"), aWorkload("b", { namespace: "bank" })) });
    assert.deepEqual(
      workloadRows(sourceOf(explorer), ["bank"]).map(({ name, kind }) => [name, kind]),
      [["b", "Deployment"]],
    );
  });

  it("describe each cluster of a mesh", () => {
    const controlPlanes = [
      aControlPlane("istiod-1-28", { revision: "1-28", version: "1.28.1" }),
      aControlPlane("istiod-1-9", { revision: "1-9", version: "1.9.0", tags: ["default"] }),
    ];
    assert.deepEqual(meshRows(sourceOf(anExplorer({ meshes: [aMesh([aCluster({ controlPlanes })])] }))), [
      {
        mesh: "cluster.local",
        cluster: "eu",
        context: "prod-eu",
        version: "1.9.0",
        revisions: ["1-28", "1-9"],
        dataPlane: "sidecar",
        servicesInMesh: 41,
        services: 44,
        health: "healthy",
        reasons: [],
      },
    ]);
  });
});
