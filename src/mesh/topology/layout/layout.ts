// What a layout is made of and what it gives. Plain typed arrays, so that it crosses to a worker without copies.

/** A node's size in pixels at scale 1, by `nodeKinds`; every surface draws with these. */
export const nodeSize = { width: 148, height: 44 } as const;
/** Room inside a box: title above, padding around (pixels at scale 1). */
export const boxRoom = { title: 24, padding: 14 } as const;

export interface LayoutInput {
  readonly nodeCount: number;
  /** Per node: index of its box, or 0xffffffff. */
  readonly nodeBox: Uint32Array;
  /** Per node: the order within an app, services (0) before workloads (1). */
  readonly nodeRank: Uint8Array;
  /** Per box: its parent's index or 0xffffffff; parents come first. */
  readonly boxParent: Uint32Array;
  /** Per box: 0 cluster, 1 namespace, 2 app. */
  readonly boxKind: Uint8Array;
  readonly edgeSource: Uint32Array;
  readonly edgeTarget: Uint32Array;
  /** Stable keys in the order of nodes, then boxes: what ties this picture to the last one. */
  readonly nodeKeys: readonly string[];
  readonly boxKeys: readonly string[];
}

/** Centres of nodes; boxes as x, y, width, height (left, top). Pixels at scale 1; y grows downwards. */
export interface Placement {
  readonly nodeX: Float32Array;
  readonly nodeY: Float32Array;
  readonly boxes: Float32Array;
}

/** The last picture, by key, and what a person dragged where: those stay. */
export interface Memory {
  readonly nodes: ReadonlyMap<string, { readonly x: number; readonly y: number; readonly pinned: boolean }>;
  readonly boxes: ReadonlyMap<
    string,
    { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  >;
}
