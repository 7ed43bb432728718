import { isTrouble } from "../../health/verdict.ts";
import { say } from "../../message.ts";
import { TupleIndex } from "../../telemetry/edges/tupleIndex.ts";
import { boxedNode, boxesOf } from "./boxes.ts";
import type { GraphBox, GraphEdge, GraphNode, TopologyGraph } from "./graph.ts";
import { presences, type Presence, type TrackedGraph } from "./presence.ts";
import { steadyState, type SteadyState } from "./steadyState.ts";

/** Readings for which something that is missing stays: dimmed in the first, a ghost in the others. */
const staysFor = 3;

interface Kept<T> {
  item: T;
  /** Readings in a row that did not have it. */
  missed: number;
  state: SteadyState;
}

interface KeptNode extends Kept<GraphNode> {
  cluster: string;
  /** Where it stands in the picture; -1: gone. */
  position: number;
}

interface KeptEdge extends Kept<GraphEdge> {
  readonly source: KeptNode;
  readonly target: KeptNode;
}

/**
 * Makes steady pictures of one reading after another: states with hysteresis (`steadyState`), what is missing dimmed for
 * one reading and then a ghost for two more, and everything in the order in which it first appeared. So two readings that
 * differ only in rates and errors have the same nodes, edges and boxes at the same indexes.
 */
export class GraphTracker {
  #question = "";
  readonly #nodes = new Map<string, KeptNode>();
  #edges: KeptEdge[] = [];
  #boxes: readonly string[] = [];

  /** `question` is what was asked (view, namespaces, switches): another one starts over, since its answer is no change. */
  next(graph: TopologyGraph, question = ""): TrackedGraph {
    const asked = `${graph.view} ${question}`;
    if (asked !== this.#question) this.#forget();
    this.#question = asked;
    this.#takeEdges(graph, this.#takeNodes(graph));
    return this.#picture(graph.view);
  }

  #forget(): void {
    this.#nodes.clear();
    this.#edges = [];
    this.#boxes = [];
  }

  /** What is kept of the graph's nodes, at their indexes. */
  #takeNodes({ nodes, boxes }: TopologyGraph): readonly KeptNode[] {
    const clusters = clusterNames(boxes);
    for (const kept of this.#nodes.values()) kept.missed++;
    const taken = nodes.map((node) => {
      const known = this.#nodes.get(node.id);
      const state = steadyState(known?.state, node.state, node.errorRate);
      const cluster = node.box === undefined ? "" : (clusters[node.box] ?? "");
      // A service that nobody answered for a moment is still that app's.
      const app = node.app ?? known?.item.app;
      const item = shownNode(app === node.app ? node : { ...node, app }, state);
      if (known) {
        known.cluster = cluster;
        return see(known, item, state);
      }
      const fresh: KeptNode = { item, state, cluster, missed: 0, position: -1 };
      this.#nodes.set(node.id, fresh);
      return fresh;
    });
    let position = 0;
    for (const [id, kept] of this.#nodes) {
      const stays = ages(kept, ghostNode);
      kept.position = stays ? position++ : -1;
      if (!stays) this.#nodes.delete(id);
    }
    return taken;
  }

  #takeEdges({ edges }: TopologyGraph, nodes: readonly KeptNode[]): void {
    const kept = this.#edges.filter(({ source, target }) => source.position >= 0 && target.position >= 0);
    const places = new EdgePlaces(kept.length + edges.length);
    for (const edge of kept) {
      edge.missed++;
      places.of(edge.source, edge.target, edge.item);
    }
    for (const edge of edges) {
      const source = nodes[edge.source];
      const target = nodes[edge.target];
      if (!source || !target) continue;
      const at = places.of(source, target, edge);
      const known = kept[at];
      const state = steadyState(known?.state, edge.state, edge.errorRate);
      const item = state.shown === edge.state ? edge : { ...edge, state: state.shown };
      kept[at] = known ? see(known, item, state) : { item, state, missed: 0, source, target };
    }
    this.#edges = kept.filter((edge) => ages(edge, ghostEdge));
  }

  #picture(view: TopologyGraph["view"]): TrackedGraph {
    const kept = [...this.#nodes.values()];
    const edges = this.#edges;
    const { boxes, boxOf } = boxesOf(
      kept.map(({ item, cluster }) => boxedNode(item, view, cluster)),
      this.#boxes,
    );
    this.#boxes = boxes.map(({ id }) => id);
    return {
      view,
      nodes: kept.map(({ item }, index) => (item.box === boxOf[index] ? item : { ...item, box: boxOf[index] })),
      boxes,
      edges: edges.map(({ item, source, target }) => moved(item, source.position, target.position)),
      nodePresence: kept.map(presenceOf),
      edgePresence: edges.map(presenceOf),
    };
  }
}

/** Numbers edges by what their ids are made of, since to compare 20,000 long texts takes longer than all else. */
class EdgePlaces {
  readonly #index: TupleIndex;
  readonly #protocols = new Map<string, number>();

  constructor(expected: number) {
    this.#index = new TupleIndex(4, expected);
  }

  /** The same for the same edge; else one more than the last. */
  of(source: KeptNode, target: KeptNode, { protocol, isFirst }: GraphEdge): number {
    let protocolIndex = this.#protocols.get(protocol);
    if (protocolIndex === undefined) this.#protocols.set(protocol, (protocolIndex = this.#protocols.size));
    const { tuple } = this.#index;
    tuple[0] = source.position;
    tuple[1] = target.position;
    tuple[2] = protocolIndex;
    tuple[3] = isFirst ? 1 : 0;
    return this.#index.intern();
  }
}

/** By box: the name of the cluster around it; "" outside of all. */
function clusterNames(boxes: readonly GraphBox[]): readonly string[] {
  const names: string[] = [];
  for (const { kind, name, parent } of boxes) {
    names.push(parent !== undefined ? (names[parent] ?? "") : kind === "cluster" ? name : "");
  }
  return names;
}

function moved(edge: GraphEdge, source: number, target: number): GraphEdge {
  return edge.source === source && edge.target === target ? edge : { ...edge, source, target };
}

function see<T, K extends Kept<T>>(kept: K, item: T, state: SteadyState): K {
  kept.item = item;
  kept.state = state;
  kept.missed = 0;
  return kept;
}

function presenceOf({ missed }: Kept<unknown>): Presence {
  return presences[Math.min(missed, presences.length - 1)] ?? "ghost";
}

/** What is missing fades; false: it was missing for too long. */
function ages<T>(kept: Kept<T>, ghost: (item: T) => T): boolean {
  if (kept.missed === 2) kept.item = ghost(kept.item);
  return kept.missed <= staysFor;
}

function shownNode(node: GraphNode, { shown, doubt }: SteadyState): GraphNode {
  if (doubt === undefined) return node;
  const reasons = isTrouble(shown) ? [say("It had failures a moment ago; one better reading does not end that")] : [];
  return { ...node, state: shown, reasons };
}

const noRates = { rpsIn: NaN, rpsOut: NaN, errorRate: NaN, receivedBytesPerSecond: NaN, sentBytesPerSecond: NaN };

function ghostNode(node: GraphNode): GraphNode {
  return { ...node, ...noRates, state: "unknown", reasons: [], replicas: undefined };
}

function ghostEdge(edge: GraphEdge): GraphEdge {
  const quantiles = { p50: NaN, p95: NaN, p99: NaN };
  const rates = { rps: NaN, errorsPerSecond: NaN, errorRate: NaN, share: NaN, mtls: NaN, lacksMtls: false };
  const bytes = { sentBytesPerSecond: NaN, receivedBytesPerSecond: NaN };
  return { ...edge, ...quantiles, ...rates, ...bytes, state: "unknown", responseCodes: {}, flags: {}, calls: [] };
}
