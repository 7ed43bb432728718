import type { AmbientTraffic, Call } from "../../telemetry/edges/calls.ts";
import type { EdgeAnswer, EdgeCost, EdgeSeries } from "../../telemetry/edges/edgeAnswer.ts";
import type { ClusterSpeaker } from "../../telemetry/edges/clusterPlaces.ts";
import type { Capabilities } from "../../telemetry/capabilities.ts";
import type { ClusterStatus } from "../../live/liveMesh.ts";
import type { Tolerances } from "../../health/tolerances.ts";
import type { NotesOf } from "../../health/notes.ts";
import type { MeshView, NodeView, ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { TelemetrySource } from "../../ports.ts";
import type { Provenance } from "../../telemetry/summaries.ts";
import type { TrafficConfig } from "../../inventory/trafficConfig.ts";
import type { PlacedLatency } from "./latencyGroupings.ts";
import type { EmptyExplanation, GraphProblem, GraphStore, GraphView } from "../graph/graph.ts";

/** One connected (or failed) context with its metrics store; for a bare store only the source. */
export interface StoreEntry {
  /** undefined where none was found, or while it is looked for. */
  readonly source: TelemetrySource | undefined;
  readonly capabilities: Capabilities | undefined;
  /** The context's cluster; undefined where a store is asked without any cluster. */
  readonly cluster:
    { readonly key: ClusterKey; readonly clusterId: string | undefined; readonly context: string } | undefined;
  /** How the context is; undefined without one. */
  readonly status: ClusterStatus | undefined;
}

/** What is known besides the numbers: of connected clusters only. */
export interface MeshFacts {
  readonly meshes: readonly MeshView[];
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  readonly config: TrafficConfig;
  /** What verdicts are made with, as the trees make theirs: all that may be read. */
  readonly nodes?: readonly NodeView[];
  readonly tolerances?: Tolerances;
  readonly notes?: NotesOf;
}

export interface TopologyInput {
  readonly stores: readonly StoreEntry[];
  /** undefined where no cluster is contacted. */
  readonly facts: MeshFacts | undefined;
}

export interface TopologyQuery {
  readonly view: GraphView;
  readonly windowSeconds: number;
  /** Milliseconds since 1970; undefined reads now. */
  readonly atMillis: number | undefined;
  /** Move the time back to a multiple of the scrape interval, by at most a tenth of the window: pictures stay steady. */
  readonly isAligned: boolean;
  readonly namespaces: readonly string[] | undefined;
  readonly ambient: AmbientTraffic;
  /** Edges that are known and had nothing in the window. */
  readonly withIdleEdges: boolean;
  /** Quantiles cost a store the most: asked only when they are shown. */
  readonly withLatency: boolean;
}

/** Everything read for one picture, counted once. The graph is made of it (`graphOf`). */
export interface TopologyReading {
  readonly query: TopologyQuery;
  /** The time that was evaluated, and the window used: at least two and a half scrapes. */
  readonly atMillis: number;
  readonly windowSeconds: number;
  /** When the stores were asked (milliseconds since 1970); at `atMillis` where nothing is said. */
  readonly readAtMillis?: number;
  readonly calls: readonly Call[];
  /** Of all stores together, one for each grouping that the view needs (`latencyGroupings`). */
  readonly latency: readonly PlacedLatency[];
  readonly stores: readonly GraphStore[];
  readonly problems: readonly GraphProblem[];
  /** Only where there are no calls. */
  readonly empty: EmptyExplanation | undefined;
  readonly provenance: readonly Provenance[];
  readonly costs: readonly EdgeCost[];
  /** Whose reports of each cluster were taken: a selection is counted from the same. */
  readonly speakers?: readonly ClusterSpeaker[];
  /** By the id of each store that did not answer: when what is counted of it was measured (milliseconds since 1970). */
  readonly staleSince?: ReadonlyMap<string, number>;
  /** The last answer of each store by its id: what the next reading falls back on where a store fails. */
  readonly kept?: ReadonlyMap<string, KeptAnswer>;
}

/** What a store said, and to what question. */
export interface KeptAnswer {
  readonly answer: EdgeAnswer;
  readonly atMillis: number;
  readonly windowSeconds: number;
  readonly namespaces: readonly string[] | undefined;
  readonly withIdle: boolean;
}

/** One selection over time, each request counted once. NaN: no data at that time, or not all of it. */
export interface SelectionSeries {
  /** Seconds since 1970: those at which every store answered. */
  readonly times: Float64Array;
  readonly rps: Float64Array;
  readonly errorsPerSecond: Float64Array;
  readonly sentBytesPerSecond: Float64Array;
  readonly receivedBytesPerSecond: Float64Array;
  readonly latency: EdgeSeries["latency"];
  /** Stores and questions that failed, and what is therefore left out. */
  readonly problems: readonly GraphProblem[];
  readonly provenance: readonly Provenance[];
}
