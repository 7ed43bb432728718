import { badges, nodeKinds, type GraphNodeKind } from "../../../../../src/mesh/topology/graph/graph.ts";
import type { Placement } from "../../../../../src/mesh/topology/layout/layout.ts";
import { flag, none, states, type GraphSnapshot } from "../../../../../src/protocol/topology/graphSnapshot.ts";
import type { SceneOptions } from "../../../../../webview/topology/scene/scene.ts";

// Small snapshots, written down as a person would draw them.

export interface SketchNode {
  readonly name: string;
  readonly kind?: GraphNodeKind;
  /** Name of a box; undefined: outside of all. */
  readonly box?: string;
  readonly flags?: number;
  readonly badges?: readonly (typeof badges)[number][];
}

export interface SketchEdge {
  readonly from: string;
  readonly to: string;
  readonly protocol?: string;
  readonly rate?: number;
  readonly back?: number;
  readonly errors?: number;
  readonly label?: number;
  readonly state?: (typeof states)[number];
  readonly flags?: number;
  /** A service's split over its workloads; else a caller's edge. */
  readonly isSplit?: boolean;
}

export interface Sketch {
  /** Name, kind and parent's name, parents first. */
  readonly boxes?: readonly (readonly [name: string, kind: 0 | 1 | 2, parent?: string])[];
  readonly nodes: readonly SketchNode[];
  readonly edges?: readonly SketchEdge[];
}

export function snapshotOfSketch({ boxes = [], nodes, edges = [] }: Sketch): GraphSnapshot {
  const strings = ["", ...boxes.map(([name]) => name), ...nodes.map(({ name }) => name)];
  const protocols = [...new Set(edges.map(({ protocol = "http" }) => protocol))];
  const boxIndex = (name: string | undefined) => (name === undefined ? none : boxes.findIndex(([own]) => own === name));
  const nodeIndex = (name: string) => nodes.findIndex((node) => node.name === name);
  const numbers = () => new Float32Array(nodes.length).fill(NaN);
  return {
    ...{
      view: "versionedApp",
      serial: 1,
      strings,
      protocols,
      atMillis: 0,
      windowSeconds: 60,
      problems: [],
      stores: [],
    },
    ...{ empty: null, findError: null, spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 } },
    nodes: {
      count: nodes.length,
      kind: Uint8Array.from(nodes, ({ kind = "workload" }) => nodeKinds.indexOf(kind)),
      name: Uint32Array.from(nodes, (_, i) => 1 + boxes.length + i),
      version: new Uint32Array(nodes.length),
      box: Uint32Array.from(nodes, ({ box }) => boxIndex(box)),
      state: new Uint8Array(nodes.length),
      badges: Uint16Array.from(nodes, (node) => (node.badges ?? []).reduce((s, b) => s | (1 << badges.indexOf(b)), 0)),
      flags: Uint16Array.from(nodes, ({ flags = 0 }) => flags),
      ready: new Uint16Array(nodes.length).fill(0xffff),
      desired: new Uint16Array(nodes.length).fill(0xffff),
      ...{ rpsIn: numbers(), rpsOut: numbers(), errorRate: numbers(), bytesIn: numbers(), bytesOut: numbers() },
    },
    boxes: {
      count: boxes.length,
      kind: Uint8Array.from(boxes, ([, kind]) => kind),
      name: Uint32Array.from(boxes, (_, i) => 1 + i),
      title: Uint32Array.from(boxes, (_, i) => 1 + i),
      parent: Uint32Array.from(boxes, ([, , parent]) => boxIndex(parent)),
      state: new Uint8Array(boxes.length),
    },
    edges: {
      count: edges.length,
      source: Uint32Array.from(edges, ({ from }) => nodeIndex(from)),
      target: Uint32Array.from(edges, ({ to }) => nodeIndex(to)),
      protocol: Uint8Array.from(edges, ({ protocol = "http" }) => protocols.indexOf(protocol)),
      state: Uint8Array.from(edges, ({ state = "healthy" }) => states.indexOf(state)),
      flags: Uint16Array.from(edges, ({ flags = 0, isSplit = false }) => flags | (isSplit ? 0 : flag.first)),
      rate: Float32Array.from(edges, ({ rate = 1 }) => rate),
      back: Float32Array.from(edges, ({ back = NaN }) => back),
      errorRate: Float32Array.from(edges, ({ errors = NaN }) => errors),
      label: Float32Array.from(edges, ({ label = NaN }) => label),
    },
  };
}

/** Nobody looks at where things are: all in one place. */
export function placementOf({ nodes, boxes }: GraphSnapshot): Placement {
  return {
    nodeX: new Float32Array(nodes.count),
    nodeY: new Float32Array(nodes.count),
    boxes: new Float32Array(boxes.count * 4),
  };
}

export const everything: SceneOptions = {
  show: {
    clusterBoxes: true,
    namespaceBoxes: true,
    appBoxes: true,
    services: true,
    idleNodes: true,
    idleEdges: true,
    animation: false,
  },
  hiddenProtocols: [],
  hiddenBoxes: [],
  focus: null,
  collapsed: new Set(),
};
