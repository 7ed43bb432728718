import type { Badge, GraphEdge, GraphNode, GraphNodeKind, TopologyGraph } from "../graph/graph.ts";
import type { NodeState } from "../../explorer/node.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { NodeFlows } from "./flows.ts";
import type { Dimension } from "./quantities.ts";

// What can be asked of nodes and edges.

/** The contexts of the connected clusters, by which people know them. */
export type Contexts = ReadonlyMap<ClusterKey, string>;

/** A graph that is searched. */
export class Searched {
  readonly graph: TopologyGraph;
  readonly contexts: Contexts | undefined;
  readonly flows: NodeFlows;

  constructor(graph: TopologyGraph, contexts: Contexts | undefined) {
    this.graph = graph;
    this.contexts = contexts;
    this.flows = new NodeFlows(graph);
  }

  node(index: number): GraphNode | undefined {
    return this.graph.nodes[index];
  }

  edge(index: number): GraphEdge | undefined {
    return this.graph.edges[index];
  }
}

/** By index. undefined: the question does not apply to this one, and neither does its opposite. */
type Reader<Value> = (searched: Searched, index: number) => Value | undefined;

/** Texts compare with any of several values; a number is NaN where it is not known. */
export type Operand = { readonly name: string } & (
  | { readonly dimension: "text"; readonly node?: Reader<readonly string[]>; readonly edge?: Reader<readonly string[]> }
  | { readonly dimension: Dimension; readonly node?: Reader<number>; readonly edge?: Reader<number> }
);

export interface Flag {
  readonly name: string;
  readonly node?: Reader<boolean>;
  readonly edge?: Reader<boolean>;
}

const runs: ReadonlySet<GraphNodeKind> = new Set<GraphNodeKind>(["workload", "gateway", "waypoint"]);
const called: ReadonlySet<GraphNodeKind> = new Set<GraphNodeKind>(["service", "serviceEntry", "external"]);

type NodeText = (node: GraphNode) => string | readonly (string | undefined)[] | undefined;

function nodeText(name: string, read: NodeText): Operand {
  const node: Reader<readonly string[]> = (searched, index) => {
    const found = searched.node(index);
    const value = found && read(found);
    if (value === undefined) return undefined;
    return typeof value === "string" ? [value] : value.map((each) => each ?? "");
  };
  return { name, dimension: "text", node };
}

/** Asked of an edge, it is about either end: found where one of them fits, and its opposite where neither does. */
function ofEitherEnd(operand: Operand): Operand {
  if (operand.dimension !== "text" || !operand.node) return operand;
  const { name, node } = operand;
  const edge: Reader<readonly string[]> = (searched, index) => {
    const [from, to] = (["from", "to"] as const).map((end) => node(searched, endOf(searched, index, end)));
    return from && to ? [...from, ...to] : (from ?? to);
  };
  return { name, dimension: "text", node, edge };
}

function edgeNumber(name: string, dimension: Dimension, read: (edge: GraphEdge) => number): Operand {
  return { name, dimension, edge: (searched, index) => numberOf(searched.edge(index), read) };
}

function numberOf<T>(value: T | undefined, read: (value: T) => number): number {
  return value === undefined ? NaN : read(value);
}

function edgeText(name: string, read: (edge: GraphEdge) => readonly string[]): Operand {
  const edge: Reader<readonly string[]> = (searched, index) => {
    const found = searched.edge(index);
    return found && read(found);
  };
  return { name, dimension: "text", edge };
}

/** Keys of what has been seen at all. */
function seen(rates: Readonly<Record<string, number>>): string[] {
  return Object.keys(rates).filter((key) => (rates[key] ?? 0) > 0);
}

function requests(protocol: string): readonly Operand[] {
  return [
    { name: `${protocol}.in`, dimension: "rps", node: ({ flows }, index) => flows.rps(index, "in", protocol) },
    { name: `${protocol}.out`, dimension: "rps", node: ({ flows }, index) => flows.rps(index, "out", protocol) },
    errorsOf(protocol),
  ];
}

/** Of requests; of TCP the share of bytes with a response flag. */
function errorsOf(protocol: string): Operand {
  return {
    name: `${protocol}.errors`,
    dimension: "share",
    node: ({ flows }, index) => flows.errorRate(index, protocol),
    edge: (searched, index) =>
      numberOf(searched.edge(index), (edge) => (edge.protocol === protocol ? edge.errorRate : NaN)),
  };
}

/** The metrics' label, the name of the cluster's box where that tells several apart, and the context. */
function clusterNames({ graph, contexts }: Searched, index: number): readonly string[] | undefined {
  const node = graph.nodes[index];
  if (!node) return undefined;
  const { label, key } = node.place;
  let box = node.box === undefined ? undefined : graph.boxes[node.box];
  while (box && box.kind !== "cluster") box = box.parent === undefined ? undefined : graph.boxes[box.parent];
  const context = key === undefined ? undefined : contexts?.get(key);
  return [...new Set([label, ...(box ? [box.name] : []), ...(context === undefined ? [] : [context])])];
}

const operands: readonly Operand[] = [
  nodeText("name", ({ name, app }) => [name, app]),
  ofEitherEnd(nodeText("namespace", ({ kind, name, namespace }) => (kind === "namespace" ? name : namespace))),
  ofEitherEnd({ name: "cluster", dimension: "text", node: clusterNames }),
  ofEitherEnd(nodeText("app", ({ app }) => app ?? "")),
  nodeText("version", ({ version }) => version ?? ""),
  nodeText("service", ({ kind, name }) => (called.has(kind) ? name : undefined)),
  nodeText("workload", ({ kind, name }) => (runs.has(kind) ? name : undefined)),
  nodeText("kind", ({ kind }) => kind),
  ...requests("http"),
  ...requests("grpc"),
  { name: "tcp.in", dimension: "bytes", node: ({ flows }, index) => flows.bytes(index, "in") },
  { name: "tcp.out", dimension: "bytes", node: ({ flows }, index) => flows.bytes(index, "out") },
  errorsOf("tcp"),
  {
    name: "rps",
    dimension: "rps",
    node: (searched, index) => numberOf(searched.node(index), ({ rpsIn }) => rpsIn),
    edge: (searched, index) => numberOf(searched.edge(index), ({ rps }) => rps),
  },
  {
    name: "errors",
    dimension: "share",
    node: (searched, index) => numberOf(searched.node(index), ({ errorRate }) => errorRate),
    edge: (searched, index) => numberOf(searched.edge(index), ({ errorRate }) => errorRate),
  },
  edgeNumber("rt.p50", "seconds", ({ p50 }) => p50),
  edgeNumber("rt.p95", "seconds", ({ p95 }) => p95),
  edgeNumber("rt.p99", "seconds", ({ p99 }) => p99),
  edgeNumber("share", "share", ({ share }) => share),
  edgeNumber("mtls", "share", ({ mtls }) => mtls),
  edgeNumber("sent", "bytes", ({ sentBytesPerSecond }) => sentBytesPerSecond),
  edgeNumber("received", "bytes", ({ receivedBytesPerSecond }) => receivedBytesPerSecond),
  edgeText("protocol", ({ protocol }) => [protocol]),
  edgeText("code", ({ responseCodes }) => seen(responseCodes)),
  edgeText("flag", ({ flags }) => seen(flags)),
];

/** A state that says nothing about health answers neither "healthy" nor "not healthy". */
function stateFlag(name: string, isIt: (state: NodeState) => boolean | undefined): Flag {
  const read = (thing: { readonly state: NodeState } | undefined) => thing && isIt(thing.state);
  return {
    name,
    node: (searched, index) => read(searched.node(index)),
    edge: (searched, index) => read(searched.edge(index)),
  };
}

function isJudged(state: NodeState): boolean {
  return state === "healthy" || state === "degraded" || state === "failing";
}

function nodeFlag(name: string, read: (node: GraphNode) => boolean): Flag {
  return { name, node: (searched, index) => isIt(searched.node(index), read) };
}

function isIt(node: GraphNode | undefined, read: (node: GraphNode) => boolean): boolean {
  return node !== undefined && read(node);
}

const badgeFlags: readonly Badge[] = [
  ...(["trafficShifting", "routing", "fault", "mirroring", "timeout", "circuitBreaker"] as const),
  ...(["missingSidecar", "dead", "ambient", "outside"] as const),
];

const flags: readonly Flag[] = [
  ...(["healthy", "degraded", "failing"] as const).map((name) =>
    stateFlag(name, (state) => (isJudged(state) ? state === name : undefined)),
  ),
  stateFlag("idle", (state) => state === "idle"),
  nodeFlag("gateway", ({ kind }) => kind === "gateway"),
  nodeFlag("waypoint", ({ kind }) => kind === "waypoint"),
  nodeFlag("external", ({ kind }) => kind === "external" || kind === "serviceEntry"),
  nodeFlag("serviceEntry", ({ kind }) => kind === "serviceEntry"),
  nodeFlag("unknown", ({ kind }) => kind === "unknown"),
  ...badgeFlags.map((badge) => nodeFlag(badge, ({ badges }) => badges.includes(badge))),
  {
    name: "mtls",
    node: (searched, index) => isIt(searched.node(index), ({ badges }) => badges.includes("mtls")),
    edge: (searched, index) => known(searched.edge(index)?.mtls, (mtls) => mtls >= 1),
  },
  { name: "lacksMtls", edge: (searched, index) => searched.edge(index)?.lacksMtls },
];

function known(value: number | undefined, read: (value: number) => boolean): boolean | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : read(value);
}

const aliases: Readonly<Record<string, string>> = {
  ns: "namespace",
  svc: "service",
  wl: "workload",
  "rt.50": "rt.p50",
  "rt.95": "rt.p95",
  "rt.99": "rt.p99",
};

const operandByName = new Map(operands.map((operand) => [operand.name.toLowerCase(), operand]));
const flagByName = new Map(flags.map((flag) => [flag.name.toLowerCase(), flag]));

/** "ns", "rt.p95", "label.team", "from.namespace"; any case but in a label's name. */
export function operandOf(name: string): Operand | undefined {
  const [prefix, rest] = prefixed(name);
  if (prefix === "label" && rest !== "") return nodeText(name, ({ labels }) => labelOf(labels, rest));
  if (prefix === "from" || prefix === "to") return atEnd(name, prefix, operandOf(rest));
  const lower = name.toLowerCase();
  return operandByName.get(Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower);
}

export function flagOf(name: string): Flag | undefined {
  const [prefix, rest] = prefixed(name);
  if (prefix === "from" || prefix === "to") {
    const read = flagOf(rest)?.node;
    return read && { name, edge: (searched, index) => read(searched, endOf(searched, index, prefix)) };
  }
  return flagByName.get(name.toLowerCase());
}

function prefixed(name: string): [prefix: string, rest: string] {
  const at = name.indexOf(".");
  return at < 0 ? ["", name] : [name.slice(0, at).toLowerCase(), name.slice(at + 1)];
}

function labelOf(labels: GraphNode["labels"], name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? "") : "";
}

/** What is asked of a node, asked of an edge's end. */
function atEnd(name: string, end: "from" | "to", operand: Operand | undefined): Operand | undefined {
  if (!operand?.node) return undefined;
  if (operand.dimension === "text") {
    const { node } = operand;
    return { name, dimension: "text", edge: (searched, index) => node(searched, endOf(searched, index, end)) };
  }
  const { node, dimension } = operand;
  return { name, dimension, edge: (searched, index) => node(searched, endOf(searched, index, end)) };
}

function endOf(searched: Searched, index: number, end: "from" | "to"): number {
  const edge = searched.edge(index);
  return (end === "from" ? edge?.source : edge?.target) ?? -1;
}

/** For completion: all but labels and the ends of edges, in the order of the table. */
export const operandNames: readonly string[] = operands.map(({ name }) => name);
export const flagNames: readonly string[] = flags.map(({ name }) => name);
/** Those that can follow "from." and "to.". */
export const endNames: readonly string[] = [...operands, ...flags].filter(({ node }) => node).map(({ name }) => name);
