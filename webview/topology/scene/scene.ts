import type { Placement } from "../../../src/mesh/topology/layout/layout.ts";
import type { EdgeColumns, GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { PageState } from "../pageState.ts";

/** What of a snapshot is to be seen, and what was put together. Toggling anything moves nothing. */
export type SceneOptions = Pick<PageState, "show" | "hiddenProtocols" | "hiddenBoxes" | "focus"> & {
  readonly collapsed: ReadonlySet<string>;
};

/**
 * One thing at an end of a drawn edge: a node's index, or a collapsed box as `boxEnd(index)` (its complement, always
 * negative).
 */
export type SceneEnd = number;

/** The end of an edge at a collapsed box, and the box of such an end. */
export function boxEnd(index: number): SceneEnd {
  return ~index;
}

/**
 * An edge as it is drawn: one of the snapshot's, or several of one protocol between the same collapsed ends. Rates are
 * then sums, each request once, and ratios those of the sums; labels that cannot be summed (quantiles) are NaN.
 */
export interface SceneEdges extends Omit<EdgeColumns, "source" | "target"> {
  readonly source: Int32Array;
  readonly target: Int32Array;
  /** The snapshot's edge where it is one alone, else -1. */
  readonly single: Int32Array;
}

export interface Scene {
  readonly snapshot: GraphSnapshot;
  readonly placement: Placement;
  /** 1: drawn; 2: a junction only (services that are switched off, where traffic passes on). */
  readonly nodeShown: Uint8Array;
  /** 1: drawn with what is in it; 2: drawn as one tile. */
  readonly boxShown: Uint8Array;
  /** Per collapsed box: how many nodes it stands for. */
  readonly boxNodes: Uint32Array;
  readonly edges: SceneEdges;
  /** Nodes that are drawn one by one: neither junctions nor those in collapsed boxes. */
  readonly visibleNodeCount: number;
}
