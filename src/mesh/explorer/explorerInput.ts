import type { Tolerances } from "../health/tolerances.ts";
import type { MeshView, NodeView, ServiceView, WorkloadView } from "../inventory/views.ts";
import type { NotesOf } from "../health/notes.ts";
import type { ClusterStatus, SortOrder, TreeName, ViewFilter } from "../live/liveMesh.ts";
import type { Summaries } from "../telemetry/summaries.ts";

/**
 * One connected (or failed) context and what its metrics store said last. Give a new object whenever anything in it
 * changed; an object that is the same (===) as before is not looked at again.
 */
export interface ClusterFeed {
  readonly status: ClusterStatus;
  /**
   * The last complete answer. Keep it when a later one fails and set `status.telemetry.state` to "error": the numbers
   * are then shown as old, since `status.telemetry.measuredAt`. undefined: there never was one.
   */
  readonly summaries: Summaries | undefined;
  /** The namespaces that were asked about (as in SummaryQuery); others read "unknown", never idle. */
  readonly namespaces: readonly string[] | undefined;
}

/** What changed since the last update. Everything is optional; what is left out stays as it was. */
export interface ExplorerChange {
  /** By id; undefined says that it is gone. As `takeTouched` names them. */
  readonly services?: ReadonlyMap<string, ServiceView | undefined>;
  readonly workloads?: ReadonlyMap<string, WorkloadView | undefined>;
  /** All that may be read, of all clusters; one that did not change is the same object as before. */
  readonly nodes?: readonly NodeView[];
  /** What health is judged by; `defaultTolerances` where nobody gives any. */
  readonly tolerances?: Tolerances;
  /** Give a new function whenever it may answer otherwise than before: everything is then judged anew. */
  readonly notes?: NotesOf;
  /** All of them, in the order of display. */
  readonly meshes?: readonly MeshView[];
  /** All of them, in the order of display: one for each context that is or should be connected. */
  readonly feeds?: readonly ClusterFeed[];
  readonly filter?: ViewFilter;
  readonly sort?: SortOrder;
  /** Milliseconds since 1970: what ages in rows are counted from. Give it with every metric tick. */
  readonly nowMillis?: number;
}

/**
 * Ids of the nodes to redraw, per tree; an id whose list of children changed stands for its whole branch, and "all" for
 * the whole tree. Only nodes that somebody has asked for are named; a tree without changes is left out.
 */
export type ExplorerTouched = Readonly<Partial<Record<TreeName, readonly string[] | "all">>>;
