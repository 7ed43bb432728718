import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { strengthOf } from "./emphasis.ts";
import { crowdingOf, type Detail, type Frame, type PaintCounts, type Steps } from "./frame.ts";
import { paintFrames, paintTiles, paintTitles } from "./paintBoxes.ts";
import { paintEdges } from "./paintEdges.ts";
import { paintLabels } from "./paintLabels.ts";
import { paintNodes } from "./paintNodes.ts";
import type { EdgeLayer, Stage } from "./stage.ts";
import { sightOf, type Bounds, type Viewport } from "./viewport.ts";

/** More nodes than this are dots. */
const mostNodes = 1200;
/** Below this scale nobody can tell shapes apart. */
const shapesFrom = 0.11;
const wordsFrom = 0.38;
/** Lines: at all, and of those that only pass through. */
const mostEdges = { far: 400, near: 3000, passing: 800 } as const;
/** Below this scale lines stand close: the busiest tell enough, the rest comes with a selection. */
const nearFrom = 0.2;

export type FrameParts = Omit<Frame, "nodes" | "edges" | "passing" | "layer" | "detail" | "crowding"> & {
  /** What is in sight of the view, where that is more: how much is drawn is up to it. */
  readonly sight?: Viewport;
};

/** Draws everything at once. */
export function paint(parts: FrameParts, isUnlimited = false): PaintCounts {
  const steps = paintSteps(parts, isUnlimited);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Chooses what is in sight and how much of it is drawn, and draws it. The pen's surface is expected to be blank. */
export function* paintSteps(parts: FrameParts, isUnlimited = false): Steps<PaintCounts> {
  const started = performance.now();
  const frame = frameOf(parts, isUnlimited);
  yield 0;
  yield* paintFrames(frame);
  yield* paintEdges(frame);
  yield* paintTiles(frame);
  yield* paintNodes(frame);
  const titles = yield* paintTitles(frame);
  const labels = yield* paintLabels(frame, titles);
  return {
    detail: frame.detail,
    nodes: frame.nodes.length,
    edges: frame.edges.length,
    labels: labels.length,
    milliseconds: performance.now() - started,
  };
}

function frameOf(parts: FrameParts, isUnlimited: boolean): Frame {
  const { stage, view, sight = view } = parts;
  const nodes = nodesInSight(stage, view);
  const seen = sight === view ? nodes.length : nodesInSight(stage, sight).length;
  const detail = isUnlimited ? "full" : detailFor(view.scale, seen);
  const layer = detail === "overview" ? stage.overview() : stage.layer;
  const none = { edges: new Uint32Array(0), passing: new Set<number>() };
  const draft: Frame = { ...parts, view: sight, nodes, detail, layer, ...none, crowding: 0 };
  const inSight = edgesInSight(draft, isUnlimited ? Infinity : 1);
  const crowding = crowdingOf(inSight.edges.length, view.scale);
  if (sight === view) return { ...draft, ...inSight, crowding };
  const more = (view.width * view.height) / (sight.width * sight.height);
  return { ...draft, view, ...edgesInSight({ ...draft, ...inSight, view }, more), crowding };
}

export function detailFor(scale: number, nodesInView: number): Detail {
  if (nodesInView > 0 && (scale < shapesFrom || nodesInView > mostNodes)) return "overview";
  return scale < wordsFrom ? "compact" : "full";
}

function nodesInSight({ grid }: Stage, view: Viewport): Uint32Array {
  const sight = sightOf(view);
  const found: number[] = [];
  const area: Bounds = {
    left: sight.left - nodeSize.width / 2,
    right: sight.right + nodeSize.width / 2,
    top: sight.top - nodeSize.height / 2,
    bottom: sight.bottom + nodeSize.height / 2,
  };
  grid.within(area, (node) => found.push(node));
  return Uint32Array.from(found);
}

/**
 * The most important ones first. What a selection is about is always among them, and so is what the frame has already.
 * @param more how many times more than fit a view
 */
function edgesInSight(frame: Frame, more: number): Pick<Frame, "edges" | "passing"> {
  const { layer, view, detail, stage } = frame;
  const sight = sightOf(view, 0.02);
  const isOwn = layer === stage.layer;
  const isFar = detail === "overview" || view.scale < nearFrom;
  const limit = (isFar ? mostEdges.far : mostEdges.near) * more;
  const most = mostEdges.passing * more;
  const found = [...frame.edges];
  const passing = new Set(frame.passing);
  const known = new Uint8Array(layer.edges.count);
  for (const edge of found) known[edge] = 1;
  for (const edge of layer.order) {
    if (known[edge] === 1 || !isNear(layer, edge, sight)) continue;
    const isChosen = isOwn && (frame.selected !== null || frame.hovered !== null) && strengthOf(frame, edge) === 2;
    if (!isChosen && found.length >= limit) continue;
    if (!isChosen && detail !== "overview" && !touches(layer, edge, sight)) {
      if (passing.size >= most) continue;
      passing.add(edge);
    }
    found.push(edge);
  }
  return { edges: Uint32Array.from(found), passing };
}

function isNear({ bounds }: EdgeLayer, edge: number, sight: Bounds): boolean {
  const i = edge * 4;
  return (
    (bounds[i] ?? 0) <= sight.right &&
    (bounds[i + 2] ?? 0) >= sight.left &&
    (bounds[i + 1] ?? 0) <= sight.bottom &&
    (bounds[i + 3] ?? 0) >= sight.top
  );
}

/** One of its ends is in sight. */
function touches({ curves }: EdgeLayer, edge: number, sight: Bounds): boolean {
  const isIn = (x: number, y: number) => x >= sight.left && x <= sight.right && y >= sight.top && y <= sight.bottom;
  const i = edge * 8;
  return isIn(curves[i] ?? 0, curves[i + 1] ?? 0) || isIn(curves[i + 6] ?? 0, curves[i + 7] ?? 0);
}
