import { pointOn } from "./edgeCurves.ts";
import type { Palette } from "./palette.ts";
import { edgeWidths, type Stage } from "./stage.ts";
import { sightOf, type Viewport } from "./viewport.ts";

/** More moving points than this tell nothing. */
const mostEdges = 150;
/** Pixels of the scene per second, by width class: busier edges look busier. */
const speeds = [30, 45, 60, 80, 100, 130];
const spacing = 90;

/** Points that move along the busiest edges in sight; on a canvas of its own, so that nothing else is painted for them. */
export class Traffic {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d");
  #wants = false;
  #frame = 0;
  #seen: { readonly stage: Stage; readonly view: Viewport; readonly palette: Palette } | undefined;

  constructor() {
    Object.assign(this.canvas.style, { position: "absolute", left: "0", top: "0", display: "none" });
    this.canvas.setAttribute("aria-hidden", "true");
  }

  get wants(): boolean {
    return this.#wants;
  }

  set wants(wants: boolean) {
    this.#wants = wants;
    this.canvas.style.display = wants ? "block" : "none";
    if (wants) this.#request();
    else cancelAnimationFrame(this.#frame);
    if (!wants) this.#frame = 0;
  }

  follow(stage: Stage, view: Viewport, palette: Palette): void {
    this.#seen = { stage, view, palette };
    if (this.#wants) this.#request();
  }

  dispose(): void {
    this.wants = false;
    this.canvas.remove();
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#frame = 0;
    const pen = this.#context;
    if (!this.#seen || !pen || !this.#wants) return;
    const { stage, view } = this.#seen;
    const [width, height] = [Math.round(view.width), Math.round(view.height)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    pen.clearRect(0, 0, width, height);
    const sight = sightOf(view);
    let drawn = 0;
    for (const edge of stage.layer.order) {
      if (drawn >= mostEdges) break;
      const [left = 0, top = 0, right = 0, bottom = 0] = stage.layer.bounds.subarray(edge * 4, edge * 4 + 4);
      if (left > sight.right || right < sight.left || top > sight.bottom || bottom < sight.top) continue;
      if (!((stage.layer.edges.rate[edge] ?? 0) > 0)) continue;
      drawPoints(pen, edge, this.#seen, now);
      drawn++;
    }
    pen.globalAlpha = 1;
    this.#request();
  }
}

function drawPoints(
  pen: CanvasRenderingContext2D,
  edge: number,
  { stage, view, palette }: { stage: Stage; view: Viewport; palette: Palette },
  now: number,
): void {
  const { curves, widths, edges } = stage.layer;
  const i = edge * 8;
  const long = Math.hypot((curves[i + 6] ?? 0) - (curves[i] ?? 0), (curves[i + 7] ?? 0) - (curves[i + 1] ?? 0));
  if (long * view.scale < 24) return;
  const widthClass = widths[edge] ?? 0;
  const count = Math.max(1, Math.min(8, Math.floor(long / spacing)));
  const phase = ((now / 1000) * (speeds[widthClass] ?? 30)) / long;
  const radius = Math.max(1.5, ((edgeWidths[widthClass] ?? 1) / 2 + 1) * Math.min(1, view.scale + 0.3));
  const state = edges.state[edge] ?? 0;
  const isTrouble = state === 1 || state === 2;
  const protocol = stage.scene.snapshot.protocols[edges.protocol[edge] ?? 0] ?? "";
  pen.fillStyle = isTrouble ? (palette.states[state] ?? palette.foreground) : palette.edge(protocol);
  pen.beginPath();
  for (let point = 0; point < count; point++) {
    const [x, y] = pointOn(curves, edge, (phase + point / count) % 1);
    const [sx, sy] = [x * view.scale + view.left, y * view.scale + view.top];
    pen.moveTo(sx + radius, sy);
    pen.arc(sx, sy, radius, 0, Math.PI * 2);
  }
  pen.fill();
}
