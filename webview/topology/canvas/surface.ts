import type { Viewport } from "./viewport.ts";

/** Above this a repaint is too slow to be done for every frame of a gesture (milliseconds). */
const slow = 10;

/**
 * The canvas element: its backing store, and the trick that keeps gestures fluid. While a gesture runs and repaints are
 * slow, the last picture is moved and scaled as a whole, until it is too far from what it should show.
 */
export class Surface {
  readonly canvas = document.createElement("canvas");
  readonly context: CanvasRenderingContext2D;
  /** How often everything was painted, and how often the last picture was moved instead. */
  readonly counts = { repaints: 0, moved: 0 };
  #painted: Viewport | undefined;
  #cost = 0;
  #ratio = 1;
  #isCoarse = false;

  constructor() {
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("No canvas can be drawn on here.");
    this.context = context;
    Object.assign(this.canvas.style, { position: "absolute", left: "0", top: "0", transformOrigin: "0 0" });
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** Pixels of the backing store per pixel of the page. */
  get ratio(): number {
    return this.#ratio;
  }

  /** What a repaint costs by now (milliseconds): its script, and how late the next frame came. */
  get cost(): number {
    return this.#cost;
  }

  resize(width: number, height: number): void {
    this.#painted = undefined;
    this.#setSize(width, height, devicePixelRatio);
  }

  #setSize(width: number, height: number, ratio: number): void {
    this.#ratio = ratio;
    const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (this.canvas.width === wide && this.canvas.height === high) return;
    this.canvas.width = wide;
    this.canvas.height = high;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /** True where moving the last picture will do for now. */
  canMove(view: Viewport): boolean {
    const old = this.#painted;
    if (!old || this.#cost < slow || old.width !== view.width || old.height !== view.height) return false;
    const zoom = view.scale / old.scale;
    if (zoom < 0.75 || zoom > 1.5) return false;
    const [dx, dy] = [view.left - old.left * zoom, view.top - old.top * zoom];
    // Zooming about the middle moves the corner without moving the picture.
    const panX = dx - ((1 - zoom) * view.width) / 2;
    const panY = dy - ((1 - zoom) * view.height) / 2;
    return Math.abs(panX) <= view.width * 0.3 && Math.abs(panY) <= view.height * 0.3;
  }

  move(view: Viewport): void {
    const old = this.#painted;
    if (!old) return;
    this.counts.moved++;
    const zoom = view.scale / old.scale;
    this.canvas.style.transform = `translate(${view.left - old.left * zoom}px, ${view.top - old.top * zoom}px) scale(${zoom})`;
  }

  /** Clears, lets `draw` paint, and learns what that costs. While hands are on it, a slow picture is painted coarser. */
  repaint(view: Viewport, isGesture: boolean, draw: () => void): void {
    const started = performance.now();
    const fine = devicePixelRatio;
    this.#isCoarse = isGesture && fine > 1 && (this.#isCoarse || this.#cost > 12);
    this.#setSize(view.width, view.height, this.#isCoarse ? 1 : fine);
    this.context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.context.clearRect(0, 0, view.width, view.height);
    draw();
    this.canvas.style.transform = "";
    this.#painted = view;
    this.counts.repaints++;
    const script = performance.now() - started;
    // Putting the pixels there happens after the script; a late next frame tells of it.
    requestAnimationFrame(() => {
      const late = performance.now() - started;
      this.#learn(late < 1000 ? Math.max(script, late - 17) : script);
    });
  }

  #learn(milliseconds: number): void {
    this.#cost = this.#cost === 0 ? milliseconds : this.#cost * 0.6 + milliseconds * 0.4;
  }
}
