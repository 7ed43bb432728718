import { nodeKinds } from "../../../src/mesh/topology/graph/graph.ts";
import { none } from "../../../src/protocol/topology/graphSnapshot.ts";
import { adjacencyOf, type Adjacency } from "../scene/neighbourhood.ts";
import type { Scene } from "../scene/scene.ts";

/** What of a scene a selection or a pointer is about. */
export type Aim =
  | { readonly what: "end"; readonly ends: readonly number[] }
  | { readonly what: "edges"; readonly edges: readonly number[] };

/** 1 where something belongs to it. Ends are nodes first, then boxes. */
export interface Emphasis {
  readonly ends: Uint8Array;
  readonly edges: Uint8Array;
}

/** Ends of a scene's edges as indexes from 0: nodes, then boxes. */
export function endIndex({ nodeShown }: Scene, end: number): number {
  return end >= 0 ? end : nodeShown.length + ~end;
}

/** Walks along a scene's edges in both directions; made once per scene. */
export interface Paths {
  readonly scene: Scene;
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  readonly out: Adjacency;
  readonly into: Adjacency;
}

export function pathsOf(scene: Scene): Paths {
  const count = scene.nodeShown.length + scene.boxShown.length;
  const source = Uint32Array.from(scene.edges.source, (end) => endIndex(scene, end));
  const target = Uint32Array.from(scene.edges.target, (end) => endIndex(scene, end));
  return { scene, source, target, out: adjacencyOf(count, source), into: adjacencyOf(count, target) };
}

/** Neighbours; beyond a service also what it passes traffic on to or gets it from. */
export function connectedWith(paths: Paths, aim: Aim): Emphasis {
  return follow(paths, aim, (end, depth) => depth === 0 || (depth === 1 && isService(paths.scene, end)));
}

/** All that can be reached downstream, and all that upstream can reach it. */
export function pathsThrough(paths: Paths, aim: Aim): Emphasis {
  return follow(paths, aim, () => true);
}

function isService({ snapshot: { nodes } }: Scene, end: number): boolean {
  return end < nodes.count && nodes.kind[end] === nodeKinds.indexOf("service");
}

function follow(paths: Paths, aim: Aim, goesOn: (end: number, depth: number) => boolean): Emphasis {
  const { scene } = paths;
  const ends = new Uint8Array(scene.nodeShown.length + scene.boxShown.length);
  const edges = new Uint8Array(scene.edges.count);
  const sides = [
    { adjacency: paths.out, far: paths.target },
    { adjacency: paths.into, far: paths.source },
  ];
  sides.forEach(({ adjacency, far }, side) => {
    const seen = new Set<number>();
    let ring: number[] = [];
    if (aim.what === "end") ring = [...aim.ends];
    for (const edge of aim.what === "edges" ? aim.edges : []) {
      edges[edge] = 1;
      const [source, target] = [paths.source[edge] ?? 0, paths.target[edge] ?? 0];
      ends[source] = ends[target] = 1;
      ring.push(side === 0 ? target : source);
    }
    // An edge has gone one step already.
    for (let depth = aim.what === "edges" ? 1 : 0; ring.length > 0; depth++) {
      const next: number[] = [];
      for (const end of ring) {
        if (seen.has(end)) continue;
        seen.add(end);
        ends[end] = 1;
        if (!goesOn(end, depth)) continue;
        for (let i = adjacency.start[end] ?? 0; i < (adjacency.start[end + 1] ?? 0); i++) {
          const edge = adjacency.edges[i] ?? 0;
          edges[edge] = 1;
          next.push(far[edge] ?? 0);
        }
      }
      ring = next;
    }
  });
  markBoxesAround(scene, ends);
  return { ends, edges };
}

/** A frame belongs to it when something in it does. */
function markBoxesAround({ snapshot: { nodes, boxes } }: Scene, ends: Uint8Array): void {
  for (let node = 0; node < nodes.count; node++) {
    if (ends[node] !== 1) continue;
    for (let box = nodes.box[node] ?? none; box !== none; box = boxes.parent[box] ?? none) ends[nodes.count + box] = 1;
  }
  for (let box = boxes.count - 1; box >= 0; box--) {
    const parent = boxes.parent[box] ?? none;
    if (ends[nodes.count + box] === 1 && parent !== none) ends[nodes.count + parent] = 1;
  }
}

interface Emphasised {
  readonly selected: Emphasis | null;
  readonly hovered: Emphasis | null;
  readonly palette: { readonly isHighContrast: boolean };
}

/** How strongly an end is drawn. Frames are never as faint as things, since they hold what is not dimmed. */
export function alphaOf({ selected, hovered, palette }: Emphasised, end: number, isFrame = false): number {
  if (!selected || selected.ends[end] === 1 || hovered?.ends[end] === 1) return 1;
  return isFrame || palette.isHighContrast ? 0.5 : 0.25;
}

/** 0: dimmed; 1: as ever; 2: stronger. */
export function strengthOf({ selected, hovered }: Emphasised, edge: number): 0 | 1 | 2 {
  if (hovered?.edges[edge] === 1) return 2;
  if (selected) return selected.edges[edge] === 1 ? 2 : 0;
  return hovered ? 0 : 1;
}
