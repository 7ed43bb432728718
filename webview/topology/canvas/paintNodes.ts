import { say } from "../../../src/mesh/message.ts";
import { badges, nodeKinds, type GraphNodeKind } from "../../../src/mesh/topology/graph/graph.ts";
import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { flag, states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { words } from "../../shared/words.ts";
import { junctionRadius } from "./edgeCurves.ts";
import { alphaOf } from "./emphasis.ts";
import type { Frame, Steps } from "./frame.ts";
import { badgeGlyphs, stateGlyphs } from "./glyphs.ts";
import { roundedRect } from "./pen.ts";
import { insets, outline } from "./shapes.ts";

const unknownCount = 0xffff;
const [healthy, degraded, failing, idle, unknown] = ["healthy", "degraded", "failing", "idle", "unknown"].map((state) =>
  (states as readonly string[]).indexOf(state),
) as [number, number, number, number, number];

/** Nodes that look the same but for their words, drawn as one path. */
interface Batch {
  readonly state: number;
  readonly isDashed: boolean;
  readonly alpha: number;
  readonly nodes: number[];
}

export function* paintNodes(frame: Frame): Steps {
  if (frame.detail === "overview") {
    yield* paintDots(frame);
    return;
  }
  const batches = batchesOf(frame);
  for (const batch of batches) {
    paintShapes(frame, batch);
    yield batch.nodes.length * 0.025;
  }
  for (const batch of batches) {
    paintGlyphs(frame, batch);
    yield batch.nodes.length * 0.01;
  }
  yield* paintWords(frame);
  if (frame.view.scale >= 0.5) yield* paintBadges(frame);
  paintFound(frame);
  frame.pen.globalAlpha = 1;
}

/** How strongly a node is drawn: dimmed by a selection, as a ghost, while it comes in. */
function strength(frame: Frame, node: number): number {
  const flags = frame.stage.scene.snapshot.nodes.flags[node] ?? 0;
  const presence = (flags & flag.ghost) !== 0 ? 0.4 : (flags & flag.dim) !== 0 ? 0.65 : 1;
  const isFound = !frame.hasFound || (flags & flag.found) !== 0 || frame.selected !== null;
  const fade = frame.fade ? (frame.fade[node] ?? 1) : 1;
  return alphaOf(frame, node) * presence * fade * (isFound ? 1 : 0.4);
}

function batchesOf(frame: Frame): Batch[] {
  const { nodes } = frame.stage.scene.snapshot;
  const batches = new Map<string, Batch>();
  for (const node of frame.nodes) {
    const state = nodes.state[node] ?? unknown;
    const alpha = strength(frame, node);
    const isDashed = state === idle || nodeKinds[nodes.kind[node] ?? 0] === "unknown" || ghostly(nodes.flags[node]);
    const key = `${state} ${String(isDashed)} ${alpha.toFixed(2)}`;
    const known = batches.get(key);
    if (known) known.nodes.push(node);
    else batches.set(key, { state, isDashed, alpha, nodes: [node] });
  }
  // Trouble last, on top.
  return [...batches.values()].flatMap(parted).sort((a, b) => a.alpha - b.alpha || trouble(a.state) - trouble(b.state));
}

/** How many are drawn at a stroke, so that it does not take a whole frame. */
const [nodesTogether, dotsTogether] = [100, 2000];

function* chunks(nodes: readonly number[], size: number): Generator<number[]> {
  for (let from = 0; from < nodes.length; from += size) yield nodes.slice(from, from + size);
}

function parted(batch: Batch): Batch[] {
  return [...chunks(batch.nodes, nodesTogether)].map((nodes) => ({ ...batch, nodes }));
}

function ghostly(flags: number | undefined): boolean {
  return ((flags ?? 0) & flag.ghost) !== 0;
}

function trouble(state: number): number {
  return state === failing ? 2 : state === degraded ? 1 : 0;
}

function kindOf(frame: Frame, node: number): GraphNodeKind {
  return nodeKinds[frame.stage.scene.snapshot.nodes.kind[node] ?? 0] ?? "unknown";
}

function paintShapes(frame: Frame, { state, isDashed, alpha, nodes }: Batch): void {
  const { pen, view, palette, stage } = frame;
  const { x, y } = stage.positions;
  pen.globalAlpha = alpha;
  pen.beginPath();
  for (const node of nodes) {
    const [cx, cy] = [(x[node] ?? 0) * view.scale + view.left, (y[node] ?? 0) * view.scale + view.top];
    if (stage.scene.nodeShown[node] === 2) {
      const radius = Math.max(2, junctionRadius * view.scale);
      pen.moveTo(cx + radius, cy);
      pen.arc(cx, cy, radius, 0, Math.PI * 2);
      continue;
    }
    outline(pen, kindOf(frame, node), {
      x: cx,
      y: cy,
      halfWidth: (nodeSize.width / 2) * view.scale,
      halfHeight: (nodeSize.height / 2) * view.scale,
      scale: view.scale,
    });
  }
  pen.fillStyle = palette.nodeFill;
  pen.fill();
  const isTrouble = state === failing || state === degraded;
  pen.strokeStyle = isTrouble ? (palette.states[state] ?? palette.muted) : palette.nodeBorder;
  pen.lineWidth = state === failing ? 2 : isTrouble ? 1.75 : 1.25;
  pen.setLineDash(isDashed ? [4, 3] : []);
  pen.stroke();
  pen.setLineDash([]);
}

/** Health, by shape and colour: beside the name, in the middle of what is too small for one. */
function paintGlyphs(frame: Frame, { state, alpha, nodes }: Batch): void {
  const { pen, view, palette, stage } = frame;
  const hasWords = view.scale >= wordsFrom;
  // From further away only what is not well is worth a sign: names need the room.
  if (!hasGlyph(view.scale, state)) return;
  const radius = hasWords ? Math.max(3.6, Math.min(5.5, 5.5 * view.scale)) : Math.max(3, 14 * view.scale);
  pen.globalAlpha = alpha;
  pen.beginPath();
  for (const node of nodes) {
    if (stage.scene.nodeShown[node] === 2) continue;
    const cx = (stage.positions.x[node] ?? 0) * view.scale + view.left;
    const cy = (stage.positions.y[node] ?? 0) * view.scale + view.top;
    const [left] = insets(kindOf(frame, node), true);
    const gx = hasWords ? cx + (left - nodeSize.width / 2) * view.scale + radius : cx;
    stateGlyphs[state]?.(pen, gx, cy, radius);
  }
  pen.strokeStyle = palette.states[state] ?? palette.muted;
  pen.lineWidth = 1.35;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.stroke();
  pen.lineCap = "butt";
}

function hasGlyph(scale: number, state: number): boolean {
  return scale >= linesFrom || trouble(state) > 0 || (scale >= wordsFrom && state !== healthy);
}

/** From this scale on a name can be read. */
const wordsFrom = 0.38;
/** From here on there is room for a second line. */
const linesFrom = 0.72;

function* paintWords(frame: Frame): Steps {
  const { pen, view, palette, text, stage } = frame;
  if (view.scale < wordsFrom) return;
  const { nodes, strings } = stage.scene.snapshot;
  const size =
    view.scale >= linesFrom ? 12 * Math.min(view.scale, 1.6) : Math.max(9.5, Math.min(11.5, 13.5 * view.scale + 2));
  const nameFont = `${size}px ${palette.fontFamily}`;
  const lineFont = `${size * 0.88}px ${palette.fontFamily}`;
  const radius = Math.max(3.6, Math.min(5.5, 5.5 * view.scale));
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const drawn: { x: number; y: number; text: string; alpha: number }[] = [];
  pen.font = nameFont;
  pen.fillStyle = palette.foreground;
  for (const node of frame.nodes) {
    if (stage.scene.nodeShown[node] === 2) continue;
    const hasSign = hasGlyph(view.scale, nodes.state[node] ?? unknown);
    const [left, right] = insets(kindOf(frame, node), hasSign);
    const cx = (stage.positions.x[node] ?? 0) * view.scale + view.left;
    const cy = (stage.positions.y[node] ?? 0) * view.scale + view.top;
    const lead = hasSign ? radius * 2 + 4 : 0;
    const start = cx + (left - nodeSize.width / 2) * view.scale + lead;
    const room = cx + (nodeSize.width / 2 - right) * view.scale - start;
    const second = view.scale >= linesFrom ? secondLine(frame, node) : "";
    const alpha = (pen.globalAlpha = strength(frame, node));
    const name = text.fit(strings[nodes.name[node] ?? 0] ?? "", nameFont, room);
    pen.fillText(name, start, second === "" ? cy + size * 0.06 : cy - size * 0.58);
    if (second !== "") drawn.push({ x: start, y: cy + size * 0.68, text: text.fit(second, lineFont, room), alpha });
    yield 0.015;
  }
  pen.font = lineFont;
  pen.fillStyle = palette.muted;
  for (const line of drawn) {
    pen.globalAlpha = line.alpha;
    pen.fillText(line.text, line.x, line.y);
    yield 0.015;
  }
}

/** "v2 · 2 of 3". */
function secondLine({ stage }: Frame, node: number): string {
  const { nodes, strings } = stage.scene.snapshot;
  const version = strings[nodes.version[node] ?? 0] ?? "";
  const [ready, desired] = [nodes.ready[node] ?? unknownCount, nodes.desired[node] ?? unknownCount];
  const replicas = ready === unknownCount || desired === unknownCount ? "" : words(say("{0} of {1}", ready, desired));
  return [version, replicas].filter((part) => part !== "").join(" · ");
}

/** What configuration does there: signs on the lower border. What state and replicas tell anyway is left out. */
function* paintBadges(frame: Frame): Steps {
  const { pen, view, palette, stage } = frame;
  const { nodes } = stage.scene.snapshot;
  const size = Math.max(5, Math.min(7, 7 * view.scale));
  for (const node of frame.nodes) {
    const bits = nodes.badges[node] ?? 0;
    if (bits === 0 || stage.scene.nodeShown[node] === 2) continue;
    const shown = badges.filter((badge, bit) => (bits & (1 << bit)) !== 0 && badge !== "idle");
    if (shown.length === 0) continue;
    pen.globalAlpha = strength(frame, node);
    const right = ((stage.positions.x[node] ?? 0) + nodeSize.width / 2) * view.scale + view.left - size * 1.6;
    const y = ((stage.positions.y[node] ?? 0) + nodeSize.height / 2) * view.scale + view.top;
    const step = size * 2.3;
    const shift = kindOf(frame, node) === "service" ? nodeSize.width * 0.2 * view.scale : 4 * view.scale;
    pen.beginPath();
    shown.forEach((_, i) => {
      roundedRect(pen, { x: right - shift - i * step - size, y: y - size, width: size * 2, height: size * 2 }, 3);
    });
    pen.fillStyle = palette.background;
    pen.fill();
    pen.strokeStyle = palette.nodeBorder;
    pen.lineWidth = 1;
    pen.stroke();
    pen.beginPath();
    shown.forEach((badge, i) => badgeGlyphs[badge](pen, right - shift - i * step, y, size * 0.62));
    pen.strokeStyle = shown.some((badge) => badge === "missingSidecar" || badge === "dead" || badge === "fault")
      ? (palette.states[degraded] ?? palette.foreground)
      : palette.foreground;
    pen.lineWidth = 1.1;
    pen.stroke();
    yield 0.06;
  }
}

/** A second outline around what the find expression matches. */
function paintFound(frame: Frame): void {
  if (!frame.hasFound) return;
  const { pen, view, palette, stage } = frame;
  pen.beginPath();
  for (const node of frame.nodes) {
    if (((stage.scene.snapshot.nodes.flags[node] ?? 0) & flag.found) === 0) continue;
    const width = nodeSize.width * view.scale + 8;
    const height = nodeSize.height * view.scale + 8;
    const x = (stage.positions.x[node] ?? 0) * view.scale + view.left - width / 2;
    const y = (stage.positions.y[node] ?? 0) * view.scale + view.top - height / 2;
    roundedRect(pen, { x, y, width, height }, 8);
  }
  pen.globalAlpha = 1;
  pen.strokeStyle = palette.found;
  pen.lineWidth = 2;
  pen.stroke();
}

/** From far away: one rectangle a node; trouble a little larger and with its sign, as far as there are few. */
function* paintDots(frame: Frame): Steps {
  const { pen, palette, stage } = frame;
  const { nodes } = stage.scene.snapshot;
  const byState: number[][] = states.map(() => []);
  for (const node of frame.nodes) byState[nodes.state[node] ?? unknown]?.push(node);
  for (const state of [unknown, idle, healthy, degraded, failing]) {
    const isTrouble = trouble(state) > 0;
    pen.globalAlpha = frame.selected && !palette.isHighContrast ? 0.3 : isTrouble ? 1 : 0.55;
    pen.fillStyle = isTrouble ? (palette.states[state] ?? palette.muted) : palette.nodeBorder;
    const members = byState[state] ?? [];
    for (const some of chunks(members, dotsTogether)) {
      pen.beginPath();
      for (const node of some) addDot(frame, node, isTrouble);
      pen.fill();
      yield some.length * 0.001;
    }
  }
  paintFound(frame);
  pen.globalAlpha = 1;
}

function addDot({ pen, view, stage }: Frame, node: number, isTrouble: boolean): void {
  if (stage.scene.nodeShown[node] === 2) return;
  const width = Math.max(isTrouble ? 5 : 2.5, nodeSize.width * view.scale);
  const height = Math.max(isTrouble ? 5 : 2, nodeSize.height * view.scale);
  const x = (stage.positions.x[node] ?? 0) * view.scale + view.left - width / 2;
  const y = (stage.positions.y[node] ?? 0) * view.scale + view.top - height / 2;
  pen.rect(x, y, width, height);
}
