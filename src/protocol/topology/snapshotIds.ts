import { boxId, edgeId, nodeId } from "../../mesh/topology/graph/graphIds.ts";
import { nodeKinds } from "../../mesh/topology/graph/graph.ts";
import { flag, none, type GraphSnapshot } from "./graphSnapshot.ts";

// Ids are not sent: both sides make them of the same names.

/** Names of the boxes around something: "" where there is no such box. */
export interface Surroundings {
  readonly cluster: string;
  readonly namespace: string;
  readonly app: string;
}

/** The names of a box and of those around it. */
export function surroundingsOf(snapshot: GraphSnapshot, box: number): Surroundings {
  return around(snapshot, box, snapshot.boxes.name);
}

/** The same as people call them. */
export function titlesAround(snapshot: GraphSnapshot, box: number): Surroundings {
  return around(snapshot, box, snapshot.boxes.title);
}

function around({ boxes, strings }: GraphSnapshot, box: number, texts: Uint32Array): Surroundings {
  const names: [string, string, string] = ["", "", ""];
  for (let at = box; at !== none && at < boxes.count; at = boxes.parent[at] ?? none) {
    names[boxes.kind[at] ?? 0] = strings[texts[at] ?? 0] ?? "";
  }
  return { cluster: names[0], namespace: names[1], app: names[2] };
}

export function boxIdAt(snapshot: GraphSnapshot, box: number): string {
  const { cluster, namespace, app } = surroundingsOf(snapshot, box);
  const kind = snapshot.boxes.kind[box] ?? 0;
  if (kind === 0) return boxId(cluster);
  return kind === 1 ? boxId(cluster, namespace) : boxId(cluster, namespace, app);
}

export function nodeIdAt(snapshot: GraphSnapshot, node: number): string {
  const { cluster, namespace } = surroundingsOf(snapshot, snapshot.nodes.box[node] ?? none);
  const kind = nodeKinds[snapshot.nodes.kind[node] ?? 0] ?? "unknown";
  return nodeId({ kind, cluster, namespace, name: snapshot.strings[snapshot.nodes.name[node] ?? 0] ?? "" });
}

export function edgeIdAt(snapshot: GraphSnapshot, edge: number): string {
  const source = nodeIdAt(snapshot, snapshot.edges.source[edge] ?? 0);
  const target = nodeIdAt(snapshot, snapshot.edges.target[edge] ?? 0);
  return edgeId(source, target, edgeNameAt(snapshot, edge));
}

/** All ids of a picture, by index: for whoever needs many. */
export interface SnapshotIds {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly boxes: readonly string[];
}

export function idsOf(snapshot: GraphSnapshot): SnapshotIds {
  const nodes = Array.from({ length: snapshot.nodes.count }, (_, node) => nodeIdAt(snapshot, node));
  const boxes = Array.from({ length: snapshot.boxes.count }, (_, box) => boxIdAt(snapshot, box));
  const edges = Array.from({ length: snapshot.edges.count }, (_, edge) => {
    const source = nodes[snapshot.edges.source[edge] ?? 0] ?? "";
    return edgeId(source, nodes[snapshot.edges.target[edge] ?? 0] ?? "", edgeNameAt(snapshot, edge));
  });
  return { nodes, edges, boxes };
}

function edgeNameAt(snapshot: GraphSnapshot, edge: number): Parameters<typeof edgeId>[2] {
  const protocol = snapshot.protocols[snapshot.edges.protocol[edge] ?? 0] ?? "";
  const isFirst = ((snapshot.edges.flags[edge] ?? 0) & flag.first) !== 0;
  return { protocol, isFirst, view: snapshot.view };
}
