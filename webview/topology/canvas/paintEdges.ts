import { flag, states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { strengthOf } from "./emphasis.ts";
import type { Frame, Steps } from "./frame.ts";
import { edgeWidths } from "./stage.ts";

/** Edges that look the same, drawn as one path. */
interface Batch {
  readonly color: string;
  readonly width: number;
  readonly isDashed: boolean;
  /** Dash and dot: failures are told apart without colour, too. */
  readonly isFailing: boolean;
  readonly alpha: number;
  readonly isHollow: boolean;
  readonly rank: number;
  readonly edges: number[];
}

const failing = states.indexOf("failing");
const degraded = states.indexOf("degraded");
const idle = states.indexOf("idle");

/** Lines and arrow heads, batched by looks: few strokes however many edges. */
export function* paintEdges(frame: Frame): Steps {
  const { pen } = frame;
  pen.lineCap = "butt";
  pen.lineJoin = "round";
  for (const batch of batchesOf(frame)) {
    pen.globalAlpha = batch.alpha;
    pen.strokeStyle = batch.color;
    pen.lineWidth = batch.width;
    const dash = Math.max(3, batch.width * 2);
    pen.setLineDash(batch.isFailing ? [dash * 3, dash, dash / 2, dash] : batch.isDashed ? [dash * 1.6, dash] : []);
    for (let from = 0; from < batch.edges.length; from += together) {
      const edges = batch.edges.slice(from, from + together);
      pen.beginPath();
      let long = 0;
      for (const edge of edges) long += addCurve(frame, edge, batch.width);
      pen.stroke();
      yield strokeCost(batch, edges.length, long);
    }
    pen.setLineDash([]);
    paintHeads(frame, batch);
    yield batch.edges.length * 0.004;
  }
  pen.globalAlpha = 1;
}

/** Lines that are drawn at a stroke: a path of many more costs more than all of its lines, and a frame has not the time. */
const together = 24;

/** Lines of a pixel or less are drawn several times as fast; dashed ones are many short ones. */
function strokeCost({ width, isDashed, isFailing }: Batch, lines: number, pixels: number): number {
  return lines * 0.01 + pixels * (isDashed || isFailing ? 3e-4 : width <= 1 ? 2e-5 : 9e-5);
}

function batchesOf(frame: Frame): Batch[] {
  const { layer, palette, stage, detail, view } = frame;
  const { protocols } = stage.scene.snapshot;
  const batches = new Map<number, Batch>();
  // Lines get thinner on the way out, but less than what they join.
  const isWeb = frame.crowding > 1;
  const near = Math.max(0.55, Math.min(1, 0.35 + view.scale * 0.75));
  const thinner = isWeb ? Math.min(0.5, near) : stage.scene.visibleNodeCount === 0 ? 0.85 : near;
  for (const edge of frame.edges) {
    const { edges } = layer;
    const flags = edges.flags[edge] ?? 0;
    const state = edges.state[edge] ?? 0;
    const protocol = edges.protocol[edge] ?? 0;
    const widthClass = layer.widths[edge] ?? 0;
    const strength = detail === "overview" && layer !== stage.layer ? 1 : strengthOf(frame, edge);
    const look = state === failing ? 3 : state === degraded ? 2 : state === idle ? 1 : 0;
    const faint = (flags & flag.ghost) !== 0 ? 2 : (flags & flag.dim) !== 0 ? 1 : 0;
    const isPassing = strength !== 2 && frame.passing.has(edge) ? 1 : 0;
    const looks = (strength * 4 + look) * 3 + faint;
    const key = ((looks * 2 + isPassing) * 8 + widthClass) * 64 + Math.min(63, protocol);
    let batch = batches.get(key);
    if (!batch) {
      const name = protocols[protocol] ?? "";
      const width = (edgeWidths[widthClass] ?? 1) * thinner + (strength === 2 ? 0.75 : 0);
      batch = {
        color: look === 0 ? palette.edge(name) : (palette.states[state] ?? palette.muted),
        width: Math.max(0.75, width),
        isDashed: name === "tcp",
        isFailing: state === failing,
        alpha: alphaFor(frame, strength, faint) * (isPassing === 1 ? 0.4 : 1),
        isHollow: name === "grpc",
        rank: strength * 10 + look,
        edges: [],
      };
      batches.set(key, batch);
    }
    batch.edges.push(edge);
  }
  return [...batches.values()].sort((a, b) => a.rank - b.rank);
}

function alphaFor(frame: Frame, strength: 0 | 1 | 2, faint: number): number {
  const { palette } = frame;
  const crowded = Math.max(0.2, Math.min(1, 1 / frame.crowding));
  const usual = palette.isHighContrast ? Math.max(0.5, crowded) : 0.85 * crowded;
  const base = strength === 0 ? (palette.isHighContrast ? 0.3 : 0.14 * crowded) : strength === 2 ? 1 : usual;
  return base * (faint === 2 ? 0.3 : faint === 1 ? 0.55 : 1);
}

/** Ends where the head does, so that it does not show beyond its point. Returns about how many pixels of it are seen. */
function addCurve({ pen, layer, view }: Frame, edge: number, width: number): number {
  const { curves } = layer;
  const i = edge * 8;
  const { scale, left, top } = view;
  const sx = (k: number) => (curves[i + k] ?? 0) * scale + left;
  const sy = (k: number) => (curves[i + k] ?? 0) * scale + top;
  const [x2, y2, x3, y3] = [sx(4), sy(5), sx(6), sy(7)];
  const back = headLength(width, scale) * 0.8;
  const long = Math.hypot(x3 - x2, y3 - y2) || 1;
  pen.moveTo(sx(0), sy(1));
  pen.bezierCurveTo(sx(2), sy(3), x2, y2, x3 - ((x3 - x2) / long) * back, y3 - ((y3 - y2) / long) * back);
  return Math.min(Math.abs(x3 - sx(0)), view.width) + Math.min(Math.abs(y3 - sy(1)), view.height);
}

function headLength(width: number, scale: number): number {
  return (5 + width * 1.5) * Math.max(0.5, Math.min(1, scale + 0.35));
}

/** Filled heads, hollow ones for gRPC. */
function paintHeads({ pen, layer, view, palette, detail }: Frame, batch: Batch): void {
  if (detail === "overview" && view.scale < 0.05) return;
  const { curves } = layer;
  const length = headLength(batch.width, view.scale);
  const half = length * 0.45;
  pen.beginPath();
  for (const edge of batch.edges) {
    const i = edge * 8;
    const x = (curves[i + 6] ?? 0) * view.scale + view.left;
    const y = (curves[i + 7] ?? 0) * view.scale + view.top;
    const dx = (curves[i + 6] ?? 0) - (curves[i + 4] ?? 0);
    const dy = (curves[i + 7] ?? 0) - (curves[i + 5] ?? 0);
    const long = Math.hypot(dx, dy);
    const [ux, uy] = long > 0 ? [dx / long, dy / long] : [1, 0];
    pen.moveTo(x, y);
    pen.lineTo(x - ux * length - uy * half, y - uy * length + ux * half);
    pen.lineTo(x - ux * length + uy * half, y - uy * length - ux * half);
    pen.closePath();
  }
  pen.fillStyle = batch.isHollow ? palette.background : batch.color;
  pen.fill();
  if (batch.isHollow) {
    pen.lineWidth = 1.1;
    pen.stroke();
  }
}
