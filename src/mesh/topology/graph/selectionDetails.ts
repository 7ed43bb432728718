import type { Problem, ServiceView, WorkloadView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { refId, type ObjectRef } from "../../model/refs.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import type { DetailedCall } from "../../telemetry/edges/foldCalls.ts";
import type { NodeState } from "../../explorer/node.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";
import type { Quantiles } from "./edgeLatency.ts";
import type { GraphBox, GraphEdge, GraphNode, GraphNodeKind, TopologyGraph } from "./graph.ts";
import { inventoryIndexOf } from "./inventoryIndex.ts";
import { selectionOf, type GraphSelection, type GraphTarget } from "./selection.ts";
import { selectionConfig } from "./selectionConfig.ts";
import { selectionFacts, type SelectionFact } from "./selectionFacts.ts";
import {
  endingRates,
  mtlsShare,
  principalPairs,
  protocolFlows,
  type EndingRate,
  type PrincipalPair,
  type ProtocolFlow,
} from "./selectionRates.ts";

/** What a side panel says of one selection; surfaces translate the messages and format the numbers. */
export interface SelectionDetails {
  readonly title: string;
  /** "Workload", "shop", "demo-eu". */
  readonly subtitle: readonly (Message | string)[];
  readonly state: NodeState;
  readonly reasons: readonly Message[];
  readonly inbound: readonly ProtocolFlow[];
  readonly outbound: readonly ProtocolFlow[];
  /** Of an edge; undefined where no histogram of exactly this scope was read. */
  readonly latency: Quantiles | undefined;
  readonly codes: readonly EndingRate[];
  /** 0 to 1; NaN where nothing is known. */
  readonly mtls: number;
  readonly principals: readonly PrincipalPair[];
  readonly facts: readonly SelectionFact[];
  readonly configuration: readonly ObjectRef[];
  readonly findings: readonly SelectionFinding[];
  /** The objects behind it, the telling one first. */
  readonly refs: readonly ObjectRef[];
}

export interface SelectionFinding {
  readonly severity: "info" | "warning" | "error";
  readonly words: Message;
  readonly ref: ObjectRef | undefined;
}

/** What details are made of besides the graph. */
export interface DetailSources {
  readonly facts: MeshFacts | undefined;
  /** The selection's calls with hosts and principals; undefined while they were not read: then hosts are names. */
  readonly calls: readonly DetailedCall[] | undefined;
}

/** undefined where the graph has no such thing (any more). */
export function detailsOf(
  graph: TopologyGraph,
  target: GraphTarget,
  { facts, calls }: DetailSources,
): SelectionDetails | undefined {
  const selection = selectionOf(graph, target);
  if (!selection) return undefined;
  const read: readonly Call[] = calls ?? selection.calls;
  const objects = objectsOf(selection, facts);
  const callers = new Set(selection.inbound.map(({ source }) => source.namespace));
  return {
    ...headOf(selection, graph, facts),
    inbound: protocolFlows(selection.inbound),
    outbound: protocolFlows(selection.outbound),
    latency: latencyOf(selection.edge),
    codes: endingRates(read),
    mtls: mtlsShare(selection.calls),
    principals: calls ? principalPairs(calls) : [],
    facts: selectionFacts(selection, graph, objects),
    configuration: selection.box?.kind === "cluster" ? [] : selectionConfig(facts, { ...objects, callers }),
    findings: findingsOf(selection, objects.workloads),
    refs: selection.edge ? [] : selection.node ? selection.node.refs : boxRefs(selection.box),
  };
}

/** Views of what is selected; of an edge, of where it leads. */
export interface SelectedObjects {
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
}

function objectsOf({ nodes, edge }: GraphSelection, facts: MeshFacts | undefined): SelectedObjects {
  const inventory = inventoryIndexOf(facts);
  const refs = (edge ? nodes.slice(-1) : nodes).flatMap((node) => node.refs);
  const ids = [...new Set(refs.map(refId))];
  return {
    services: ids.flatMap((id) => inventory.service(id) ?? []),
    workloads: ids.flatMap((id) => inventory.workload(id) ?? []),
  };
}

const kindWords: Readonly<Record<GraphNodeKind, Message>> = {
  workload: say("Workload"),
  app: say("App"),
  service: say("Service"),
  serviceEntry: say("Service entry"),
  external: say("Outside of the mesh"),
  gateway: say("Gateway"),
  waypoint: say("Waypoint"),
  unknown: say("Unknown"),
  namespace: say("Namespace"),
};

const boxWords: Readonly<Record<GraphBox["kind"], Message>> = {
  cluster: say("Cluster"),
  namespace: say("Namespace"),
  app: say("App"),
};

type Head = Pick<SelectionDetails, "title" | "subtitle" | "state" | "reasons">;

function headOf({ node, edge, box, nodes }: GraphSelection, graph: TopologyGraph, facts: MeshFacts | undefined): Head {
  if (node) {
    const where = node.kind === "namespace" ? [] : [node.namespace];
    const cluster = contextOf(node, facts) ?? clusterOf(graph, node);
    const subtitle = [kindWords[node.kind], ...[...where, cluster].filter((text) => text !== "")];
    return { title: node.name, subtitle, state: node.state, reasons: node.reasons };
  }
  if (edge) {
    const title = `${graph.nodes[edge.source]?.name ?? ""} → ${graph.nodes[edge.target]?.name ?? ""}`;
    return { title, subtitle: [edge.protocol], state: edge.state, reasons: [] };
  }
  const around = box && box.kind === "app" ? [box.namespace] : [];
  const subtitle = box ? [boxWords[box.kind], ...around, say("{0} nodes", nodes.length)] : [];
  const context = box?.kind === "cluster" ? contextOf(box, facts) : undefined;
  return { title: context ?? box?.name ?? "", subtitle, state: box?.state ?? "unknown", reasons: [] };
}

/** What people call a connected cluster. */
function contextOf({ place: { key } }: GraphNode | GraphBox, facts: MeshFacts | undefined): string | undefined {
  return key === undefined ? undefined : inventoryIndexOf(facts).clusters.get(key)?.view.context;
}

/** The name of the outermost box of a node. */
export function clusterOf({ boxes }: TopologyGraph, { box }: GraphNode): string {
  let found = box === undefined ? undefined : boxes[box];
  while (found?.parent !== undefined) found = boxes[found.parent];
  return found?.kind === "cluster" ? found.name : "";
}

function latencyOf(edge: GraphEdge | undefined): Quantiles | undefined {
  if (!edge || [edge.p50, edge.p95, edge.p99].every(Number.isNaN)) return undefined;
  return { p50: edge.p50, p95: edge.p95, p99: edge.p99 };
}

function findingsOf({ edge }: GraphSelection, workloads: readonly WorkloadView[]): readonly SelectionFinding[] {
  if (edge) {
    const words = say("Some of it is plain text, where the mesh wants mutual TLS");
    return edge.lacksMtls ? [{ severity: "warning", words, ref: undefined }] : [];
  }
  const found = workloads.flatMap(({ problems, ref }) => problems.map((problem) => findingOf(problem, ref)));
  return found.sort((a, b) => Number(b.severity === "error") - Number(a.severity === "error")).slice(0, mostFindings);
}

// A panel is read by a person.
const mostFindings = 100;

function findingOf({ severity, words }: Problem, ref: ObjectRef): SelectionFinding {
  return { severity, words, ref };
}

function boxRefs(box: GraphBox | undefined): readonly ObjectRef[] {
  const cluster = box?.place.key;
  if (cluster === undefined || box?.kind !== "namespace") return [];
  return [{ cluster, group: "", kind: "Namespace", namespace: "", name: box.namespace }];
}
