import type { Format } from "../../format/format.ts";
import type { ToleranceSet } from "../../health/tolerances.ts";
import type { Judging } from "../../health/workloadHealth.ts";
import type { Slices } from "../../telemetry/edges/slices.ts";
import type { MeshFacts, TopologyReading } from "../reading/topologyReading.ts";
import { boxedNode, boxesOf } from "./boxes.ts";
import { configIndexOf } from "./configIndex.ts";
import { EdgeDrafts, type EdgeDraft } from "./edgeDrafts.ts";
import { edgeLatency } from "./edgeLatency.ts";
import type { GraphEdge, GraphView, TopologyGraph } from "./graph.ts";
import { graphEdge, shares, type EdgeContext } from "./graphEdges.ts";
import { graphNode, type NodeContext, type UnboxedNode } from "./graphNodes.ts";
import { addIdleNodes } from "./idleNodes.ts";
import { inventoryIndexOf, type InventoryIndex } from "./inventoryIndex.ts";
import { NodeDrafts, type Claims, type NodeDraft } from "./nodeDrafts.ts";
import { nodeTolerances } from "./nodeHealth.ts";
import { nodeObjects } from "./nodeObjects.ts";
import { nodeFlows, noFlows } from "./nodeFlows.ts";
import { PlaceNames, placesOf } from "./placeNames.ts";
import { nameServiceApps } from "./serviceApps.ts";
import { serviceClaims } from "./serviceClaims.ts";
import { heardClusters } from "./heardClusters.ts";
import { WantedMtls } from "./wantedMtls.ts";

export interface GraphOptions {
  /** Also services and workloads of the inventory that nothing calls. */
  readonly withIdleNodes: boolean;
  readonly format: Format;
  /** Milliseconds since 1970: what is over by then troubles nobody. The reading's time where it is left out. */
  readonly nowMillis?: number;
}

/** Everything at once. Long graphs are made in slices by {@link graphInSlices}. */
export function graphOf(reading: TopologyReading, facts: MeshFacts | undefined, options: GraphOptions): TopologyGraph {
  const steps = graphSteps(reading, facts, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same graph, made so that others get their turn in between. Throws the signal's reason. */
export async function graphInSlices(
  reading: TopologyReading,
  facts: MeshFacts | undefined,
  options: GraphOptions,
  slices: Slices,
): Promise<TopologyGraph> {
  const steps = graphSteps(reading, facts, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await slices.rest();
  }
}

const noClaims: Claims = () => undefined;

/** For verdicts whose reasons nobody reads. */
function wordless(format: Format): Format {
  return { ...format, share: () => "" };
}

const stepItems = 1024;

type Steps<T> = Generator<undefined, T, undefined>;

/** Calls, edges, nodes, what the inventory knows, boxes: one after the other. */
function* graphSteps(
  reading: TopologyReading,
  facts: MeshFacts | undefined,
  options: GraphOptions,
): Steps<TopologyGraph> {
  const { view, namespaces } = reading.query;
  const inventory = inventoryIndexOf(facts);
  const config = configIndexOf(facts);
  yield;
  const places = new PlaceNames(placesOf(reading.calls), facts);
  const asked = namespaces && new Set(namespaces);
  yield;
  const claims = view === "service" ? serviceClaims(reading.calls, inventory) : noClaims;
  yield;
  const drafts = new NodeDrafts(view, places, inventory, claims);
  const edges = yield* edgesOf(reading, drafts);
  if (facts && options.withIdleNodes) addIdleNodes(drafts, facts, { view, places, inventory, asked });
  yield;
  if (view !== "namespace") nameServiceApps(drafts.all, edges, inventory);
  yield;
  const { format, nowMillis = reading.atMillis } = options;
  const isHeard = heardClusters(reading, inventory);
  const isPast = isOfPast(reading);
  const judging = judgingOf(facts, inventory, { format, nowMillis });
  const context: NodeContext = {
    ...{ inventory, config, asked, callers: callersOf(edges), isPast },
    judgingAt: ({ at }) => ({ ...judging, isHeard: isHeard(at.place), isPast, inventory }),
  };
  const nodes = yield* nodesOf(drafts, edges, { view, context });
  const wanted = new WantedMtls(inventory, config);
  const latencyOf = edgeLatency(reading.latency, edges, view);
  yield;
  const drawn = yield* drawnEdges(edges, {
    ...{ view, format: wordless(format), latencyOf, shareOf: shares(edges) },
    toleratedBy: tolerancesOf(drafts.all, inventory, judging),
    lacksMtls: (edge) => wanted.isLacking(edge),
  });
  const { boxes, boxOf } = boxesOf(nodes.map((node, i) => boxedNode(node, view, drafts.all[i]?.at.name ?? "")));
  nodes.forEach((node, i) => (node.box = boxOf[i]));
  yield;
  return { view, nodes, boxes, edges: drawn };
}

/** What the trees judge with, too. */
function judgingOf(facts: MeshFacts | undefined, inventory: InventoryIndex, moment: Judging): Judging {
  return {
    ...moment,
    nodeOf: inventory.nodeOf,
    ...(facts?.tolerances && { tolerances: facts.tolerances }),
    ...(facts?.notes && { notes: facts.notes }),
  };
}

/** Of each node once, however many edges it has. */
function tolerancesOf(
  drafts: readonly NodeDraft[],
  inventory: InventoryIndex,
  judging: Judging,
): (node: NodeDraft) => ToleranceSet {
  const sets: (ToleranceSet | undefined)[] = Array.from({ length: drafts.length });
  return (node) => (sets[node.index] ??= nodeTolerances(node, nodeObjects(node, inventory), judging));
}

/** Beyond the window: readings take their time, and pods are looked at a little later. */
const pastSlackSeconds = 60;

/** Pods of now say nothing about numbers that were asked for another time. */
function isOfPast({ query, atMillis, windowSeconds, readAtMillis = atMillis }: TopologyReading): boolean {
  return query.atMillis !== undefined && readAtMillis - atMillis > (windowSeconds + pastSlackSeconds) * 1000;
}

function* nodesOf(
  { all }: NodeDrafts,
  edges: readonly EdgeDraft[],
  { view, context }: { readonly view: GraphView; readonly context: NodeContext },
): Steps<UnboxedNode[]> {
  const flows = nodeFlows(edges, all.length, view);
  yield;
  const nodes: UnboxedNode[] = [];
  yield* inSteps(all, (some) => {
    for (const draft of some) nodes.push(graphNode(draft, flows[draft.index] ?? noFlows, context));
  });
  return nodes;
}

function* drawnEdges(edges: readonly EdgeDraft[], context: EdgeContext): Steps<GraphEdge[]> {
  const drawn: GraphEdge[] = [];
  yield* inSteps(edges, (some) => {
    for (const edge of some) drawn.push(graphEdge(edge, context));
  });
  return drawn;
}

function* edgesOf({ query, calls }: TopologyReading, drafts: NodeDrafts): Steps<readonly EdgeDraft[]> {
  const edges = new EdgeDrafts(query.view, drafts, calls.length);
  yield* inSteps(calls, (some) => {
    for (const call of some) edges.add(call);
  });
  return edges.all;
}

// Loops over thousands are no part of a generator: V8 leaves what they call uninlined.
function* inSteps<T>(items: readonly T[], work: (some: readonly T[]) => void): Steps<void> {
  for (let from = 0; from < items.length; from += stepItems) {
    work(items.slice(from, from + stepItems));
    yield;
  }
}

/** Namespaces that call a node, made up only when somebody asks. */
function callersOf(edges: readonly EdgeDraft[]): (draft: NodeDraft) => ReadonlySet<string> {
  let callers: Map<NodeDraft, Set<string>> | undefined;
  return (draft) => {
    if (!callers) {
      callers = new Map();
      for (const { source, target } of edges) {
        const known = callers.get(target);
        if (known) known.add(source.namespace);
        else callers.set(target, new Set([source.namespace]));
      }
    }
    return callers.get(draft) ?? new Set();
  };
}
