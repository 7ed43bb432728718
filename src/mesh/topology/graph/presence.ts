import type { TopologyGraph } from "./graph.ts";

/** Seen in the last reading; missing in it (one interval); missing for longer, on the way out. */
export const presences = ["seen", "dim", "ghost"] as const;
export type Presence = (typeof presences)[number];

/**
 * A graph with what was there a moment ago. Nodes, boxes and edges keep the order in which they first appeared, so that
 * nothing jumps. Ghosts have no numbers any more; what is dim has its last ones.
 */
export interface TrackedGraph extends TopologyGraph {
  /** By node and by edge. */
  readonly nodePresence: readonly Presence[];
  readonly edgePresence: readonly Presence[];
}
