import { edgeId } from "../../../src/mesh/topology/graph/graphIds.ts";
import { flag, none } from "../../../src/protocol/topology/graphSnapshot.ts";
import { boxIdAt, edgeIdAt, idsOf, nodeIdAt, type SnapshotIds } from "../../../src/protocol/topology/snapshotIds.ts";
import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import type { Scene } from "../scene/scene.ts";
import type { Aim } from "./emphasis.ts";
import type { Hit } from "./hitTest.ts";

/** The id of an edge as it is drawn: the snapshot's, or of what stands for its ends where it is a sum. */
export function sceneEdgeId({ snapshot, edges }: Scene, edge: number): string {
  const single = edges.single[edge] ?? -1;
  if (single >= 0) return edgeIdAt(snapshot, single);
  const idOf = (end: number) => (end >= 0 ? nodeIdAt(snapshot, end) : boxIdAt(snapshot, ~end));
  const protocol = snapshot.protocols[edges.protocol[edge] ?? 0] ?? "";
  const isFirst = ((edges.flags[edge] ?? 0) & flag.first) !== 0;
  const [source, target] = [edges.source[edge] ?? 0, edges.target[edge] ?? 0];
  return edgeId(idOf(source), idOf(target), { protocol, isFirst, view: snapshot.view });
}

/** Turns what was hit into ids, and ids into what is drawn; made once per scene. */
export class SceneTargets {
  readonly #scene: Scene;
  #nodes: Map<string, number> | undefined;
  #boxes: Map<string, number> | undefined;
  #edges: Map<string, number> | undefined;
  #ids: SnapshotIds | undefined;

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** For another scene of the same snapshot: nodes and boxes keep their indexes. */
  forScene(scene: Scene): SceneTargets {
    const next = new SceneTargets(scene);
    next.#nodes = this.#nodes;
    next.#boxes = this.#boxes;
    next.#ids = this.#ids;
    return next;
  }

  targetOf(hit: Hit): Target {
    switch (hit.what) {
      case "node":
        return { what: "node", id: nodeIdAt(this.#scene.snapshot, hit.node) };
      case "box":
        return { what: "box", id: boxIdAt(this.#scene.snapshot, hit.box) };
      case "edge":
        return { what: "edge", id: sceneEdgeId(this.#scene, hit.edge) };
    }
  }

  /** What of the scene shows this; undefined where nothing does. What is in a collapsed box is shown by its tile. */
  hitOf(target: Target): Hit | undefined {
    const { snapshot, nodeShown, boxShown } = this.#scene;
    if (target.what === "edge") return this.#edgeOf(target.id);
    if (target.what === "box") {
      const box = this.#boxIndex(target.id);
      return box === undefined ? undefined : boxShown[box] !== 0 ? { what: "box", box } : this.#tileAround(box);
    }
    const node = this.#nodeIndex(target.id);
    if (node === undefined) return undefined;
    return nodeShown[node] !== 0 ? { what: "node", node } : this.#tileAround(snapshot.nodes.box[node] ?? none);
  }

  aimOf(hit: Hit): Aim {
    const { snapshot } = this.#scene;
    if (hit.what === "edge") return { what: "edges", edges: [hit.edge] };
    if (hit.what === "node") return { what: "end", ends: [hit.node] };
    const ends = [snapshot.nodes.count + hit.box];
    for (let node = 0; node < snapshot.nodes.count; node++) if (this.#isIn(node, hit.box)) ends.push(node);
    return { what: "end", ends };
  }

  /** Nodes that are drawn, by id. */
  nodeIds(): Map<string, number> {
    if (!this.#nodes) {
      this.#nodes = new Map();
      for (let node = 0; node < this.#scene.snapshot.nodes.count; node++) {
        this.#nodes.set(nodeIdAt(this.#scene.snapshot, node), node);
      }
    }
    return this.#nodes;
  }

  boxIds(): Map<string, number> {
    if (!this.#boxes) {
      this.#boxes = new Map();
      for (let box = 0; box < this.#scene.snapshot.boxes.count; box++) {
        this.#boxes.set(boxIdAt(this.#scene.snapshot, box), box);
      }
    }
    return this.#boxes;
  }

  #nodeIndex(id: string): number | undefined {
    return this.nodeIds().get(id);
  }

  #boxIndex(id: string): number | undefined {
    return this.boxIds().get(id);
  }

  #edgeOf(id: string): Hit | undefined {
    if (!this.#edges) {
      this.#edges = new Map();
      this.#ids ??= idsOf(this.#scene.snapshot);
      const { single, count } = this.#scene.edges;
      for (let edge = 0; edge < count; edge++) {
        const alone = single[edge] ?? -1;
        this.#edges.set(alone >= 0 ? (this.#ids.edges[alone] ?? "") : sceneEdgeId(this.#scene, edge), edge);
      }
    }
    const edge = this.#edges.get(id);
    return edge === undefined ? undefined : { what: "edge", edge };
  }

  #isIn(node: number, box: number): boolean {
    const { nodes, boxes } = this.#scene.snapshot;
    let at = nodes.box[node] ?? none;
    while (at !== none && at !== box) at = boxes.parent[at] ?? none;
    return at === box;
  }

  #tileAround(box: number): Hit | undefined {
    const { boxes } = this.#scene.snapshot;
    for (let at = box; at !== none; at = boxes.parent[at] ?? none) {
      if (this.#scene.boxShown[at] === 2) return { what: "box", box: at };
    }
    return undefined;
  }
}
