import { createFormat } from "../../../../../src/mesh/format/format.ts";
import type { Call, ClusterPlace, ServiceEnd, WorkloadEnd } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import type { MeshFacts, TopologyReading } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { graphOf } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import type { GraphEdge, GraphNode, GraphView, TopologyGraph } from "../../../../../src/mesh/topology/graph/graph.ts";

// Readings made by hand: ends are interned, as the real ones are.

export const format = createFormat("en");
export const now = Date.parse("2026-05-05T12:00:00Z");

export class Ends {
  readonly #places = new Map<string, ClusterPlace>();
  readonly #workloads = new Map<string, WorkloadEnd>();
  readonly #services = new Map<string, ServiceEnd>();

  place(label: string, more: Partial<ClusterPlace> = {}): ClusterPlace {
    const place = { label, key: label === "" ? undefined : `key-${label}`, isDerived: false, ...more };
    return intern(this.#places, JSON.stringify([place, place.key === undefined]), place);
  }

  /** "eu/shop/reviews-v1"; the app is what stands before "-v", the version the rest. */
  workload(path: string, more: Partial<WorkloadEnd> = {}): WorkloadEnd {
    const [cluster = "", namespace = "", workload = ""] = path.split("/");
    const [, app, version] = /^(.*?)(?:-(v\d+))?$/.exec(workload) ?? [];
    const isKnown = workload !== "unknown";
    const told = { app: isKnown ? app : undefined, version: isKnown ? version : undefined, isWaypoint: false };
    const end = { place: this.place(cluster), namespace, workload, ...told, ...more };
    return intern(this.#workloads, JSON.stringify([end, end.place.key, end.app, end.version]), end);
  }

  service(path: string, more: Partial<ServiceEnd> = {}): ServiceEnd {
    const [cluster = "", namespace = "", name = ""] = path.split("/");
    const end = { place: this.place(cluster), namespace, name, ...more };
    return intern(this.#services, JSON.stringify([end, end.place.key]), end);
  }

  call(source: string, service: string | undefined, destination: string | undefined, rates: Partial<Call> = {}): Call {
    const protocol = rates.protocol ?? "http";
    return {
      source: this.workload(source),
      service: service === undefined ? undefined : this.service(service),
      destination: destination === undefined ? undefined : this.workload(destination),
      protocol,
      code: protocol === "tcp" ? "" : "200",
      grpcStatus: protocol === "grpc" ? "0" : "",
      flags: "",
      mutualTls: "unknown",
      isL4: false,
      rps: 0,
      sentBytesPerSecond: 0,
      receivedBytesPerSecond: 0,
      ...rates,
    };
  }
}

function intern<T>(known: Map<string, T>, key: string, value: T): T {
  const found = known.get(key) ?? value;
  known.set(key, found);
  return found;
}

export function readingOf(
  calls: readonly Call[],
  query: Partial<TopologyReading["query"]> = {},
  more: Partial<TopologyReading> = {},
): TopologyReading {
  return {
    query: {
      view: "versionedApp",
      windowSeconds: 60,
      atMillis: now,
      isAligned: false,
      namespaces: undefined,
      ambient: "total",
      withIdleEdges: false,
      withLatency: false,
      ...query,
    },
    atMillis: now,
    windowSeconds: 60,
    calls,
    latency: [],
    stores: [
      {
        ...{ cluster: "eu", label: "Prometheus", state: "ready", measuredAt: now, isDerived: false },
        ...{ dialects: ["v2"], scrapeIntervalSeconds: 15 },
      },
    ],
    problems: [],
    empty: undefined,
    provenance: [],
    costs: [],
    ...more,
  };
}

export function graph(calls: readonly Call[], view: GraphView = "versionedApp", facts?: MeshFacts): TopologyGraph {
  return graphOf(readingOf(calls, { view }), facts, { withIdleNodes: false, format });
}

/** One line for each node and edge: what is where, and how much. */
export function drawn({ nodes, edges }: TopologyGraph): readonly string[] {
  return edges.map((edge) => {
    const [source, target] = [nodes[edge.source], nodes[edge.target]];
    const rates = Number.isNaN(edge.rps)
      ? `${edge.sentBytesPerSecond}/${edge.receivedBytesPerSecond} B`
      : `${round(edge.rps)}`;
    return `${source?.id ?? "?"} ${edge.isFirst ? "=>" : "->"} ${target?.id ?? "?"} ${edge.protocol} ${rates}`;
  });
}

function round(number: number): number {
  return Math.round(number * 1e6) / 1e6;
}

export function nodeNamed(graph: TopologyGraph, id: string): GraphNode {
  const node = graph.nodes.find((candidate) => candidate.id === id);
  if (!node) throw new Error(`no node ${id} among ${graph.nodes.map((known) => known.id).join(", ")}`);
  return node;
}

export function edgeNamed(graph: TopologyGraph, id: string): GraphEdge {
  const edge = graph.edges.find((candidate) => candidate.id === id);
  if (!edge) throw new Error(`no edge ${id} among ${graph.edges.map((known) => known.id).join(", ")}`);
  return edge;
}
