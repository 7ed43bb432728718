import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { flag, states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { pointOn } from "./edgeCurves.ts";
import { edgeText } from "./edgeText.ts";
import { strengthOf } from "./emphasis.ts";
import type { Frame, Steps } from "./frame.ts";
import { openLock, stateGlyphs } from "./glyphs.ts";
import { createOccupancy, type Occupancy } from "./occupancy.ts";
import { boxOnScreen } from "./paintBoxes.ts";
import { roundedRect, type Rect } from "./pen.ts";

/** More than this nobody reads, and finding room for them takes time. */
const mostLabels = 220;
const mostTries = 700;
const height = 16;
/** Room around a plate. */
const gap = 3;
const glyphRoom = 14;
/** Along the edge, the middle first. */
const places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73];

interface Label {
  readonly edge: number;
  readonly text: string;
  readonly state: number;
  readonly hasLock: boolean;
  readonly rect: Rect;
}

const trouble = new Set([states.indexOf("failing"), states.indexOf("degraded")]);

/** Plates with what edges carry: never over a node, a title or each other. Who has no room leaves out the words. */
export function* paintLabels(frame: Frame, titles: readonly Rect[]): Steps<Label[]> {
  const occupancy = createOccupancy();
  for (const title of titles) occupancy.take(title);
  takeNodes(frame, occupancy);
  const labels: Label[] = [];
  let tries = 0;
  for (const edge of candidates(frame)) {
    if (labels.length >= mostLabels || tries++ >= mostTries) break;
    const label = placed(frame, edge, occupancy);
    if (label) labels.push(label);
    yield 0;
  }
  for (const label of labels) {
    paintLabel(frame, label);
    yield 0.04;
  }
  frame.pen.globalAlpha = 1;
  return labels;
}

function takeNodes(frame: Frame, occupancy: Occupancy): void {
  const { stage, view } = frame;
  const [width, tall] = [nodeSize.width * view.scale + 4, nodeSize.height * view.scale + 4];
  for (const node of frame.nodes) {
    const x = (stage.positions.x[node] ?? 0) * view.scale + view.left - width / 2;
    const y = (stage.positions.y[node] ?? 0) * view.scale + view.top - tall / 2;
    occupancy.take({ x, y, width, height: tall });
  }
  for (const box of stage.boxes) {
    const rect = stage.scene.boxShown[box] === 2 ? boxOnScreen(frame, box) : undefined;
    if (rect) occupancy.take(clipped(rect, frame.view));
  }
}

/** A box that is far larger than the screen must not fill a million cells. */
function clipped(rect: Rect, view: Frame["view"]): Rect {
  const [x, y] = [Math.max(rect.x, -64), Math.max(rect.y, -64)];
  const right = Math.min(rect.x + rect.width, view.width + 64);
  const bottom = Math.min(rect.y + rect.height, view.height + 64);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** Highlighted ones first, then by importance. */
function* candidates(frame: Frame): Generator<number> {
  const isBusy = frame.selected !== null || frame.hovered !== null;
  if (isBusy) for (const edge of frame.edges) if (strengthOf(frame, edge) === 2) yield edge;
  for (const edge of frame.edges) if (strengthOf(frame, edge) === 1 && !frame.passing.has(edge)) yield edge;
}

function placed(frame: Frame, edge: number, occupancy: Occupancy): Label | undefined {
  const { layer, text, palette, format, label, stage } = frame;
  const { edges } = layer;
  const flags = edges.flags[edge] ?? 0;
  const state = edges.state[edge] ?? 0;
  const hasLock = (flags & flag.lacksMtls) !== 0;
  const marks = (hasLock ? 1 : 0) + (trouble.has(state) ? 1 : 0);
  const long = chord(frame, edge);
  const isWeb = frame.crowding > 1 && frame.selected === null && frame.hovered === null;
  const says = hasRoomForWords(frame, edge)
    ? edgeText(edges, edge, { label, format, protocols: stage.scene.snapshot.protocols })
    : "";
  const wide = says === "" ? 0 : text.width(says, labelFont(palette.fontFamily)) + 8;
  for (const words of says === "" ? [""] : [says, ""]) {
    // In a web of lines a sign beside none of them tells nothing; the line's own dots do.
    if (words === "" && (marks === 0 || isWeb)) return undefined;
    const width = (words === "" ? 4 : wide) + marks * glyphRoom;
    if (width > long * 0.9) continue;
    const rect = freePlace(frame, edge, width, occupancy);
    if (!rect) continue;
    occupancy.take(rect);
    return { edge, text: words, state, hasLock, rect };
  }
  return undefined;
}

function hasRoomForWords({ layer, view, detail }: Frame, edge: number): boolean {
  if (detail === "overview") return false;
  if (view.scale >= 0.38) return true;
  return (layer.edges.source[edge] ?? 0) < 0 || (layer.edges.target[edge] ?? 0) < 0;
}

/** Pixels of the screen between an edge's ends. */
function chord({ layer: { curves }, view }: Frame, edge: number): number {
  const i = edge * 8;
  const dx = (curves[i + 6] ?? 0) - (curves[i] ?? 0);
  const dy = (curves[i + 7] ?? 0) - (curves[i + 1] ?? 0);
  // Around a corner it is longer than that.
  const bend = Math.abs((curves[i + 2] ?? 0) - (curves[i] ?? 0));
  return Math.max(Math.hypot(dx, dy), bend * 2) * view.scale;
}

function freePlace(frame: Frame, edge: number, width: number, occupancy: Occupancy): Rect | undefined {
  const { layer, view } = frame;
  for (const place of places) {
    const [x, y] = pointOn(layer.curves, edge, place);
    const rect = {
      x: x * view.scale + view.left - width / 2,
      y: y * view.scale + view.top - height / 2,
      width,
      height,
    };
    const around = { x: rect.x - gap, y: rect.y - gap, width: rect.width + 2 * gap, height: rect.height + 2 * gap };
    if (occupancy.isFree(around)) return rect;
  }
  return undefined;
}

export function labelFont(family: string): string {
  return `11px ${family}`;
}

function paintLabel(frame: Frame, { edge, text, state, hasLock, rect }: Label): void {
  const { pen, palette, layer } = frame;
  const isOld = ((layer.edges.flags[edge] ?? 0) & (flag.dim | flag.ghost)) !== 0;
  pen.globalAlpha = isOld ? 0.6 : 1;
  pen.beginPath();
  roundedRect(pen, rect, 4);
  pen.fillStyle = palette.background;
  pen.fill();
  let x = rect.x + 3;
  const middle = rect.y + rect.height / 2;
  const mark = (color: string, draw: (gx: number) => void) => {
    pen.beginPath();
    draw(x + 5);
    pen.strokeStyle = color;
    pen.lineWidth = 1.25;
    pen.lineJoin = "round";
    pen.stroke();
    x += glyphRoom;
  };
  if (trouble.has(state)) {
    mark(palette.states[state] ?? palette.foreground, (gx) => stateGlyphs[state]?.(pen, gx, middle, 5));
  }
  if (hasLock) mark(palette.foreground, (gx) => openLock(pen, gx, middle, 5));
  if (text === "") return;
  pen.font = labelFont(palette.fontFamily);
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillStyle = palette.foreground;
  pen.fillText(text, x + 1, middle + 0.5);
}
