import {
  badges,
  nodeKinds,
  type GraphBox,
  type GraphEdge,
  type TopologyGraph,
} from "../../mesh/topology/graph/graph.ts";
import type { Presence, TrackedGraph } from "../../mesh/topology/graph/presence.ts";
import type { NodeState } from "../../mesh/explorer/node.ts";
import type { ClusterKey } from "../../mesh/model/refs.ts";
import {
  flag,
  none,
  states,
  type BoxColumns,
  type EdgeColumns,
  type EdgeLabelName,
  type GraphSnapshot,
  type NodeColumns,
} from "./graphSnapshot.ts";

/** Bits of `flag.found`, `flag.hidden` and `flag.dim` (numbers from before), by node and by edge. */
export interface Marks {
  readonly nodes: Uint16Array;
  readonly edges: Uint16Array;
}

/** What a picture holds besides the graph. */
export interface SnapshotExtras extends Pick<
  GraphSnapshot,
  "serial" | "atMillis" | "windowSeconds" | "problems" | "stores" | "empty" | "findError" | "spent"
> {
  readonly label: EdgeLabelName;
  readonly marks?: Marks | undefined;
  /** The contexts of the connected clusters. */
  readonly contexts?: ReadonlyMap<ClusterKey, string>;
}

/** A graph as it crosses to a page: columns and a table of strings. Graphs that no tracker has seen are all there. */
export function snapshotOf(graph: TopologyGraph | TrackedGraph, extras: SnapshotExtras): GraphSnapshot {
  const strings = new StringTable();
  const protocols = new StringTable();
  const nodes = nodeColumns(graph, extras.marks, strings);
  const boxes = boxColumns(graph.boxes, extras.contexts, strings);
  const edges = edgeColumns(graph, extras, protocols);
  const { serial, atMillis, windowSeconds, problems, stores, empty, findError, spent } = extras;
  return {
    view: graph.view,
    serial,
    strings: strings.all,
    protocols: protocols.all,
    nodes,
    boxes,
    edges,
    ...{ atMillis, windowSeconds, problems, stores, empty, findError, spent },
  };
}

class StringTable {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.all.length);
    return this.all.push(text) - 1;
  }
}

const presenceFlags: Readonly<Record<Presence, number>> = { seen: 0, dim: flag.dim, ghost: flag.dim | flag.ghost };
const stateIndexes = Object.fromEntries(states.map((state, i) => [state, i])) as Record<NodeState, number>;

/** Replica counts fit two bytes; the highest value stands for "unknown". */
const unknownCount = 0xffff;
const highestCount = 0xfffe;

function nodeColumns(graph: TopologyGraph | TrackedGraph, marks: Marks | undefined, strings: StringTable): NodeColumns {
  const count = graph.nodes.length;
  const columns = {
    count,
    ...{ kind: new Uint8Array(count), name: new Uint32Array(count), version: new Uint32Array(count) },
    ...{ box: new Uint32Array(count), state: new Uint8Array(count), badges: new Uint16Array(count) },
    ...{ flags: new Uint16Array(count), ready: new Uint16Array(count), desired: new Uint16Array(count) },
    ...{ rpsIn: new Float32Array(count), rpsOut: new Float32Array(count), errorRate: new Float32Array(count) },
    ...{ bytesIn: new Float32Array(count), bytesOut: new Float32Array(count) },
  };
  graph.nodes.forEach((node, i) => {
    columns.kind[i] = nodeKinds.indexOf(node.kind);
    columns.name[i] = strings.index(node.name);
    columns.version[i] = strings.index(node.version ?? "");
    columns.box[i] = node.box ?? none;
    columns.state[i] = stateIndexes[node.state];
    columns.badges[i] = node.badges.reduce((bits, badge) => bits | (1 << badges.indexOf(badge)), 0);
    const presence = "nodePresence" in graph ? (graph.nodePresence[i] ?? "seen") : "seen";
    columns.flags[i] =
      presenceFlags[presence] |
      (marks?.nodes[i] ?? 0) |
      (node.state === "idle" ? flag.idle : 0) |
      (node.place.isDerived ? flag.derived : 0);
    columns.ready[i] = node.replicas ? Math.min(node.replicas.ready, highestCount) : unknownCount;
    columns.desired[i] = node.replicas ? Math.min(node.replicas.desired, highestCount) : unknownCount;
    columns.rpsIn[i] = onWire(node.rpsIn);
    columns.rpsOut[i] = onWire(node.rpsOut);
    columns.errorRate[i] = onWire(node.errorRate);
    columns.bytesIn[i] = onWire(node.receivedBytesPerSecond);
    columns.bytesOut[i] = onWire(node.sentBytesPerSecond);
  });
  return columns;
}

// What four bytes cannot hold would arrive as infinite. NaN stays: no data.
const highestNumber = 3.4e38;

function onWire(number: number): number {
  return Math.min(number, highestNumber);
}

function boxColumns(
  boxes: readonly GraphBox[],
  contexts: SnapshotExtras["contexts"],
  strings: StringTable,
): BoxColumns {
  const titleOf = ({ kind, name, place: { key } }: GraphBox): string =>
    (kind === "cluster" && key !== undefined ? contexts?.get(key) : undefined) ?? name;
  const kinds = ["cluster", "namespace", "app"];
  return {
    count: boxes.length,
    kind: Uint8Array.from(boxes, ({ kind }) => kinds.indexOf(kind)),
    name: Uint32Array.from(boxes, ({ name }) => strings.index(name)),
    title: Uint32Array.from(boxes, (box) => strings.index(titleOf(box))),
    parent: Uint32Array.from(boxes, ({ parent }) => parent ?? none),
    state: Uint8Array.from(boxes, ({ state }) => stateIndexes[state]),
  };
}

function edgeColumns(
  graph: TopologyGraph | TrackedGraph,
  { label, marks }: SnapshotExtras,
  protocols: StringTable,
): EdgeColumns {
  const count = graph.edges.length;
  const columns = {
    count,
    ...{ source: new Uint32Array(count), target: new Uint32Array(count), protocol: new Uint8Array(count) },
    ...{ state: new Uint8Array(count), flags: new Uint16Array(count), rate: new Float32Array(count) },
    ...{ back: new Float32Array(count), errorRate: new Float32Array(count), label: new Float32Array(count) },
  };
  graph.edges.forEach((edge, i) => {
    const countsRequests = !Number.isNaN(edge.rps);
    columns.source[i] = edge.source;
    columns.target[i] = edge.target;
    columns.protocol[i] = protocols.index(edge.protocol);
    columns.state[i] = stateIndexes[edge.state];
    const presence = "edgePresence" in graph ? (graph.edgePresence[i] ?? "seen") : "seen";
    columns.flags[i] =
      presenceFlags[presence] |
      (marks?.edges[i] ?? 0) |
      (edge.state === "idle" ? flag.idle : 0) |
      (edge.lacksMtls ? flag.lacksMtls : 0) |
      (edge.isFirst ? flag.first : 0);
    columns.rate[i] = onWire(countsRequests ? edge.rps : edge.sentBytesPerSecond);
    columns.back[i] = onWire(countsRequests ? NaN : edge.receivedBytesPerSecond);
    columns.errorRate[i] = onWire(edge.errorRate);
    columns.label[i] = onWire(labelValue(edge, label));
  });
  return columns;
}

function labelValue(edge: GraphEdge, label: EdgeLabelName): number {
  switch (label) {
    case "share":
      return edge.share;
    case "p50":
      return edge.p50;
    case "p95":
      return edge.p95;
    case "p99":
      return edge.p99;
    case "mtls":
      return edge.mtls;
    case "rate":
    case "errors":
    case "protocol":
      return NaN;
  }
}
