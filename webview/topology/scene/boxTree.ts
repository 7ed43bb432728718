import { none, type GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { boxIdAt } from "../../../src/protocol/topology/snapshotIds.ts";

/** Which boxes a set of ids means, and what that means for all that is in them. */
export interface BoxMarks {
  /** Per box: the outermost marked box that it is or is in; -1: none. */
  readonly outermost: Int32Array;
}

/** Ids that no box has are of no effect. */
export function markBoxes(snapshot: GraphSnapshot, ids: ReadonlySet<string>): BoxMarks {
  const { boxes } = snapshot;
  const outermost = new Int32Array(boxes.count).fill(-1);
  if (ids.size === 0) return { outermost };
  for (let box = 0; box < boxes.count; box++) {
    const parent = boxes.parent[box] ?? none;
    const above = parent === none ? -1 : (outermost[parent] ?? -1);
    outermost[box] = above >= 0 ? above : ids.has(boxIdAt(snapshot, box)) ? box : -1;
  }
  return { outermost };
}

/** The mark of a node's box; -1 for a node outside of all boxes. */
export function markOfNode({ outermost }: BoxMarks, snapshot: GraphSnapshot, node: number): number {
  const box = snapshot.nodes.box[node] ?? none;
  return box === none ? -1 : (outermost[box] ?? -1);
}
