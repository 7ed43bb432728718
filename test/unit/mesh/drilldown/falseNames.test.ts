import assert from "node:assert/strict";
import { test } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { findCause } from "../../../../src/mesh/drilldown/findCause.ts";
import { pathTo } from "../../../../src/mesh/drilldown/pathTo.ts";
import { readLevel } from "../../../../src/mesh/drilldown/readLevel.ts";
import type { Assessment } from "../../../../src/mesh/explorer/join/assessment.ts";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { noTrafficConfig } from "../../../../src/mesh/inventory/trafficConfig.ts";
import type { NodeView, PodView, ServiceView, WorkloadView } from "../../../../src/mesh/inventory/views.ts";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { fill, say } from "../../../../src/mesh/message.ts";
import { refId } from "../../../../src/mesh/model/refs.ts";
import type { TelemetrySource } from "../../../../src/mesh/ports.ts";
import type { LevelTelemetry, PodTrafficRow } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { aCluster, aMesh, aPod, aRef, aService, aStatus, aWorkload, now, someRequests } from "../../explorer/aWorld.ts";

const { signal } = new AbortController();
const time = { windowSeconds: 60, atMillis: undefined, signal };

/** One app: a service, its workload and its pods, with what they answer. */
interface App {
  readonly name: string;
  readonly rps: number;
  readonly errorsPerSecond: number;
  /** Seconds. */
  readonly p99?: number;
  readonly pods?: readonly (Partial<PodView> & { readonly p95?: number })[];
  /** Requests and failed ones per second by the called workload's name. */
  readonly calls?: Readonly<Record<string, readonly [rps: number, failed: number]>>;
}

function inputOf(apps: readonly App[], pressed: readonly string[] = []): DrilldownInput {
  const services: ServiceView[] = [];
  const workloads: WorkloadView[] = [];
  const assessed = new Map<string, Assessment>();
  const rows: PodTrafficRow[] = [];
  for (const { name, rps, errorsPerSecond, p99 = 0.1, pods = [{}, {}] } of apps) {
    const views = pods.map((over, i) => aPod(`${name}-${i}`, over));
    const workload = aWorkload(`${name}-v1`, { pods: views });
    const service = aService(name, { workloads: [workload.id] });
    workloads.push(workload);
    services.push(service);
    for (const { id } of [workload, service]) {
      const requests = someRequests({ rps, errorsPerSecond });
      assessed.set(id, {
        reading: { kind: "flowing", requests, latency: { p50: 0.01, p95: 0.05, p99 }, feed: "uid-eu" },
        verdict: { state: errorsPerSecond > 0 ? "failing" : "healthy", reasons: [] },
      });
    }
    for (const [i, { p95 = 0.02 }] of pods.entries()) {
      const each = { rps: rps / pods.length, errorsPerSecond: errorsPerSecond / pods.length, p95 };
      const bytes = { receivedBytesPerSecond: NaN, sentBytesPerSecond: NaN };
      rows.push({ namespace: "shop", pod: `${name}-${i}`, ...each, ...bytes });
    }
  }
  const nothing = { rows: [], provenance: [], missing: [] };
  const levels: LevelTelemetry = {
    trafficCharts: ({ of, direction, charts }) => {
      const caller = apps.find(({ name }) => of.what === "workload" && of.names.includes(`${name}-v1`));
      const calls = direction === "outbound" ? Object.entries(caller?.calls ?? {}) : [];
      return Promise.resolve({
        times: new Float64Array([now / 1000]),
        charts: charts.map(({ chart, by }) => ({
          ...{ chart, by, unit: "rps" as const, provenance: undefined, missing: [] },
          series: calls.map(([name, [rps, failed]]) => {
            return { name: `shop/${name}`, points: new Float64Array([chart === "errors" ? failed / rps : rps]) };
          }),
        })),
      });
    },
    podTraffic: ({ pods }) => Promise.resolve({ ...nothing, rows: rows.filter(({ pod }) => pods.includes(pod)) }),
    containers: () => Promise.resolve(nothing),
    nodes: () => Promise.resolve(nothing),
    resourceCharts: () => Promise.resolve({ times: new Float64Array(0), charts: [] }),
    sparks: () => Promise.resolve({ ...nothing, times: new Float64Array(0) }),
  };
  const source = { id: "p1", label: "Prometheus x/y", levels } as unknown as TelemetrySource;
  const unserved = () => Promise.reject(new MeshError("unsupported", say("not served")));
  const nodes = ["node-a", "node-b"].map((name): NodeView => {
    const ref = aRef({ kind: "Node", namespace: "", name });
    const room = { allocatableCores: 4, allocatableBytes: 2 ** 34, zone: undefined, addresses: [] };
    const pressures = pressed.includes(name) ? (["MemoryPressure"] as const) : [];
    return { id: refId(ref), ref, isReady: true, isUnschedulable: false, pressures, ...room };
  });
  return {
    stores: [
      {
        source,
        capabilities: undefined,
        cluster: { key: "uid-eu", clusterId: "eu", context: "prod-eu" },
        status: aStatus(),
      },
    ],
    meshes: [aMesh([aCluster()])],
    services,
    workloads,
    nodes,
    nodesUnread: [],
    config: noTrafficConfig,
    unread: [],
    assessment: (id) => assessed.get(id) ?? { reading: { kind: "none" }, verdict: { state: "unknown", reasons: [] } },
    nodeVerdict: ({ pressures }) => ({ state: pressures.length > 0 ? "degraded" : "healthy", reasons: [] }),
    clusterHealth: () => ({ state: "healthy", reasons: [] }),
    reads: {
      object: (ref) => Promise.resolve({ apiVersion: "v1", kind: ref.kind, metadata: { name: ref.name } }),
      objects: () => Promise.resolve([]),
      events: () => Promise.resolve([]),
      podMetrics: unserved,
      nodeMetrics: unserved,
      podsOfNode: unserved,
      proxyStatus: unserved,
      logs: async function* () {},
      mayI: () => Promise.resolve(true),
    },
    format: createFormat("en"),
    windowSeconds: 60,
    now: () => now,
  };
}

function search(input: DrilldownInput, name: string) {
  return findCause(input, [{ level: "meshService", ref: aRef({ cluster: "", name }) }], time);
}

void test("a pod on a pressed node that answers well makes nobody a suspect, and its level tells of the node", async () => {
  const input = inputOf([{ name: "cart", rps: 10, errorsPerSecond: 0 }], ["node-a"]);
  const { suspects, cause } = await search(input, "cart");
  assert.deepEqual([suspects, cause], [[], undefined]);
  const pod = await readLevel(input, pathTo(input, aRef({ kind: "Pod", name: "cart-0" })) ?? [], time);
  assert.deepEqual(pod.suspects, []);
  assert.deepEqual(
    pod.reasons.map(({ words }) => fill(words)),
    ["node node-a: MemoryPressure"],
  );
});

void test("a pod that ran out of memory some time ago and answers well is no cause", async () => {
  const killed = { reason: "OOMKilled", reasonAt: new Date(now - 60_000).toISOString() };
  const { suspects } = await search(
    inputOf([{ name: "cart", rps: 10, errorsPerSecond: 0, pods: [killed, {}] }]),
    "cart",
  );
  assert.deepEqual(suspects, []);
});

void test("a pod that is down is found though nothing fails", async () => {
  const down = { isReady: false, reason: "CrashLoopBackOff" };
  const { cause } = await search(inputOf([{ name: "cart", rps: 10, errorsPerSecond: 0, pods: [down, {}] }]), "cart");
  assert.deepEqual([cause?.level, cause?.ref.name], ["pod", "cart-0"]);
});

void test("a service whose calls fail leads to the service that it calls", async () => {
  const input = inputOf([
    { name: "cart", rps: 10, errorsPerSecond: 3, calls: { "stock-v1": [10, 3], "price-v1": [10, 0] } },
    { name: "stock", rps: 12, errorsPerSecond: 3.6 },
    { name: "price", rps: 12, errorsPerSecond: 0 },
  ]);
  const { levels, cause } = await search(input, "cart");
  assert.deepEqual(
    levels.map(({ at }) => `${at.level} ${at.ref.name}`),
    ["meshService cart", "service cart", "workload cart-v1", "service stock", "workload stock-v1"],
  );
  assert.deepEqual([cause?.level, cause?.ref.name], ["workload", "stock-v1"]);
  assert.deepEqual(
    levels[3]?.path.map(({ level }) => level),
    ["meshService", "service"],
  );
});

void test("a called service that fails a little does not take the blame of a caller that fails much more", async () => {
  const input = inputOf([
    { name: "cart", rps: 10, errorsPerSecond: 5, calls: { "stock-v1": [10, 0.5] } },
    { name: "stock", rps: 10, errorsPerSecond: 0.5 },
  ]);
  const { cause } = await search(input, "cart");
  assert.deepEqual([cause?.level, cause?.ref.name], ["workload", "cart-v1"]);
});

void test("services that call each other in a circle end the search", async () => {
  const input = inputOf([
    { name: "cart", rps: 10, errorsPerSecond: 3, calls: { "stock-v1": [10, 3] } },
    { name: "stock", rps: 10, errorsPerSecond: 3, calls: { "cart-v1": [10, 3] } },
  ]);
  const { levels } = await search(input, "cart");
  assert.equal(levels.length, 5);
});

void test("one slow pod is found from the service on down, though nothing fails", async () => {
  const pods = [{ p95: 0.9 }, { p95: 0.03 }, { p95: 0.03 }];
  const { cause, levels } = await search(
    inputOf([{ name: "cart", rps: 10, errorsPerSecond: 0, p99: 0.95, pods }]),
    "cart",
  );
  assert.deepEqual([cause?.level, cause?.ref.name], ["pod", "cart-0"]);
  assert.match(
    fill(levels[1]?.reasons[0]?.words ?? say("none")),
    /pod cart-0 is slower than the others: p95 of 900 ms/,
  );
});

void test("a service all of whose pods are slow alike names none of them", async () => {
  const pods = [{ p95: 0.9 }, { p95: 0.8 }];
  const { suspects } = await search(inputOf([{ name: "cart", rps: 10, errorsPerSecond: 0, p99: 0.95, pods }]), "cart");
  assert.deepEqual(suspects, []);
});
