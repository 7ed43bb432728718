import type { NodeState } from "../../explorer/node.ts";
import type { Replicas } from "../../inventory/views.ts";
import type { Message } from "../../message.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Call, ClusterPlace } from "../../telemetry/edges/calls.ts";

// The graph as a value: what the page draws, the table twin lists and `foreyard graph` prints.

export const graphViews = ["versionedApp", "app", "workload", "service", "namespace"] as const;
export type GraphView = (typeof graphViews)[number];

/** The order is part of the wire format. */
export const nodeKinds = [
  "workload",
  "app",
  "service",
  "serviceEntry",
  "external",
  "gateway",
  "waypoint",
  "unknown",
  "namespace",
] as const;
export type GraphNodeKind = (typeof nodeKinds)[number];

/** What configuration and state do at a node. The order is part of the wire format (bits). */
export const badges = [
  "trafficShifting",
  "routing",
  "fault",
  "mirroring",
  "timeout",
  "circuitBreaker",
  "missingSidecar",
  "mtls",
  "idle",
  "dead",
  "ambient",
  "outside",
] as const;
export type Badge = (typeof badges)[number];

export interface GraphNode {
  /** Readable and stable: "workload/eu/shop/reviews-v2". See `nodeId`. */
  readonly id: string;
  readonly kind: GraphNodeKind;
  readonly place: ClusterPlace;
  /** "" where it is in none (unknown callers, Passthrough). */
  readonly namespace: string;
  readonly name: string;
  readonly app: string | undefined;
  readonly version: string | undefined;
  readonly replicas: Replicas | undefined;
  readonly state: NodeState;
  readonly reasons: readonly Message[];
  readonly badges: readonly Badge[];
  readonly labels: Readonly<Record<string, string>>;
  /** The objects behind it, the telling one first; empty where no inventory knows it. */
  readonly refs: readonly ObjectRef[];
  /** Index into `boxes`; undefined for nodes outside of all. */
  readonly box: number | undefined;
  /** Requests per second in and out, each counted once; NaN where no requests are known of. */
  readonly rpsIn: number;
  readonly rpsOut: number;
  /** Of rpsIn, 0 to 1; NaN without requests. */
  readonly errorRate: number;
  /** TCP, from the node's own side; NaN where no bytes are known of. */
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
}

export interface GraphBox {
  /** "box/eu", "box/eu/shop", "box/eu/shop/reviews". */
  readonly id: string;
  readonly kind: "cluster" | "namespace" | "app";
  readonly name: string;
  readonly place: ClusterPlace;
  /** "" for a cluster's box. */
  readonly namespace: string;
  /** Index into `boxes`; a parent stands before its children. */
  readonly parent: number | undefined;
  /** The worst of what is in it. */
  readonly state: NodeState;
}

export interface GraphEdge {
  /** "<source id>><target id>:<protocol>". Never holds a code, so that errors change no edge's identity. */
  readonly id: string;
  /** Indexes into `nodes`. */
  readonly source: number;
  readonly target: number;
  readonly protocol: string;
  /** NaN for TCP, as are errors per second. */
  readonly rps: number;
  readonly errorsPerSecond: number;
  /** Of requests: 5xx, no response, gRPC status other than 0. Of TCP: the share of bytes with a response flag. 0 to 1. */
  readonly errorRate: number;
  /** Of the source's rps (bytes for TCP) in this protocol, 0 to 1. */
  readonly share: number;
  /** Seconds, of exactly these requests; NaN where they are not known or no histogram of the exact scope exists. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** From the source's side; NaN for requests. */
  readonly sentBytesPerSecond: number;
  readonly receivedBytesPerSecond: number;
  /** Share of mutual TLS among what is known, 0 to 1; NaN where nothing is known. */
  readonly mtls: number;
  /** Judged with hysteresis, so that it does not flicker; TCP by its response flags. */
  readonly state: NodeState;
  /** The mesh wants mutual TLS here and some of the traffic has none. */
  readonly lacksMtls: boolean;
  /** Requests per second by code ("-" for none) and by Envoy flag; TCP: bytes per second by flag. */
  readonly responseCodes: Readonly<Record<string, number>>;
  readonly flags: Readonly<Record<string, number>>;
  /** Calls of which it is the sum: for details, and to ask for exactly these. */
  readonly calls: readonly Call[];
  /** True for a caller's edge (the one that counts the request); false for a service's split over its workloads. */
  readonly isFirst: boolean;
}

/** Something that failed or is missing while the rest is drawn: one line of the banner. */
export interface GraphProblem {
  /** Stable, so that a line that stays does not jump. */
  readonly id: string;
  readonly words: Message;
  readonly hint?: Message;
  /** What was asked, to copy. */
  readonly query?: string;
  /** Asking again may help. */
  readonly canRetry: boolean;
  readonly severity: "info" | "warning" | "error";
}

export const emptyCauses = [
  "noPrometheus",
  "noSeries",
  "wrongLabels",
  "noTraffic",
  "shortWindow",
  "filtered",
  "noAnswer",
] as const;
export type EmptyCause = (typeof emptyCauses)[number];

/** Why there is nothing to draw, and the way out. */
export interface EmptyExplanation {
  readonly cause: EmptyCause;
  readonly words: Message;
  readonly query: string | undefined;
  /** The command or change that helps: a surface turns it into a button. */
  readonly wayOut: "setPrometheus" | "runDoctor" | "widenWindow" | "allNamespaces" | "showIdle" | "retry";
  /** For widenWindow: seconds that are enough. */
  readonly windowSeconds?: number;
}

/** Where a cluster's numbers come from. */
export interface GraphStore {
  readonly cluster: string;
  readonly label: string | undefined;
  readonly state: "ready" | "none" | "error" | "stale";
  /** When its numbers were measured (milliseconds since 1970). */
  readonly measuredAt: number | undefined;
  /** Cluster labels were missing: this cluster was taken for them. */
  readonly isDerived: boolean;
  readonly dialects: readonly string[];
  readonly scrapeIntervalSeconds: number | undefined;
}

export interface TopologyGraph {
  readonly view: GraphView;
  readonly nodes: readonly GraphNode[];
  readonly boxes: readonly GraphBox[];
  readonly edges: readonly GraphEdge[];
}
