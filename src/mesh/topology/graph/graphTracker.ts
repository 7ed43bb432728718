import { isTrouble } from "../../health/verdict.ts";
import { say } from "../../message.ts";
import { boxedNode, boxesOf } from "./boxes.ts";
import type { GraphEdge, GraphNode, TopologyGraph } from "./graph.ts";
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
}

interface KeptEdge extends Kept<GraphEdge> {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes steady pictures of one reading after another: states with hysteresis (`steadyState`), what is missing dimmed for
 * one reading and then a ghost for two more, and everything in the order in which it first appeared. So two readings that
 * differ only in rates and errors have the same nodes, edges and boxes at the same indexes.
 */
export class GraphTracker {
  #question = "";
  readonly #nodes = new Map<string, KeptNode>();
  readonly #edges = new Map<string, KeptEdge>();
  #boxes: readonly string[] = [];

  /** `question` is what was asked (view, namespaces, switches): another one starts over, since its answer is no change. */
  next(graph: TopologyGraph, question = ""): TrackedGraph {
    const asked = `${graph.view} ${question}`;
    if (asked !== this.#question) this.#forget();
    this.#question = asked;
    this.#takeNodes(graph);
    this.#takeEdges(graph);
    return this.#picture(graph.view);
  }

  #forget(): void {
    this.#nodes.clear();
    this.#edges.clear();
    this.#boxes = [];
  }

  #takeNodes({ nodes, boxes }: TopologyGraph): void {
    const clusterOf = (box: number | undefined): string => {
      let found = box === undefined ? undefined : boxes[box];
      while (found?.parent !== undefined) found = boxes[found.parent];
      return found?.kind === "cluster" ? found.name : "";
    };
    const seen = new Set<string>();
    for (const node of nodes) {
      seen.add(node.id);
      const known = this.#nodes.get(node.id);
      const state = steadyState(known?.state, node.state, node.errorRate);
      const cluster = clusterOf(node.box);
      // A service that nobody answered for a moment is still that app's.
      const app = node.app ?? known?.item.app;
      const item = shownNode(app === node.app ? node : { ...node, app }, state);
      if (known) {
        see(known, item, state);
        known.cluster = cluster;
      } else this.#nodes.set(node.id, { item, state, cluster, missed: 0 });
    }
    grow(this.#nodes, seen, ghostNode);
  }

  #takeEdges({ nodes, edges }: TopologyGraph): void {
    const seen = new Set<string>();
    for (const edge of edges) {
      seen.add(edge.id);
      const known = this.#edges.get(edge.id);
      const state = steadyState(known?.state, edge.state, edge.errorRate);
      const item = state.shown === edge.state ? edge : { ...edge, state: state.shown };
      if (known) see(known, item, state);
      else {
        const [source, target] = [nodes[edge.source]?.id ?? "", nodes[edge.target]?.id ?? ""];
        this.#edges.set(edge.id, { item, state, missed: 0, source, target });
      }
    }
    grow(this.#edges, seen, ghostEdge);
  }

  #picture(view: TopologyGraph["view"]): TrackedGraph {
    const kept = [...this.#nodes.values()];
    const { boxes, boxOf } = boxesOf(
      kept.map(({ item, cluster }) => boxedNode(item, view, cluster)),
      this.#boxes,
    );
    this.#boxes = boxes.map(({ id }) => id);
    const indexes = new Map(kept.map(({ item }, index) => [item.id, index]));
    const edges = [...this.#edges.values()].filter(({ source, target }) => indexes.has(source) && indexes.has(target));
    return {
      view,
      nodes: kept.map(({ item }, index) => (item.box === boxOf[index] ? item : { ...item, box: boxOf[index] })),
      boxes,
      edges: edges.map(({ item, source, target }) => moved(item, indexes.get(source) ?? 0, indexes.get(target) ?? 0)),
      nodePresence: kept.map(presenceOf),
      edgePresence: edges.map(presenceOf),
    };
  }
}

function moved(edge: GraphEdge, source: number, target: number): GraphEdge {
  return edge.source === source && edge.target === target ? edge : { ...edge, source, target };
}

function see<T>(kept: Kept<T>, item: T, state: SteadyState): void {
  kept.item = item;
  kept.state = state;
  kept.missed = 0;
}

function presenceOf({ missed }: Kept<unknown>): Presence {
  return presences[Math.min(missed, presences.length - 1)] ?? "ghost";
}

/** What was not seen gets older; what is too old goes. */
function grow<T, K extends Kept<T>>(kept: Map<string, K>, seen: ReadonlySet<string>, ghost: (item: T) => T): void {
  for (const [id, entry] of kept) {
    if (seen.has(id)) continue;
    entry.missed++;
    if (entry.missed > staysFor) kept.delete(id);
    else if (entry.missed === 2) entry.item = ghost(entry.item);
  }
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
