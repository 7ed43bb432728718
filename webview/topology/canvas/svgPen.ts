import type { Pen } from "./pen.ts";

/** Draws into the text of a standalone SVG: no style sheet, no script, names escaped. */
export class SvgPen implements Pen {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineCap: Pen["lineCap"] = "butt";
  lineJoin: Pen["lineJoin"] = "miter";
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign: Pen["textAlign"] = "left";
  textBaseline: Pen["textBaseline"] = "alphabetic";
  #path: string[] = [];
  #at: readonly [number, number] = [0, 0];
  #dash: readonly number[] = [];
  readonly #parts: string[] = [];

  beginPath(): void {
    this.#path = [];
  }

  moveTo(x: number, y: number): void {
    this.#path.push(`M${short(x)} ${short(y)}`);
    this.#at = [x, y];
  }

  lineTo(x: number, y: number): void {
    this.#path.push(`L${short(x)} ${short(y)}`);
    this.#at = [x, y];
  }

  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.#path.push(`Q${short(cx)} ${short(cy)} ${short(x)} ${short(y)}`);
    this.#at = [x, y];
  }

  bezierCurveTo(...[ax, ay, bx, by, x, y]: Parameters<Pen["bezierCurveTo"]>): void {
    this.#path.push(`C${short(ax)} ${short(ay)} ${short(bx)} ${short(by)} ${short(x)} ${short(y)}`);
    this.#at = [x, y];
  }

  /** Round corners: the quadratic curve between the points of touch is near enough. */
  arcTo(...[cornerX, cornerY, x, y, radius]: Parameters<Pen["arcTo"]>): void {
    const [fromX, fromY] = this.#at;
    const into = Math.hypot(fromX - cornerX, fromY - cornerY) || 1;
    const out = Math.hypot(x - cornerX, y - cornerY) || 1;
    const cosine = ((fromX - cornerX) * (x - cornerX) + (fromY - cornerY) * (y - cornerY)) / (into * out);
    const touch = Math.min(radius / Math.tan(Math.acos(Math.max(-1, Math.min(1, cosine))) / 2), into, out);
    if (!(touch > 0)) {
      this.lineTo(cornerX, cornerY);
      return;
    }
    this.lineTo(cornerX + ((fromX - cornerX) / into) * touch, cornerY + ((fromY - cornerY) / into) * touch);
    this.quadraticCurveTo(
      cornerX,
      cornerY,
      cornerX + ((x - cornerX) / out) * touch,
      cornerY + ((y - cornerY) / out) * touch,
    );
  }

  arc(...[x, y, radius, from, to]: Parameters<Pen["arc"]>): void {
    const [startX, startY] = [x + radius * Math.cos(from), y + radius * Math.sin(from)];
    const r = short(radius);
    if (this.#path.length === 0) this.moveTo(startX, startY);
    const half = (from + to) / 2;
    const isRound = Math.abs(to - from) >= Math.PI * 2 - 1e-6;
    for (const end of isRound ? [from + Math.PI, from + Math.PI * 2] : [half, to]) {
      const [endX, endY] = [x + radius * Math.cos(end), y + radius * Math.sin(end)];
      this.#path.push(`A${r} ${r} 0 0 1 ${short(endX)} ${short(endY)}`);
      this.#at = [endX, endY];
    }
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`);
  }

  closePath(): void {
    this.#path.push("Z");
  }

  setLineDash(dash: Iterable<number>): void {
    this.#dash = [...dash];
  }

  fill(): void {
    this.#add(`fill="${escaped(this.fillStyle)}"`);
  }

  stroke(): void {
    const dash = this.#dash.length > 0 ? ` stroke-dasharray="${this.#dash.map(short).join(" ")}"` : "";
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const color = `stroke="${escaped(this.strokeStyle)}"`;
    this.#add(`fill="none" ${color} stroke-width="${short(this.lineWidth)}" stroke-linejoin="round"${cap}${dash}`);
  }

  fillText(text: string, x: number, y: number): void {
    if (text === "") return;
    const { weight, size, family } = fontParts(this.font);
    const anchor = this.textAlign === "center" ? ' text-anchor="middle"' : "";
    // The middle of the letters, as a canvas has it; not every reader of SVG knows dominant-baseline.
    const base = this.textBaseline === "middle" ? y + size * 0.35 : y;
    this.#parts.push(
      `<text x="${short(x)}" y="${short(base)}" fill="${escaped(this.fillStyle)}" font-size="${short(size)}"` +
        ` font-family="${escaped(family)}"${weight}${anchor}${this.#opacity()}>${escaped(text)}</text>`,
    );
  }

  /** The whole document. */
  document(width: number, height: number, background: string): string {
    const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" ${size}>` +
      `<rect width="100%" height="100%" fill="${escaped(background)}"/>${this.#parts.join("")}</svg>`
    );
  }

  #add(looks: string): void {
    if (this.#path.length > 0) this.#parts.push(`<path d="${this.#path.join("")}" ${looks}${this.#opacity()}/>`);
  }

  #opacity(): string {
    return this.globalAlpha < 1 ? ` opacity="${short(this.globalAlpha)}"` : "";
  }
}

function short(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : "0";
}

function fontParts(font: string): { weight: string; size: number; family: string } {
  const [, weight = "", size = "12", family = "sans-serif"] = /^(?:(\d+)\s+)?([\d.]+)px\s+(.*)$/s.exec(font) ?? [];
  return { weight: weight === "" ? "" : ` font-weight="${weight}"`, size: Number(size), family };
}

// XML knows no control characters, not even escaped, nor halves of surrogate pairs.
// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(forbidden, "\u25a1").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
