import { createFormat } from "../../../src/mesh/format/format.ts";
import type { TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import { place, rememberPlacement } from "../../../src/mesh/topology/layout/place.ts";
import { nodeSize, type Placement } from "../../../src/mesh/topology/layout/layout.ts";
import type { EdgeLabelName, GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { idsOf } from "../../../src/protocol/topology/snapshotIds.ts";
import { snapshotOf } from "../../../src/protocol/topology/snapshotOf.ts";
import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import type { Camera } from "../../../webview/topology/canvas/graphCanvas.ts";
import { createGraphCanvas } from "../../../webview/topology/canvas/createGraphCanvas.ts";
import { pointOn } from "../../../webview/topology/canvas/edgeCurves.ts";
import { positionsOf } from "../../../webview/topology/canvas/motion.ts";
import { stageOf } from "../../../webview/topology/canvas/stage.ts";
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
  /** Every node so many pixels further right, as after a layout that moved them all. */
  readonly shift?: number;
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

function graphOf(nodes: ShowOptions["nodes"], added: number): TopologyGraph {
  if (nodes === "pitfalls") return pitfalls();
  return nodes === 0 ? { view: "versionedApp", nodes: [], boxes: [], edges: [] } : syntheticGraph({ nodes, added });
}

interface Prepared {
  readonly snapshot: GraphSnapshot;
  readonly placement: Placement;
}

/** Synthetic graphs are made once: making one takes longer than drawing it. */
const graphs = new Map<string, TopologyGraph>();

function prepare({ nodes, added = 0, label = "rate", rates = 1, shift = 0 }: ShowOptions): Prepared {
  const graph = graphs.get(`${nodes} ${added}`) ?? graphOf(nodes, added);
  graphs.set(`${nodes} ${added}`, graph);
  const snapshot = snapshotFor(graph, label);
  snapshot.edges.rate.forEach((rate, edge) => (snapshot.edges.rate[edge] = rate * rates));
  const key = `${nodes} ${added}`;
  const found = placed(snapshot, key);
  const placement = shift === 0 ? found : { ...found, nodeX: found.nodeX.map((x) => x + shift) };
  last = { key, snapshot, placement };
  return { snapshot, placement };
}

function present({ snapshot, placement }: Prepared, wanted: ShowOptions) {
  const { label = "rate", collapsed = [], options, animation = false } = wanted;
  const started = performance.now();
  const settings = { ...everything, ...options };
  const closed = new Set(collapsed === "first" ? collapsedAtFirst(snapshot, settings) : collapsed);
  const scene = sceneOf(snapshot, placement, { ...settings, collapsed: closed });
  canvas.show(scene, { label, format: createFormat("en"), animation });
  return { nodes: scene.visibleNodeCount, edges: scene.edges.count, script: performance.now() - started };
}

function show(wanted: ShowOptions): ReturnType<typeof present> {
  return present(prepare(wanted), wanted);
}

const frames = (count: number) =>
  new Promise<void>((resolve) => {
    const next = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)));
    next(count);
  });

/** Until glides and movements have ended and what they left was drawn. */
async function settled(): Promise<void> {
  let [before, same] = [-1, 0];
  while (same < 12) {
    await frames(1);
    const now = canvas.counts.repaints + canvas.counts.moved;
    same = now === before ? same + 1 : 0;
    before = now;
  }
}

type Point = { readonly x: number; readonly y: number };

function indexOf(name: string): number {
  return last?.snapshot.nodes.name.findIndex((index) => last?.snapshot.strings[index] === name) ?? -1;
}

/** Where a node's middle is in the scene. */
function sceneOfNode(name: string): Point {
  const node = indexOf(name);
  return { x: last?.placement.nodeX[node] ?? NaN, y: last?.placement.nodeY[node] ?? NaN };
}

function toScreen({ x, y }: Point): Point {
  const { camera } = canvas;
  return {
    x: (x - camera.x) * camera.scale + host.clientWidth / 2,
    y: (y - camera.y) * camera.scale + host.clientHeight / 2,
  };
}

/** The middles on the screen of all edges from one node to another, as they are drawn with everything on. */
function edgeMiddles(from: string, to: string): Point[] {
  if (!last) return [];
  const { snapshot, placement } = last;
  const scene = sceneOf(snapshot, placement, { ...everything, collapsed: new Set() });
  const stage = stageOf(scene, positionsOf(placement));
  const found: Point[] = [];
  for (let edge = 0; edge < scene.edges.count; edge++) {
    if (scene.edges.source[edge] !== indexOf(from) || scene.edges.target[edge] !== indexOf(to)) continue;
    const [x, y] = pointOn(stage.layer.curves, edge, 0.5);
    found.push(toScreen({ x, y }));
  }
  return found;
}

type Drawing = "fill" | "stroke" | "fillText";

/** Runs a repaint with some of the context's methods replaced. */
async function watched(method: Drawing, see: (context: CanvasRenderingContext2D, args: readonly unknown[]) => void) {
  const { prototype } = CanvasRenderingContext2D;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its context below
  const original = prototype[method] as (...args: unknown[]) => void;
  Object.assign(prototype, {
    [method](this: CanvasRenderingContext2D, ...args: unknown[]) {
      see(this, args);
      original.apply(this, args);
    },
  });
  canvas.select(null);
  await frames(2);
  Object.assign(prototype, { [method]: original });
}

/** How often a repaint strokes or fills a path. */
async function countedRepaint() {
  let strokes = 0;
  await watched("stroke", () => strokes++);
  await watched("fill", () => strokes++);
  const { last: paint } = canvas.counts;
  if (!paint) throw new Error("Nothing was painted.");
  return { strokes, last: paint };
}

interface Plate {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Words of edges, by their font, and what they lie over. */
async function labelOverlaps(): Promise<{ readonly labels: number; readonly overlaps: readonly string[] }> {
  const plates: Plate[] = [];
  await watched("fillText", (context, [text, x, y]) => {
    if (!context.font.startsWith("11px")) return;
    const { width } = context.measureText(String(text));
    plates.push({ text: String(text), x: Number(x), y: Number(y) - 7, width, height: 14 });
  });
  const { scale } = canvas.camera;
  const nodes = [...(last?.snapshot.nodes.name ?? [])].map((name, node): Plate => {
    const { x, y } = toScreen({ x: last?.placement.nodeX[node] ?? 0, y: last?.placement.nodeY[node] ?? 0 });
    const [width, height] = [nodeSize.width * scale, nodeSize.height * scale];
    return { text: last?.snapshot.strings[name] ?? "", x: x - width / 2, y: y - height / 2, width, height };
  });
  const overlaps: string[] = [];
  plates.forEach((plate, index) => {
    for (const other of [...plates.slice(index + 1), ...nodes]) {
      const isApart =
        plate.x >= other.x + other.width ||
        other.x >= plate.x + plate.width ||
        plate.y >= other.y + other.height ||
        other.y >= plate.y + plate.height;
      if (!isApart) overlaps.push(`${plate.text} over ${other.text}`);
    }
  });
  return { labels: plates.length, overlaps };
}

/** How far the pixels of a node's words are from its ground: 0 where there are none. */
function inkAt(name: string): number {
  const { x, y } = toScreen(sceneOfNode(name));
  const context = host.querySelector("canvas")?.getContext("2d");
  if (!context) return NaN;
  const { data } = context.getImageData(Math.round(x) - 50, Math.round(y) - 10, 100, 20);
  // Alpha counts, since dimmed things let the page's background through.
  const levels = Array.from({ length: data.length / 4 }, (_, i) => ((data[i * 4] ?? 0) * (data[i * 4 + 3] ?? 0)) / 255);
  return Math.max(...levels);
}

/** The pixels that are on the screen, as one number. */
function pixels(): number {
  const shown = host.querySelector("canvas");
  const data = shown?.getContext("2d")?.getImageData(0, 0, shown.width, shown.height).data ?? [];
  let sum = 0;
  for (const value of data) sum = (Math.imul(sum, 31) + value) | 0;
  return sum;
}

/** Pans until a new picture has come, looks at every frame, and tells how often pixels changed without a complete picture having come. */
async function panWatched(): Promise<{ readonly repaints: number; readonly moved: number; readonly torn: number }> {
  await settled();
  const { repaints, moved } = canvas.counts;
  let torn = 0;
  for (let frame = 0; frame < 300 && canvas.counts.repaints === repaints; frame++) {
    const [seen, complete] = [pixels(), canvas.counts.repaints];
    canvas.panBy(-12, 3);
    await frames(1);
    if (canvas.counts.repaints === complete && pixels() !== seen) torn++;
  }
  return { repaints: canvas.counts.repaints - repaints, moved: canvas.counts.moved - moved, torn };
}

const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** From a snapshot with places to the frame that shows it. */
async function timedShow(wanted: ShowOptions) {
  const prepared = prepare(wanted);
  const started = performance.now();
  const { edges, script } = present(prepared, wanted);
  await nextFrame();
  // The frame after: what was drawn in the last one is on the screen.
  await nextFrame();
  return { edges, script, painted: performance.now() - started };
}

/** Moves the camera once a frame and takes the times between frames. */
async function frameTimes(cameras: readonly Camera[]): Promise<number[]> {
  await settled();
  const times: number[] = [];
  let before = await nextFrame();
  for (const camera of cameras) {
    canvas.pretendGesture(camera);
    const now = await nextFrame();
    times.push(now - before);
    before = now;
  }
  canvas.camera = cameras.at(-1) ?? canvas.camera;
  return times;
}

const steps = Array.from({ length: 120 }, (_, i) => i);

async function panFrames(start: Camera): Promise<number[]> {
  canvas.camera = start;
  const reach = 900 / start.scale;
  return frameTimes(steps.map((i) => ({ ...start, x: start.x + Math.sin((i / 120) * Math.PI * 2) * reach })));
}

async function zoomFrames(fit: Camera): Promise<number[]> {
  canvas.camera = fit;
  const part = (i: number) => (1 - Math.cos((i / 120) * Math.PI * 2)) / 2;
  return frameTimes(steps.map((i) => ({ ...fit, scale: fit.scale * (1 / fit.scale) ** part(i) })));
}

async function restFigures(fit: Camera) {
  canvas.camera = fit;
  await settled();
  canvas.select(null);
  await frames(2);
  const started = performance.now();
  const tries = 400;
  for (let i = 0; i < tries; i++) canvas.hitAt((i * 37) % host.clientWidth, (i * 53) % host.clientHeight);
  const hitMicroseconds = ((performance.now() - started) * 1000) / tries;
  const { gc, performance: clock } = window as unknown as {
    gc?: () => void;
    performance: { memory?: { usedJSHeapSize: number } };
  };
  gc?.();
  const heapMegabytes = (clock.memory?.usedJSHeapSize ?? NaN) / 1e6;
  const elements = document.body.querySelectorAll("*").length;
  return { repaint: canvas.counts.last?.milliseconds ?? NaN, hitMicroseconds, heapMegabytes, elements };
}

const lab = {
  timedShow,
  panFrames,
  zoomFrames,
  restFigures,
  canvas,
  host,
  events,
  show,
  frames,
  settled,
  sceneOf: sceneOfNode,
  screenOf: (name: string) => toScreen(sceneOfNode(name)),
  edgeMiddles,
  edgeMiddle: (from: string, to: string) => edgeMiddles(from, to)[0] ?? { x: NaN, y: NaN },
  elements: () => document.body.querySelectorAll("*").length,
  select: (target: Target | null) => canvas.select(target),
  countedRepaint,
  labelOverlaps,
  inkAt,
  pixels,
  panWatched,
};
export type Lab = typeof lab;

Object.assign(window, { lab });
