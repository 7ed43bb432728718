import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "../../../../src/mesh/topology/graph/graph.ts";

// Graphs of a few nodes, for tests of what is done with a graph that is there.

const place = { label: "eu", key: undefined, isDerived: false } as const;

/** A healthy workload of the namespace "shop" unless said. */
export function aNode(name: string, more: Partial<GraphNode> = {}): GraphNode {
  const { kind = "workload", namespace = "shop" } = more;
  return {
    id: `${kind}/eu/${namespace}/${name}`,
    kind,
    place,
    namespace,
    name,
    app: undefined,
    version: undefined,
    replicas: undefined,
    state: "healthy",
    reasons: [],
    badges: [],
    labels: {},
    refs: [],
    box: undefined,
    rpsIn: NaN,
    rpsOut: NaN,
    errorRate: NaN,
    receivedBytesPerSecond: NaN,
    sentBytesPerSecond: NaN,
    ...more,
  };
}

/** Healthy HTTP without numbers unless said. */
export function anEdge(source: number, target: number, more: Partial<GraphEdge> = {}): GraphEdge {
  const { protocol = "http" } = more;
  return {
    id: `${source}>${target}:${protocol}`,
    source,
    target,
    protocol,
    rps: NaN,
    errorsPerSecond: NaN,
    errorRate: NaN,
    share: NaN,
    p50: NaN,
    p95: NaN,
    p99: NaN,
    sentBytesPerSecond: NaN,
    receivedBytesPerSecond: NaN,
    mtls: NaN,
    state: "healthy",
    lacksMtls: false,
    responseCodes: {},
    flags: {},
    calls: [],
    isFirst: true,
    ...more,
  };
}

export function aBox(name: string, kind: GraphBox["kind"], parent?: number): GraphBox {
  return { id: `box/${name}`, kind, name, place, namespace: kind === "cluster" ? "" : name, parent, state: "healthy" };
}

export function aGraph(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[] = [],
  boxes: readonly GraphBox[] = [],
): TopologyGraph {
  return { view: "versionedApp", nodes, boxes, edges };
}
