import type { EmptyExplanation, GraphView } from "../../mesh/topology/graph/graph.ts";

// The picture on the wire: complete, never a difference. Columns of one length; indexes are checked on arrival.

export const none = 0xffffffff;

/** Bits of `nodes.flags` and `edges.flags`. */
export const flag = {
  /** Not seen in the last reading: dimmed for one interval, then a ghost, then gone. Or its store gave no answer. */
  dim: 1,
  ghost: 2,
  /** Matches the find expression; matches the hide expression. */
  found: 4,
  hidden: 8,
  idle: 16,
  /** A cluster label was missing: the place is derived. */
  derived: 32,
  /** Edges: mutual TLS is wanted and lacking. */
  lacksMtls: 64,
  /** Edges: the caller's edge, which counts its requests; else a service's split. */
  first: 128,
  /** With `dim`: a store told it that does not answer now. It is not gone, so it stays part of sums. */
  old: 256,
} as const;

/** The order is part of the wire format. */
export const states = ["healthy", "degraded", "failing", "idle", "unknown"] as const;

export interface NodeColumns {
  readonly count: number;
  /** Index into `nodeKinds`. */
  readonly kind: Uint8Array;
  /** Indexes into `strings`. */
  readonly name: Uint32Array;
  readonly version: Uint32Array;
  /** Index into the boxes, or `none`. */
  readonly box: Uint32Array;
  /** Index into `states`. */
  readonly state: Uint8Array;
  /** Bits by the order of `badges`. */
  readonly badges: Uint16Array;
  readonly flags: Uint16Array;
  /** Ready and desired; both 0xffff where unknown. */
  readonly ready: Uint16Array;
  readonly desired: Uint16Array;
  /** As in GraphNode; NaN: no data. */
  readonly rpsIn: Float32Array;
  readonly rpsOut: Float32Array;
  readonly errorRate: Float32Array;
  readonly bytesIn: Float32Array;
  readonly bytesOut: Float32Array;
}

export interface BoxColumns {
  readonly count: number;
  /** 0 cluster, 1 namespace, 2 app. */
  readonly kind: Uint8Array;
  readonly name: Uint32Array;
  /** What people call it: of a connected cluster its context, else its name. Ids are made of names. */
  readonly title: Uint32Array;
  /** Index into the boxes, or `none`; parents come first. */
  readonly parent: Uint32Array;
  readonly state: Uint8Array;
}

export interface EdgeColumns {
  readonly count: number;
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  /** Index into `protocols`. */
  readonly protocol: Uint8Array;
  readonly state: Uint8Array;
  readonly flags: Uint16Array;
  /** Requests per second, or bytes per second sent (TCP); NaN: no data. */
  readonly rate: Float32Array;
  /** TCP: bytes per second received; NaN for requests. */
  readonly back: Float32Array;
  readonly errorRate: Float32Array;
  /** The value of the chosen label where it is none of the above; NaN: no data. */
  readonly label: Float32Array;
}

/** What is written on edges. "rate" is requests or bytes per second. */
export const edgeLabelNames = ["rate", "share", "errors", "p50", "p95", "p99", "mtls", "protocol"] as const;
export type EdgeLabelName = (typeof edgeLabelNames)[number];

/** A banner line, already in the user's language. */
export interface ProblemLine {
  readonly id: string;
  readonly words: string;
  readonly hint?: string;
  readonly query?: string;
  readonly canRetry: boolean;
  readonly severity: "info" | "warning" | "error";
}

export interface StoreLine {
  readonly cluster: string;
  readonly label: string | null;
  readonly state: "ready" | "none" | "error" | "stale";
  readonly measuredAt: number | null;
  readonly isDerived: boolean;
  readonly dialects: readonly string[];
  readonly scrapeIntervalSeconds: number | null;
}

export interface EmptyLine extends Omit<EmptyExplanation, "words" | "query"> {
  readonly words: string;
  readonly query: string | null;
}

export interface GraphSnapshot {
  readonly view: GraphView;
  /** Grows with each picture of one page; an id of a node or edge means the same in all of them. */
  readonly serial: number;
  readonly strings: readonly string[];
  /** E.g. ["http", "grpc", "tcp"]. */
  readonly protocols: readonly string[];
  readonly nodes: NodeColumns;
  readonly boxes: BoxColumns;
  readonly edges: EdgeColumns;
  readonly atMillis: number;
  readonly windowSeconds: number;
  readonly problems: readonly ProblemLine[];
  readonly stores: readonly StoreLine[];
  readonly empty: EmptyLine | null;
  /** Why the find or hide text could not be read, and where (0-based). */
  readonly findError: { readonly which: "find" | "hide"; readonly words: string; readonly at: number } | null;
  /** Milliseconds: the stores' answer, decoding, graph; for people who wonder. */
  readonly spent: {
    readonly wait: number;
    readonly decode: number;
    readonly graph: number;
    readonly queries: number;
    readonly bytes: number;
  };
}
