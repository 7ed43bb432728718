import { say } from "../../../src/mesh/message.ts";
import { boxRoom } from "../../../src/mesh/topology/layout/layout.ts";
import { states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { words } from "../../shared/words.ts";
import { alphaOf } from "./emphasis.ts";
import type { Frame, Steps } from "./frame.ts";
import { stateGlyphs } from "./glyphs.ts";
import { besideOthers } from "./occupancy.ts";
import { roundedRect, type Rect } from "./pen.ts";

/** Frames of clusters, namespaces and apps, without their titles. */
export function* paintFrames(frame: Frame): Steps {
  const { pen, stage, palette, detail } = frame;
  for (const box of stage.boxes) {
    if (stage.scene.boxShown[box] !== 1) continue;
    const rect = boxOnScreen(frame, box);
    if (!rect || rect.width < 6) continue;
    const kind = stage.scene.snapshot.boxes.kind[box] ?? 0;
    if (kind === 2 && detail === "overview") continue;
    pen.globalAlpha = alphaOf(frame, stage.scene.snapshot.nodes.count + box, true);
    pen.beginPath();
    roundedRect(pen, rect, kind === 2 ? 5 : 8);
    const fill = palette.boxFill[kind];
    if (fill !== undefined && fill !== "transparent") {
      pen.fillStyle = fill;
      pen.fill();
    }
    pen.strokeStyle = palette.boxBorder;
    pen.lineWidth = kind === 0 ? 1.5 : 1;
    pen.setLineDash(kind === 2 ? [3, 3] : []);
    pen.stroke();
    yield boxCost(rect);
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** Names of frames, in the strip that the layout leaves above their content. Last, so that no edge runs through them. */
export function* paintTitles(frame: Frame): Steps<Rect[]> {
  const { pen, stage, view } = frame;
  const taken: Rect[] = [];
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  for (const box of stage.boxes) {
    if (stage.scene.boxShown[box] !== 1) continue;
    const kind = stage.scene.snapshot.boxes.kind[box] ?? 0;
    if (kind === 2 && view.scale < 0.6) continue;
    const rect = boxOnScreen(frame, box);
    if (!rect || rect.width < 36 || rect.height < 14) continue;
    const plate = paintTitle(frame, box, rect, taken);
    if (plate) taken.push(plate);
    yield 0.03;
  }
  pen.globalAlpha = 1;
  return taken;
}

function paintTitle(frame: Frame, box: number, rect: Rect, taken: readonly Rect[]): Rect | undefined {
  const { pen, stage, view, palette, text } = frame;
  const { boxes, strings, nodes } = stage.scene.snapshot;
  const kind = boxes.kind[box] ?? 0;
  const strip = boxRoom.title * view.scale;
  const size = kind === 0 ? 13 : kind === 1 ? 12 : 10.5;
  const height = Math.max(size + 3, Math.min(strip, 24));
  const font = `${kind === 2 ? "" : "600 "}${size}px ${palette.fontFamily}`;
  const state = boxes.state[box] ?? 4;
  const isTrouble = states[state] === "failing" || states[state] === "degraded";
  const mark = isTrouble && kind !== 2 ? size : 0;
  const name = text.fit(strings[boxes.title[box] ?? 0] ?? "", font, rect.width - 14 - (mark ? mark + 5 : 0));
  if (name === "") return undefined;
  // A title stays in sight while its box is. Where its strip is too thin, it sits on the frame: half of it is outside.
  const start = Math.min(Math.max(rect.x + 8, 8), rect.x + rect.width - 8);
  const wanted = strip >= height ? rect.y + 2 : rect.y - (height - strip) / 2;
  const top = Math.min(Math.max(wanted, 2), rect.y + rect.height - height - 2);
  const middle = top + height / 2;
  const wish = { x: start - 3, y: top, width: text.width(name, font) + (mark ? mark + 5 : 0) + 6, height };
  // Where several boxes begin out of sight, their titles stand side by side, the outer one first.
  const plate = besideOthers(wish, taken, rect.x + rect.width);
  if (!plate) return undefined;
  const left = plate.x + 3;
  pen.globalAlpha = alphaOf(frame, nodes.count + box, true);
  pen.beginPath();
  roundedRect(pen, plate, 3);
  pen.fillStyle = palette.background;
  pen.fill();
  pen.fillStyle = kind === 2 ? palette.muted : palette.foreground;
  pen.font = font;
  pen.fillText(name, left + (mark ? mark + 5 : 0), middle);
  if (mark) {
    pen.beginPath();
    stateGlyphs[state]?.(pen, left + mark / 2, middle, mark * 0.42);
    pen.strokeStyle = palette.states[state] ?? palette.muted;
    pen.lineWidth = 1.4;
    pen.stroke();
  }
  return plate;
}

/** Collapsed boxes: one tile with name, worst state and how many nodes it stands for. */
export function* paintTiles(frame: Frame): Steps {
  const { pen, stage } = frame;
  for (const box of stage.boxes) {
    if (stage.scene.boxShown[box] !== 2) continue;
    const rect = boxOnScreen(frame, box);
    if (!rect) continue;
    pen.globalAlpha = alphaOf(frame, stage.scene.snapshot.nodes.count + box);
    paintTile(frame, box, rect);
    yield 2 * boxCost(rect) + 0.03;
  }
  pen.globalAlpha = 1;
}

function paintTile(frame: Frame, box: number, rect: Rect): void {
  const { pen, stage, palette } = frame;
  const state = stage.scene.snapshot.boxes.state[box] ?? 4;
  const isTrouble = states[state] === "failing" || states[state] === "degraded";
  const color = palette.states[state] ?? palette.muted;
  // A second edge behind the first: there is more inside.
  const lift = rect.height >= 24 ? 3 : 0;
  pen.fillStyle = palette.nodeFill;
  if (lift > 0) {
    pen.beginPath();
    roundedRect(pen, { ...rect, x: rect.x + lift, y: rect.y + lift }, 8);
    pen.fill();
    pen.strokeStyle = palette.nodeBorder;
    pen.lineWidth = 1;
    pen.stroke();
  }
  pen.beginPath();
  roundedRect(pen, rect, Math.min(8, rect.height * 0.25));
  pen.fill();
  pen.strokeStyle = isTrouble ? color : palette.nodeBorder;
  pen.lineWidth = rect.height < 16 ? 1 : isTrouble ? 2 : 1.25;
  pen.stroke();
  paintTileText(frame, box, rect);
}

function paintTileText(frame: Frame, box: number, rect: Rect): void {
  const { pen, stage, palette, text, format } = frame;
  const { snapshot, boxNodes } = stage.scene;
  const state = snapshot.boxes.state[box] ?? 4;
  const size = Math.max(10, Math.min(18, rect.height * 0.26, rect.width * 0.13));
  const nameFont = `600 ${size}px ${palette.fontFamily}`;
  const smallFont = `${Math.max(9.5, size * 0.78)}px ${palette.fontFamily}`;
  const glyph = rect.width >= 44 && rect.height >= 15 ? size * 0.46 : 0;
  const lead = glyph ? glyph * 2 + 6 : 0;
  const whole = snapshot.strings[snapshot.boxes.title[box] ?? 0] ?? "";
  const name = rect.height >= 13 ? text.fit(whole, nameFont, rect.width - 14 - lead) : "";
  // Two letters tell nobody which one it is; the sign of its health is worth more.
  const isTold = name.length >= 5 || (name !== "" && !name.endsWith("…"));
  const isTall = isTold && rect.height >= size * 2.9;
  const [middleX, middleY] = [rect.x + rect.width / 2, rect.y + rect.height / 2];
  const nameY = isTall ? middleY - size * 0.55 : middleY;
  const left = middleX - (text.width(name, nameFont) + lead) / 2;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.fillStyle = palette.foreground;
  pen.font = nameFont;
  if (isTold) pen.fillText(name, left + lead, nameY);
  if (glyph || !isTold) {
    const radius = isTold ? glyph : Math.min(6, Math.min(rect.width, rect.height) * 0.3);
    pen.beginPath();
    stateGlyphs[state]?.(pen, isTold ? left + glyph : middleX, nameY, radius);
    pen.strokeStyle = palette.states[state] ?? palette.muted;
    pen.lineWidth = radius > 4 ? 1.5 : 1;
    pen.stroke();
  }
  if (!isTall) return;
  const count = boxNodes[box] ?? 0;
  const line = count === 1 ? words(say("1 node")) : words(say("{0} nodes", format.count(count)));
  pen.font = smallFont;
  pen.fillStyle = palette.muted;
  pen.textAlign = "center";
  pen.fillText(text.fit(line, smallFont, rect.width - 12), middleX, middleY + size * 0.75);
}

/** Of filling and outlining it: by its area and its sides, as far as it can be seen. */
function boxCost({ width, height }: Rect): number {
  const [wide, high] = [Math.min(width, 2000), Math.min(height, 1200)];
  return 0.02 + wide * high * 5e-7 + (wide + high) * 2e-5;
}

/** Where a box is on the screen; undefined where it is out of sight. */
export function boxOnScreen({ stage, view }: Pick<Frame, "stage" | "view">, box: number): Rect | undefined {
  const { boxes } = stage.positions;
  const x = (boxes[box * 4] ?? 0) * view.scale + view.left;
  const y = (boxes[box * 4 + 1] ?? 0) * view.scale + view.top;
  const width = (boxes[box * 4 + 2] ?? 0) * view.scale;
  const height = (boxes[box * 4 + 3] ?? 0) * view.scale;
  if (x > view.width + 8 || y > view.height + 8 || x + width < -8 || y + height < -8) return undefined;
  return { x, y, width, height };
}
