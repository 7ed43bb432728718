import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { strengthOf } from "./emphasis.ts";
import type { Detail, Frame, PaintCounts } from "./frame.ts";
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

export type FrameParts = Omit<Frame, "nodes" | "edges" | "passing" | "layer" | "detail">;

/** Chooses what is in sight and how much of it is drawn, and draws it. The pen's surface is expected to be blank. */
export function paint(parts: FrameParts, isUnlimited = false): PaintCounts {
  const started = performance.now();
  const { stage, view } = parts;
  const nodes = nodesInSight(stage, view);
  const detail = isUnlimited ? "full" : detailFor(view.scale, nodes.length);
  const layer = detail === "overview" ? stage.overview() : stage.layer;
  const draft: Frame = { ...parts, nodes, detail, layer, edges: new Uint32Array(0), passing: new Set() };
  const frame: Frame = { ...draft, ...edgesInSight(draft, isUnlimited) };
  paintFrames(frame);
  paintEdges(frame);
  paintTiles(frame);
  paintNodes(frame);
  const titles = paintTitles(frame);
  const labels = paintLabels(frame, titles);
  return {
    detail,
    nodes: nodes.length,
    edges: frame.edges.length,
    labels: labels.length,
    milliseconds: performance.now() - started,
  };
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

/** The most important ones first. What a selection is about is always among them. */
function edgesInSight(frame: Frame, isUnlimited: boolean): Pick<Frame, "edges" | "passing"> {
  const { layer, view, detail, stage } = frame;
  const sight = sightOf(view, 0.02);
  const isOwn = layer === stage.layer;
  const isFar = detail === "overview" || view.scale < nearFrom;
  const limit = isUnlimited ? Infinity : isFar ? mostEdges.far : mostEdges.near;
  const most = isUnlimited ? Infinity : mostEdges.passing;
  const found: number[] = [];
  const passing = new Set<number>();
  for (const edge of layer.order) {
    if (!isNear(layer, edge, sight)) continue;
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
