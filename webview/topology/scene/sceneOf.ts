import { nodeKinds } from "../../../src/mesh/topology/graph/graph.ts";
import type { Placement } from "../../../src/mesh/topology/layout/layout.ts";
import { flag, none, type GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { boxIdAt, nodeIdAt } from "../../../src/protocol/topology/snapshotIds.ts";
import { markBoxes, markOfNode, type BoxMarks } from "./boxTree.ts";
import { foldEdges } from "./foldEdges.ts";
import { withinHops } from "./neighbourhood.ts";
import { boxEnd, type Scene, type SceneOptions } from "./scene.ts";

/** Above so many nodes a first picture shows namespaces. */
export const crowd = 150;

/** What is to be seen of a snapshot. Pure; it never moves anything. */
export function sceneOf(snapshot: GraphSnapshot, placement: Placement, options: SceneOptions): Scene {
  const keptNodes = nodesToKeep(snapshot, options);
  const keptEdges = edgesToKeep(snapshot, options, keptNodes);
  narrow(snapshot, options.focus, keptNodes, keptEdges);
  const tiles = markBoxes(snapshot, options.collapsed);
  const nodeShown = shownNodes(snapshot, { options, keptNodes, keptEdges, tiles });
  const { boxShown, boxNodes } = shownBoxes(snapshot, options, { keptNodes, nodeShown, tiles });
  const edges = foldEdges(snapshot.edges, keptEdges, (node) => {
    const tile = markOfNode(tiles, snapshot, node);
    return tile < 0 ? node : boxEnd(tile);
  });
  const visibleNodeCount = nodeShown.reduce((sum, shown) => sum + (shown === 1 ? 1 : 0), 0);
  return { snapshot, placement, nodeShown, boxShown, boxNodes, edges, visibleNodeCount };
}

/** Ids of the boxes that are collapsed until somebody decides: all namespaces where there is a crowd of nodes. */
export function collapsedAtFirst(
  snapshot: GraphSnapshot,
  options: Pick<SceneOptions, "show" | "hiddenBoxes">,
): readonly string[] {
  const kept = nodesToKeep(snapshot, options).reduce((sum, isKept) => sum + isKept, 0);
  if (kept <= crowd) return [];
  const namespaces: string[] = [];
  for (let box = 0; box < snapshot.boxes.count; box++) {
    if (snapshot.boxes.kind[box] === 1) namespaces.push(boxIdAt(snapshot, box));
  }
  return namespaces;
}

function nodesToKeep(snapshot: GraphSnapshot, options: Pick<SceneOptions, "show" | "hiddenBoxes">): Uint8Array {
  const { nodes } = snapshot;
  const off = markBoxes(snapshot, new Set(options.hiddenBoxes));
  const kept = new Uint8Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) {
    const flags = nodes.flags[node] ?? 0;
    const isHidden = (flags & flag.hidden) !== 0 || (!options.show.idleNodes && (flags & flag.idle) !== 0);
    if (!isHidden && markOfNode(off, snapshot, node) < 0) kept[node] = 1;
  }
  return kept;
}

function edgesToKeep({ edges, protocols }: GraphSnapshot, options: SceneOptions, keptNodes: Uint8Array): Uint8Array {
  const isOff = protocols.map((protocol) => options.hiddenProtocols.includes(protocol));
  const kept = new Uint8Array(edges.count);
  for (let edge = 0; edge < edges.count; edge++) {
    const flags = edges.flags[edge] ?? 0;
    if ((flags & flag.hidden) !== 0 || (!options.show.idleEdges && (flags & flag.idle) !== 0)) continue;
    if (isOff[edges.protocol[edge] ?? 0] === true) continue;
    if (keptNodes[edges.source[edge] ?? 0] === 1 && keptNodes[edges.target[edge] ?? 0] === 1) kept[edge] = 1;
  }
  return kept;
}

/** Leaves only what is within reach of the focus; a focus on something that is not there leaves everything. */
function narrow(
  snapshot: GraphSnapshot,
  focus: SceneOptions["focus"],
  keptNodes: Uint8Array,
  keptEdges: Uint8Array,
): void {
  if (!focus) return;
  const starts = nodesOf(snapshot, focus.id).filter((node) => keptNodes[node] === 1);
  if (starts.length === 0) return;
  const reached = withinHops(snapshot, starts, focus.hops, keptEdges);
  for (let node = 0; node < keptNodes.length; node++) keptNodes[node] = (keptNodes[node] ?? 0) & (reached[node] ?? 0);
  for (let edge = 0; edge < keptEdges.length; edge++) {
    const [source, target] = [snapshot.edges.source[edge] ?? 0, snapshot.edges.target[edge] ?? 0];
    if (reached[source] !== 1 || reached[target] !== 1) keptEdges[edge] = 0;
  }
}

/** The node of this id, or the nodes in the box of this id. */
function nodesOf(snapshot: GraphSnapshot, id: string): number[] {
  const inside = markBoxes(snapshot, new Set([id]));
  const found: number[] = [];
  for (let node = 0; node < snapshot.nodes.count; node++) {
    if (markOfNode(inside, snapshot, node) >= 0 || nodeIdAt(snapshot, node) === id) found.push(node);
  }
  return found;
}

interface Kept {
  readonly options: SceneOptions;
  readonly keptNodes: Uint8Array;
  readonly keptEdges: Uint8Array;
  readonly tiles: BoxMarks;
}

function shownNodes(snapshot: GraphSnapshot, { options, keptNodes, keptEdges, tiles }: Kept): Uint8Array {
  const { nodes, edges } = snapshot;
  const shown = new Uint8Array(nodes.count);
  const passes = new Uint8Array(nodes.count);
  for (let edge = 0; edge < edges.count; edge++) {
    if (keptEdges[edge] === 1) passes[edges.source[edge] ?? 0] = passes[edges.target[edge] ?? 0] = 1;
  }
  const service = nodeKinds.indexOf("service");
  for (let node = 0; node < nodes.count; node++) {
    if (keptNodes[node] !== 1 || markOfNode(tiles, snapshot, node) >= 0) continue;
    const isJunction = !options.show.services && nodes.kind[node] === service;
    shown[node] = isJunction ? (passes[node] === 1 ? 2 : 0) : 1;
  }
  return shown;
}

function shownBoxes(
  snapshot: GraphSnapshot,
  { show }: SceneOptions,
  { keptNodes, nodeShown, tiles }: { keptNodes: Uint8Array; nodeShown: Uint8Array; tiles: BoxMarks },
): Pick<Scene, "boxShown" | "boxNodes"> {
  const { nodes, boxes } = snapshot;
  const boxShown = new Uint8Array(boxes.count);
  const boxNodes = new Uint32Array(boxes.count);
  const isFramed = [show.clusterBoxes, show.namespaceBoxes, show.appBoxes];
  const service = nodeKinds.indexOf("service");
  for (let node = 0; node < nodes.count; node++) {
    if (keptNodes[node] !== 1) continue;
    const tile = markOfNode(tiles, snapshot, node);
    if (tile >= 0) {
      boxShown[tile] = 2;
      const isCounted = show.services || nodes.kind[node] !== service;
      if (isCounted) boxNodes[tile] = (boxNodes[tile] ?? 0) + 1;
    } else if (nodeShown[node] !== 1) continue;
    const start = tile >= 0 ? (boxes.parent[tile] ?? none) : (nodes.box[node] ?? none);
    for (let box = start; box !== none && boxShown[box] !== 1; box = boxes.parent[box] ?? none) {
      if (isFramed[boxes.kind[box] ?? 0] === true) boxShown[box] = 1;
    }
  }
  return { boxShown, boxNodes };
}
