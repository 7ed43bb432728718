import { badges, nodeKinds, type Badge, type GraphNodeKind } from "../../src/mesh/topology/graph/graph.ts";
import { flag, none, states, type GraphSnapshot } from "../../src/protocol/topology/graphSnapshot.ts";
import type { Target } from "../../src/protocol/topology/topologyContract.ts";
import type { NodeState } from "../../src/mesh/explorer/node.ts";
import type { Scene, SceneEnd } from "./scene/scene.ts";
import { idsOf, type SnapshotIds } from "../../src/protocol/topology/snapshotIds.ts";

export type BoxKind = "cluster" | "namespace" | "app";
const boxKinds: readonly BoxKind[] = ["cluster", "namespace", "app"];

/** Edges of the scene at one end, as indexes into `scene.edges`. */
export interface Meeting {
  readonly inbound: readonly number[];
  readonly outbound: readonly number[];
}

const noMeeting: Meeting = { inbound: [], outbound: [] };

/** One snapshot and what of it is drawn, with everything by its name. Made anew for each picture, never changed. */
export class Picture {
  readonly snapshot: GraphSnapshot;
  readonly scene: Scene | undefined;
  readonly ids: SnapshotIds;
  #isBlank: boolean | undefined;
  #found: readonly Target[] | undefined;
  #meetings: Map<SceneEnd, { inbound: number[]; outbound: number[] }> | undefined;
  #byId: { nodes: Map<string, number>; boxes: Map<string, number>; edges: Map<string, number> } | undefined;

  constructor(snapshot: GraphSnapshot, scene: Scene | undefined, ids: SnapshotIds) {
    this.snapshot = snapshot;
    this.scene = scene;
    this.ids = ids;
  }

  get hasAmbient(): boolean {
    const bit = 1 << badges.indexOf("ambient");
    const { badges: bits, kind } = this.snapshot.nodes;
    return bits.some((value) => (value & bit) !== 0) || kind.includes(nodeKinds.indexOf("waypoint"));
  }

  text(index: number | undefined): string {
    return this.snapshot.strings[index ?? none] ?? "";
  }

  nodeKind(node: number): GraphNodeKind {
    return nodeKinds[this.snapshot.nodes.kind[node] ?? none] ?? "unknown";
  }

  nodeName(node: number): string {
    return this.text(this.snapshot.nodes.name[node]);
  }

  nodeVersion(node: number): string {
    return this.text(this.snapshot.nodes.version[node]);
  }

  nodeState(node: number): NodeState {
    return states[this.snapshot.nodes.state[node] ?? none] ?? "unknown";
  }

  nodeBadges(node: number): readonly Badge[] {
    const bits = this.snapshot.nodes.badges[node] ?? 0;
    return badges.filter((_, bit) => (bits & (1 << bit)) !== 0);
  }

  boxKind(box: number): BoxKind {
    return boxKinds[this.snapshot.boxes.kind[box] ?? none] ?? "app";
  }

  boxName(box: number): string {
    return this.text(this.snapshot.boxes.title[box]);
  }

  boxState(box: number): NodeState {
    return states[this.snapshot.boxes.state[box] ?? none] ?? "unknown";
  }

  boxIdsOf(kind: BoxKind): string[] {
    return this.ids.boxes.filter((_, box) => this.boxKind(box) === kind);
  }

  /** The name of the box of this kind around a node; "" where there is none. */
  around(node: number, kind: BoxKind): string {
    for (let box = this.snapshot.nodes.box[node] ?? none; box !== none; box = this.parentOf(box)) {
      if (this.boxKind(box) === kind) return this.boxName(box);
    }
    return "";
  }

  /** The name of the cluster around a node as expressions know it, which is not what people call it; "" outside of all. */
  clusterName(node: number): string {
    const { boxes, nodes } = this.snapshot;
    for (let box = nodes.box[node] ?? none; box !== none; box = this.parentOf(box)) {
      if (this.boxKind(box) === "cluster") return this.text(boxes.name[box]);
    }
    return "";
  }

  /** Index of the namespace's box around a node, else of whatever box is; `none` outside of all. */
  namespaceOf(node: number): number {
    const own = this.snapshot.nodes.box[node] ?? none;
    return own !== none && this.boxKind(own) === "app" ? this.parentOf(own) : own;
  }

  /** What the find text found, as it can be shown: nodes, else edges; those in a collapsed box as the box. */
  get found(): readonly Target[] {
    this.#found ??= this.#findMarked();
    return this.#found;
  }

  /** Nothing of it is to be seen. */
  get isBlank(): boolean {
    this.#isBlank ??= !this.scene || !(this.scene.nodeShown.includes(1) || this.scene.boxShown.includes(2));
    return this.#isBlank;
  }

  parentOf(box: number): number {
    return this.snapshot.boxes.parent[box] ?? none;
  }

  /** Everything that can be walked to: drawn nodes, and boxes that stand for what is in them. */
  ends(): SceneEnd[] {
    const { scene } = this;
    if (!scene) return [];
    const ends: SceneEnd[] = [];
    scene.nodeShown.forEach((shown, node) => {
      if (shown === 1) ends.push(node);
    });
    scene.boxShown.forEach((shown, box) => {
      if (shown === 2) ends.push(~box);
    });
    return ends;
  }

  meeting(end: SceneEnd): Meeting {
    this.#meetings ??= meetingsOf(this.scene);
    return this.#meetings.get(end) ?? noMeeting;
  }

  endName(end: SceneEnd): string {
    return end < 0 ? this.boxName(~end) : this.nodeName(end);
  }

  targetOf(end: SceneEnd): Target {
    return end < 0 ? { what: "box", id: this.ids.boxes[~end] ?? "" } : { what: "node", id: this.ids.nodes[end] ?? "" };
  }

  /** undefined for an edge that sums up several. */
  edgeTarget(sceneEdge: number): Target | undefined {
    const single = this.scene?.edges.single[sceneEdge] ?? -1;
    const id = this.ids.edges[single];
    return id === undefined ? undefined : { what: "edge", id };
  }

  nodeIndex(id: string): number | undefined {
    return this.#index().nodes.get(id);
  }

  boxIndex(id: string): number | undefined {
    return this.#index().boxes.get(id);
  }

  edgeIndex(id: string): number | undefined {
    return this.#index().edges.get(id);
  }

  /** Where a target stands in the scene: itself, or the collapsed box around it; undefined where it is not drawn. */
  endOf(target: Target): SceneEnd | undefined {
    const { scene } = this;
    if (!scene) return undefined;
    if (target.what === "node") {
      const node = this.nodeIndex(target.id);
      if (node === undefined) return undefined;
      if (scene.nodeShown[node] === 1) return node;
      return this.#collapsedAround(this.snapshot.nodes.box[node] ?? none, scene);
    }
    const box = target.what === "box" ? this.boxIndex(target.id) : undefined;
    return box === undefined ? undefined : this.#collapsedAround(box, scene);
  }

  #findMarked(): readonly Target[] {
    const marked = (ids: readonly string[], flags: Uint16Array) =>
      ids.filter((_, index) => ((flags[index] ?? 0) & flag.found) !== 0);
    const { nodes, edges } = this.snapshot;
    const shown = new Map<string, Target>();
    for (const id of marked(this.ids.nodes, nodes.flags)) {
      const end = this.endOf({ what: "node", id });
      if (end !== undefined) shown.set(this.targetOf(end).id, this.targetOf(end));
    }
    if (shown.size > 0) return [...shown.values()];
    return marked(this.ids.edges, edges.flags).map((id) => ({ what: "edge", id }));
  }

  #collapsedAround(from: number, scene: Scene): SceneEnd | undefined {
    for (let box = from; box !== none; box = this.parentOf(box)) if (scene.boxShown[box] === 2) return ~box;
    return undefined;
  }

  #index() {
    const indexed = (ids: readonly string[]) => new Map(ids.map((id, index) => [id, index]));
    const { nodes, boxes, edges } = this.ids;
    this.#byId ??= { nodes: indexed(nodes), boxes: indexed(boxes), edges: indexed(edges) };
    return this.#byId;
  }
}

/** Of the last picture the ids are taken over where only the scene is new. */
export function pictureOf(snapshot: GraphSnapshot, scene?: Scene, last?: Picture): Picture {
  return new Picture(snapshot, scene, last?.snapshot === snapshot ? last.ids : idsOf(snapshot));
}

function meetingsOf(scene: Scene | undefined): Map<SceneEnd, { inbound: number[]; outbound: number[] }> {
  const meetings = new Map<SceneEnd, { inbound: number[]; outbound: number[] }>();
  const at = (end: SceneEnd) => {
    let meeting = meetings.get(end);
    if (!meeting) meetings.set(end, (meeting = { inbound: [], outbound: [] }));
    return meeting;
  };
  for (let edge = 0; edge < (scene?.edges.count ?? 0); edge++) {
    const source = scene?.edges.source[edge];
    const target = scene?.edges.target[edge];
    if (source !== undefined) at(source).outbound.push(edge);
    if (target !== undefined) at(target).inbound.push(edge);
  }
  return meetings;
}
