import { createFormat } from "../../../src/mesh/format/format.ts";
import type { TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import { place, rememberPlacement } from "../../../src/mesh/topology/layout/place.ts";
import type { Placement } from "../../../src/mesh/topology/layout/layout.ts";
import type { EdgeLabelName, GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { idsOf } from "../../../src/protocol/topology/snapshotIds.ts";
import { snapshotOf } from "../../../src/protocol/topology/snapshotOf.ts";
import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import { createGraphCanvas } from "../../../webview/topology/canvas/createGraphCanvas.ts";
import { layoutInputOf } from "../../../webview/topology/layoutInput.ts";
import type { SceneOptions } from "../../../webview/topology/scene/scene.ts";
import { collapsedAtFirst, sceneOf } from "../../../webview/topology/scene/sceneOf.ts";
import { syntheticGraph } from "../../support/syntheticGraph.ts";
import { pitfalls } from "./pitfalls.ts";

// The page that tests of the canvas open: the canvas alone, on meshes that never were.

export interface ShowOptions {
  /** A synthetic mesh of so many nodes, or the one with every kind of thing and name. */
  readonly nodes: number | "pitfalls";
  readonly added?: number;
  readonly label?: EdgeLabelName;
  /** Ids; "first": what is collapsed in a first picture. */
  readonly collapsed?: readonly string[] | "first";
  readonly options?: Partial<Omit<SceneOptions, "collapsed">>;
  /** Multiplies every rate, as a later reading would. */
  readonly rates?: number;
  readonly animation?: boolean;
}

const host = document.createElement("div");
Object.assign(host.style, { position: "absolute", inset: "0" });
document.body.style.margin = "0";
document.body.style.background = "var(--vscode-editor-background)";
document.body.append(host);

const events: { readonly name: string; readonly value: unknown }[] = [];
const told = (name: string) => (value: unknown) => void events.push({ name, value });
const canvas = createGraphCanvas(host, {
  selected: told("selected"),
  hovered: told("hovered"),
  opened: told("opened"),
  dragged: told("dragged"),
  cameraMoved: () => undefined,
  contextMenu: told("contextMenu"),
});

let serial = 0;
let last: { readonly key: string; readonly snapshot: GraphSnapshot; readonly placement: Placement } | undefined;

function snapshotFor(graph: TopologyGraph, label: EdgeLabelName): GraphSnapshot {
  return snapshotOf(graph, {
    serial: ++serial,
    label,
    atMillis: 0,
    windowSeconds: 60,
    problems: [],
    stores: [],
    empty: null,
    findError: null,
    spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 },
  });
}

const inputOf = (snapshot: GraphSnapshot) => layoutInputOf({ snapshot, ids: idsOf(snapshot) });

function placed(snapshot: GraphSnapshot, key: string): Placement {
  const input = inputOf(snapshot);
  if (last?.key === key) return last.placement;
  const memory = last && rememberPlacement(inputOf(last.snapshot), last.placement);
  return place(input, memory);
}

const everything: Omit<SceneOptions, "collapsed"> = {
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
};

function show(wanted: ShowOptions): { readonly nodes: number; readonly edges: number; readonly script: number } {
  const { nodes, added = 0, label = "rate", collapsed = [], options, rates = 1, animation = false } = wanted;
  const graph = nodes === "pitfalls" ? pitfalls() : syntheticGraph({ nodes, added });
  const snapshot = snapshotFor(graph, label);
  snapshot.edges.rate.forEach((rate, edge) => (snapshot.edges.rate[edge] = rate * rates));
  const key = `${nodes} ${added}`;
  const placement = placed(snapshot, key);
  last = { key, snapshot, placement };
  const started = performance.now();
  const settings = { ...everything, ...options };
  const closed = new Set(collapsed === "first" ? collapsedAtFirst(snapshot, settings) : collapsed);
  const scene = sceneOf(snapshot, placement, { ...settings, collapsed: closed });
  canvas.show(scene, { label, format: createFormat("en"), animation });
  return { nodes: scene.visibleNodeCount, edges: scene.edges.count, script: performance.now() - started };
}

const frames = (count: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)));
    next(count);
  });

/** Where a node's middle is on the screen. */
function screenOf(name: string): { readonly x: number; readonly y: number } | null {
  if (!last) return null;
  const { snapshot, placement } = last;
  const node = snapshot.nodes.name.findIndex((index) => snapshot.strings[index] === name);
  const { x, y, scale } = canvas.camera;
  const left = host.clientWidth / 2 - x * scale;
  const top = host.clientHeight / 2 - y * scale;
  return { x: (placement.nodeX[node] ?? NaN) * scale + left, y: (placement.nodeY[node] ?? NaN) * scale + top };
}

const lab = {
  canvas,
  host,
  events,
  show,
  frames,
  screenOf,
  elements: () => document.body.querySelectorAll("*").length,
  select: (target: Target | null) => canvas.select(target),
};
export type Lab = typeof lab;

Object.assign(window, { lab });
