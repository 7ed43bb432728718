import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import type { ClusterPlace } from "../../../src/mesh/telemetry/edges/calls.ts";

// One small mesh with every kind of node, state, protocol and name that has ever spoilt a picture.

const eu: ClusterPlace = { label: "prod-eu", key: undefined, isDerived: false };
export const longName = `recommendation-engine-${"with-a-name-as-long-as-kubernetes-allows-".repeat(6)}`.slice(0, 253);
export const bidiName = "\u202egnp.tnemyap\u2066-עגלה";
export const markupName = '<img src=x onerror="window.wasRun = true">';

function box(kind: GraphBox["kind"], parts: readonly string[], parent?: number): GraphBox {
  const namespace = parts[1] ?? "";
  const name = parts.at(-1) ?? "";
  return { id: `box/${parts.join("/")}`, kind, name, place: eu, namespace, parent, state: "failing" };
}

type Draft = Partial<GraphNode> & Pick<GraphNode, "kind" | "name">;

function node(draft: Draft): GraphNode {
  const rates = { rpsIn: NaN, rpsOut: NaN, errorRate: NaN, receivedBytesPerSecond: NaN, sentBytesPerSecond: NaN };
  return {
    id: `${draft.kind}/${draft.name}`,
    place: eu,
    namespace: "shop",
    app: undefined,
    version: undefined,
    replicas: undefined,
    state: "healthy",
    reasons: [],
    badges: [],
    labels: {},
    refs: [],
    box: 1,
    ...rates,
    ...draft,
  };
}

const nodes: readonly GraphNode[] = [
  node({ kind: "unknown", name: "unknown", box: undefined, state: "unknown" }),
  node({ kind: "gateway", name: "istio-ingressgateway", replicas: { ready: 2, desired: 2 } }),
  node({ kind: "service", name: "front", box: 3 }),
  node({ kind: "workload", name: "front-v1", version: "v1", box: 3, replicas: { ready: 3, desired: 3 } }),
  node({
    kind: "service",
    name: "reviews",
    box: 4,
    badges: ["trafficShifting", "routing", "timeout"],
    state: "failing",
  }),
  node({ kind: "workload", name: "reviews-v1", version: "v1", box: 4, replicas: { ready: 1, desired: 1 } }),
  node({
    kind: "workload",
    name: "reviews-v2",
    version: "v2",
    box: 4,
    state: "failing",
    replicas: { ready: 2, desired: 3 },
    badges: ["fault"],
  }),
  node({ kind: "service", name: longName, box: 5, state: "degraded", badges: ["circuitBreaker", "mirroring"] }),
  node({
    kind: "workload",
    name: `${longName.slice(0, 250)}-v9`,
    version: "2026.11.23-rc.1+build.4711",
    box: 5,
    state: "degraded",
    badges: ["missingSidecar", "ambient"],
  }),
  node({ kind: "waypoint", name: "waypoint", box: 2 }),
  node({ kind: "workload", name: "orders-db", version: "14", box: 2, replicas: { ready: 1, desired: 1 } }),
  node({ kind: "workload", name: "legacy", box: 2, state: "idle", badges: ["idle", "dead"] }),
  node({ kind: "serviceEntry", name: "api.payments.example.com", box: 2 }),
  node({ kind: "external", name: "PassthroughCluster", box: undefined, state: "unknown", badges: ["outside"] }),
  node({ kind: "app", name: bidiName, box: 2 }),
  node({ kind: "namespace", name: markupName, box: 0 }),
];

interface Line {
  readonly ends: readonly [number, number];
  readonly protocol: string;
  readonly rate: number;
  readonly errors?: number;
  readonly isSplit?: boolean;
  readonly lacksMtls?: boolean;
}

const lines: readonly Line[] = [
  { ends: [0, 1], protocol: "http", rate: 1200 },
  { ends: [1, 2], protocol: "http", rate: 850 },
  { ends: [2, 3], protocol: "http", rate: 850, isSplit: true },
  { ends: [3, 4], protocol: "http", rate: 120, errors: 0.12 },
  { ends: [3, 4], protocol: "grpc", rate: 34 },
  { ends: [3, 4], protocol: "tcp", rate: 16_000 },
  { ends: [4, 5], protocol: "http", rate: 60, isSplit: true },
  { ends: [4, 6], protocol: "http", rate: 60, errors: 0.24, isSplit: true },
  { ends: [6, 7], protocol: "grpc", rate: 0.04, errors: 0.02, lacksMtls: true },
  { ends: [7, 8], protocol: "grpc", rate: 0.04, errors: 0.02, isSplit: true },
  { ends: [8, 3], protocol: "http", rate: 3 },
  { ends: [3, 9], protocol: "http", rate: 12 },
  { ends: [9, 10], protocol: "tcp", rate: 2_400_000, lacksMtls: true },
  { ends: [5, 12], protocol: "http", rate: 7 },
  { ends: [6, 13], protocol: "tcp", rate: 300 },
  { ends: [10, 10], protocol: "tcp", rate: 90 },
  { ends: [3, 14], protocol: "mongo", rate: 5 },
  { ends: [14, 15], protocol: "http", rate: 1 },
];

function edge({ ends, protocol, rate, errors = 0, isSplit = false, lacksMtls = false }: Line): GraphEdge {
  const isBytes = protocol === "tcp";
  return {
    id: `${ends.join(">")}:${protocol}`,
    source: ends[0],
    target: ends[1],
    protocol,
    rps: isBytes ? NaN : rate,
    errorsPerSecond: isBytes ? NaN : rate * errors,
    errorRate: isBytes ? NaN : errors,
    share: 1,
    ...{ p50: 0.018, p95: 0.2, p99: 1.2 },
    sentBytesPerSecond: isBytes ? rate : NaN,
    receivedBytesPerSecond: isBytes ? rate / 3 : NaN,
    mtls: lacksMtls ? 0 : 1,
    state: errors >= 0.1 ? "failing" : errors > 0 ? "degraded" : "healthy",
    lacksMtls,
    responseCodes: {},
    flags: {},
    calls: [],
    isFirst: !isSplit,
  };
}

/** A graph that holds all of it. */
export function pitfalls(): TopologyGraph {
  const boxes = [
    box("cluster", ["prod-eu"]),
    box("namespace", ["prod-eu", "shop"], 0),
    box("namespace", ["prod-eu", "data"], 0),
    box("app", ["prod-eu", "shop", "front"], 1),
    box("app", ["prod-eu", "shop", "reviews"], 1),
    box("app", ["prod-eu", "shop", longName], 1),
  ];
  return { view: "versionedApp", nodes, boxes, edges: lines.map(edge) };
}
