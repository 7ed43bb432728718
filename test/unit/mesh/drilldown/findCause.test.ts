import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrilldownInput, LevelReads } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { findCause } from "../../../../src/mesh/drilldown/findCause.ts";
import { pathTo } from "../../../../src/mesh/drilldown/pathTo.ts";
import { readLevel } from "../../../../src/mesh/drilldown/readLevel.ts";
import type { Assessment } from "../../../../src/mesh/explorer/join/assessment.ts";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { noTrafficConfig } from "../../../../src/mesh/inventory/trafficConfig.ts";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { fill, say } from "../../../../src/mesh/message.ts";
import type { KubeObject } from "../../../../src/mesh/model/kubeObject.ts";
import { refId } from "../../../../src/mesh/model/refs.ts";
import type { TelemetrySource } from "../../../../src/mesh/ports.ts";
import type { LevelTelemetry, PodTrafficRow } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { aCluster, aMesh, aPod, aRef, aService, aStatus, aWorkload, now, someRequests } from "../../explorer/aWorld.ts";

const signal = new AbortController().signal;
const time = { windowSeconds: 60, atMillis: undefined, signal };

function aRow(pod: string, rps: number, errorsPerSecond: number): PodTrafficRow {
  return {
    namespace: "shop",
    pod,
    rps,
    errorsPerSecond,
    p95: 0.02,
    receivedBytesPerSecond: NaN,
    sentBytesPerSecond: NaN,
  };
}

/** Two versions of reviews, two pods each; only what pods report and what is ill differs between tests. */
function aWorldWith(rows: readonly PodTrafficRow[], over: { readonly oomKilled?: string } = {}): DrilldownInput {
  const podOf = (name: string) => {
    const ill = { reason: "OOMKilled", reasonAt: new Date(now - 60_000).toISOString() };
    return aPod(name, name === over.oomKilled ? ill : {});
  };
  const v1 = aWorkload("reviews-v1", { version: "v1", pods: [podOf("v1-a"), podOf("v1-b")] });
  const v2 = aWorkload("reviews-v2", { version: "v2", pods: [podOf("v2-a"), podOf("v2-b")] });
  const service = aService("reviews", { workloads: [v1.id, v2.id] });
  const sum = (prefix: string, of: (row: PodTrafficRow) => number) =>
    rows.filter(({ pod }) => pod.startsWith(prefix)).reduce((total, row) => total + of(row), 0);
  const assess = (prefix: string): Assessment => {
    const errorsPerSecond = sum(prefix, (row) => row.errorsPerSecond);
    const requests = someRequests({ rps: sum(prefix, ({ rps }) => rps), errorsPerSecond });
    return {
      reading: { kind: "flowing", requests, feed: "uid-eu" },
      verdict: { state: errorsPerSecond > 0 ? "failing" : "healthy", reasons: [] },
    };
  };
  const assessed = new Map([
    [service.id, assess("")],
    [v1.id, assess("v1")],
    [v2.id, assess("v2")],
  ]);
  const nothing = { rows: [], provenance: [], missing: [] };
  const levels: LevelTelemetry = {
    trafficCharts: () => Promise.resolve({ times: new Float64Array(0), charts: [] }),
    podTraffic: ({ pods }) => Promise.resolve({ ...nothing, rows: rows.filter(({ pod }) => pods.includes(pod)) }),
    containers: () => Promise.resolve(nothing),
    nodes: () => Promise.resolve(nothing),
    resourceCharts: () => Promise.resolve({ times: new Float64Array(0), charts: [] }),
    sparks: () => Promise.resolve({ ...nothing, times: new Float64Array(0) }),
  };
  const source = { id: "p1", label: "Prometheus x/y", levels } as unknown as TelemetrySource;
  const cluster = { key: "uid-eu", clusterId: "eu", context: "prod-eu" };
  const unserved = () => Promise.reject(new MeshError("unsupported", say("not served")));
  const reads: LevelReads = {
    object: (ref) => Promise.resolve<KubeObject>({ apiVersion: "v1", kind: ref.kind, metadata: { name: ref.name } }),
    objects: () => Promise.resolve([]),
    events: () => Promise.resolve([]),
    podMetrics: unserved,
    nodeMetrics: unserved,
    podsOfNode: unserved,
    proxyStatus: unserved,
    logs: async function* () {},
    mayI: () => Promise.resolve(false),
  };
  return {
    stores: [{ source, capabilities: undefined, cluster, status: aStatus() }],
    meshes: [aMesh([aCluster()])],
    services: [service],
    workloads: [v1, v2],
    nodes: [],
    nodesUnread: [],
    config: noTrafficConfig,
    unread: [],
    assessment: (id) => assessed.get(id) ?? { reading: { kind: "none" }, verdict: { state: "unknown", reasons: [] } },
    nodeVerdict: () => ({ state: "healthy", reasons: [] }),
    clusterHealth: () => ({ state: "healthy", reasons: [] }),
    reads,
    format: createFormat("en"),
    windowSeconds: 60,
    now: () => now,
  };
}

const start = [{ level: "meshService", ref: aRef({ cluster: "" }) }] as const;
const calm = [aRow("v1-a", 5, 0), aRow("v1-b", 5, 0)];

void test("A bug in one version ends at its workload: its pods fail alike", async () => {
  const input = aWorldWith([...calm, aRow("v2-a", 5, 1), aRow("v2-b", 5, 1.1)]);
  const { cause, levels } = await findCause(input, start, time);
  assert.equal(cause?.level, "workload");
  assert.equal(cause.ref.name, "reviews-v2");
  assert.deepEqual(
    levels.map(({ at }) => at.level),
    ["meshService", "service", "workload"],
  );
});

void test("A pod that ran out of memory and fails more than the others is the cause", async () => {
  const input = aWorldWith([...calm, aRow("v2-a", 5, 2), aRow("v2-b", 5, 0)], { oomKilled: "v2-a" });
  const { cause } = await findCause(input, start, time);
  assert.equal(cause?.level, "pod");
  assert.equal(cause.ref.name, "v2-a");
  assert.match(fill(cause.reason), /OOMKilled/);
});

void test("Nobody is suspected in a healthy mesh", async () => {
  const { cause, suspects } = await findCause(
    aWorldWith([...calm, aRow("v2-a", 5, 0), aRow("v2-b", 5, 0)]),
    start,
    time,
  );
  assert.equal(cause, undefined);
  assert.deepEqual(suspects, []);
});

void test("A node that may not be read says which permission it takes", async () => {
  const node = aRef({ kind: "Node", namespace: "", name: "node-a" });
  const reading = await readLevel(aWorldWith(calm), [{ level: "node", ref: node }], time);
  assert.equal(reading.presence, "unreadable");
  assert.deepEqual(
    reading.reasons.map(({ words }) => fill(words)),
    ["not permitted: get nodes"],
  );
});

void test("The way to a pod names the levels above it, and every level has a selector", async () => {
  const input = aWorldWith(calm);
  const path = pathTo(input, aRef({ kind: "Pod", name: "v1-a" }));
  assert.deepEqual(
    path?.map(({ level }) => level),
    ["meshService", "service", "workload", "pod"],
  );
  const { crumbs } = await readLevel(input, path, time);
  assert.deepEqual(
    crumbs.map(({ level, chosen, choices }) => [level, chosen?.to.ref.name, choices.length]),
    [
      ["meshService", "reviews", 1],
      ["service", "reviews", 1],
      ["workload", "reviews-v1", 2],
      ["pod", "v1-a", 2],
      ["node", undefined, 1],
    ],
  );
  assert.equal(refId(path[1]?.ref ?? aRef()), refId(aRef()));
});

void test("CPU that nothing tells is no data, and says what would give it", async () => {
  const input = aWorldWith(calm);
  const path = pathTo(input, aRef({ kind: "Pod", name: "v1-a" })) ?? [];
  const { figures } = await readLevel(input, path, time);
  const cpu = figures.find(({ id }) => id === "cpu");
  assert.ok(cpu && Number.isNaN(cpu.value) && cpu.why);
  assert.match(fill(cpu.why), /cAdvisor .* would give them/);
});

void test("a level whose numbers a store gave can be opened there, and one without any cannot", async () => {
  const input = aWorldWith(calm);
  const path = pathTo(input, aRef());
  const { actions } = await readLevel(input, path ?? [], time);
  assert.deepEqual(actions.slice(-2), ["openPrometheus", "openGrafana"]);
  const bare = { ...input, stores: [] };
  const without = await readLevel(bare, path ?? [], time);
  assert.ok(!without.actions.includes("openPrometheus"));
});
