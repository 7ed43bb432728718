import type { Bounds, Viewport } from "./viewport.ts";

/** Above this a repaint is too slow to be done for every frame of a gesture (milliseconds). */
const slow = 8;
/** What is painted around the view while hands are on it, as a part of its sides: it may come into sight next. */
const room = 0.2;
/** Milliseconds of one frame that painting the next picture may take, by its own estimate. */
const share = { least: 2, first: 5, most: 9 } as const;
/** In about so many frames it is complete, late or not: some screens show few frames a second. */
const mostFrames = 14;
/** A frame that took longer came too late. */
const late = 21;

/** A picture in the making. It yields what it has drawn since it last did, in milliseconds of putting the pixels there. */
export type Painting = Generator<number, void>;

/** What to paint: all of `view`, so that `sight` looks as it would without the rest. */
export interface Wanted {
  readonly context: CanvasRenderingContext2D;
  readonly view: Viewport;
  readonly sight: Viewport;
}

export interface Following {
  readonly view: Viewport;
  readonly isGesture: boolean;
  /** The frame's time. */
  readonly now: number;
  /** Outside of these bounds there is nothing to paint. */
  readonly scene: Bounds;
}

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

interface Job {
  readonly view: Viewport;
  readonly ratio: number;
  readonly isCrisp: boolean;
  readonly painting: Painting;
  spent: number;
}

function createSheet(): Sheet {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("No canvas can be drawn on here.");
  Object.assign(canvas.style, { position: "absolute", left: "0", top: "0", transformOrigin: "0 0" });
  canvas.setAttribute("aria-hidden", "true");
  return { canvas, context };
}

/**
 * The picture on the screen, and the trick that keeps gestures fluid: where repaints are slow, the last picture is moved
 * and scaled as a whole while the next one is painted a little in each frame, on a second canvas that takes the first
 * one's place when it is complete. Pixels drawn in a frame cost that frame, so the second one never comes at a stroke.
 */
export class Surface {
  /** How often everything was painted, and how often the last picture was moved instead. */
  readonly counts = { repaints: 0, moved: 0 };
  #shown = createSheet();
  #next = createSheet();
  #painted: Viewport | undefined;
  #paintedRatio = 0;
  #isCrisp = false;
  #job: Job | undefined;
  #cost = 0;
  #share: number = share.first;
  #lastFrame = 0;
  #lastView: Viewport | undefined;

  /** Which of the two is on the screen changes. */
  get canvas(): HTMLCanvasElement {
    return this.#shown.canvas;
  }

  get context(): CanvasRenderingContext2D {
    return this.#shown.context;
  }

  /** True where painting everything in one frame would make it late. */
  get isSlow(): boolean {
    return this.#cost >= slow;
  }

  /** What is on the screen is of no use any more; the next repaint is of this size. */
  resize(width: number, height: number): void {
    this.#painted = undefined;
    this.#job = undefined;
    setSize(this.#shown.canvas, { width, height }, devicePixelRatio);
  }

  /** True where there is a picture that can be moved meanwhile. */
  get hasPicture(): boolean {
    return this.#painted !== undefined;
  }

  /** Clears, lets `draw` paint, and learns what that costs. */
  repaint(view: Viewport, start: (wanted: Wanted) => Painting): void {
    const started = performance.now();
    this.#job = undefined;
    const { canvas, context } = this.#shown;
    this.#paintedRatio = devicePixelRatio;
    blank(this.#shown, view, this.#paintedRatio);
    const painting = start({ context, view, sight: view });
    while (painting.next().done !== true);
    canvas.style.transform = "";
    this.#painted = view;
    this.#isCrisp = true;
    this.counts.repaints++;
    const script = performance.now() - started;
    // Putting the pixels there happens after the script; a late next frame tells of it.
    requestAnimationFrame(() => {
      const passed = performance.now() - started;
      this.#learn(passed < 1000 ? Math.max(script, passed - 17) : script);
    });
  }

  /**
   * Shows the last picture where it belongs now, and goes on with the next one if one is needed.
   * @returns true while there is more to do
   */
  follow({ view, isGesture, now, scene }: Following, start: (wanted: Wanted) => Painting): boolean {
    if (this.#job?.isCrisp === isGesture) this.#job = undefined;
    if (!this.#job && (isGesture ? this.#isLeaving(view, scene) : !this.#isExact(view))) {
      this.#begin(view, isGesture, start);
    }
    this.#lastView = view;
    this.#advance(now);
    this.#move(view);
    return this.#job !== undefined;
  }

  #begin(view: Viewport, isGesture: boolean, start: (wanted: Wanted) => Painting): void {
    const wide = isGesture ? around(ahead(view, this.#lastView)) : view;
    const fine = devicePixelRatio;
    const ratio = isGesture && fine > 1 && this.#cost > 12 ? 1 : fine;
    blank(this.#next, wide, ratio);
    const painting = start({ context: this.#next.context, view: wide, sight: view });
    this.#job = { view: wide, ratio, isCrisp: !isGesture, painting, spent: 0 };
    this.#lastFrame = 0;
  }

  #advance(now: number): void {
    const job = this.#job;
    if (!job) return;
    const passed = this.#lastFrame === 0 ? 0 : now - this.#lastFrame;
    this.#lastFrame = now;
    if (passed > late) this.#share = Math.max(share.least, this.#share * 0.6);
    else this.#share = Math.min(share.most, this.#share * 1.04);
    const started = performance.now();
    let drawn = 0;
    const mine = Math.max(this.#share, Math.min(share.first, this.#cost / mostFrames));
    const spent = () => drawn + performance.now() - started;
    let step = job.painting.next();
    while (step.done !== true) {
      drawn += step.value;
      if (spent() >= mine) break;
      step = job.painting.next();
    }
    job.spent += spent();
    if (step.done === true) this.#finish(job);
  }

  #finish(job: Job): void {
    [this.#shown, this.#next] = [this.#next, this.#shown];
    this.#next.canvas.replaceWith(this.#shown.canvas);
    this.#painted = job.view;
    this.#paintedRatio = job.ratio;
    this.#isCrisp = job.isCrisp;
    this.#job = undefined;
    this.counts.repaints++;
    this.#learn(job.spent);
  }

  #move(view: Viewport): void {
    const old = this.#painted;
    if (!old) return;
    this.counts.moved++;
    const zoom = view.scale / old.scale;
    const [dx, dy] = [view.left - old.left * zoom, view.top - old.top * zoom];
    const isInPlace = dx === 0 && dy === 0 && zoom === 1;
    this.canvas.style.transform = isInPlace ? "" : `translate(${dx}px, ${dy}px) scale(${zoom})`;
  }

  #isExact(view: Viewport): boolean {
    const old = this.#painted;
    if (!old || !this.#isCrisp || this.#paintedRatio !== devicePixelRatio) return false;
    return old.scale === view.scale && old.left === view.left && old.top === view.top;
  }

  /** The last picture gets too coarse, or something that it lacks could soon come into sight. */
  #isLeaving(view: Viewport, scene: Bounds): boolean {
    const old = this.#painted;
    if (!old) return true;
    const zoom = view.scale / old.scale;
    if (zoom < 0.8 || zoom > 1.3) return true;
    const [left, top] = [view.left - old.left * zoom, view.top - old.top * zoom];
    const [right, bottom] = [left + old.width * zoom, top + old.height * zoom];
    const [x, y] = [(view.width * room) / 2, (view.height * room) / 2];
    return (
      (left > -x && scene.left * view.scale + view.left < left) ||
      (right < view.width + x && scene.right * view.scale + view.left > right) ||
      (top > -y && scene.top * view.scale + view.top < top) ||
      (bottom < view.height + y && scene.bottom * view.scale + view.top > bottom)
    );
  }

  #learn(milliseconds: number): void {
    this.#cost = this.#cost === 0 ? milliseconds : this.#cost * 0.6 + milliseconds * 0.4;
  }
}

function blank({ canvas, context }: Sheet, view: Viewport, ratio: number): void {
  setSize(canvas, view, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
}

function setSize(
  canvas: HTMLCanvasElement,
  { width, height }: Pick<Viewport, "width" | "height">,
  ratio: number,
): void {
  const [wide, high] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  if (canvas.width === wide && canvas.height === high) return;
  canvas.width = wide;
  canvas.height = high;
}

/** Where a moving view will be when its picture is complete, as far as there is room for a mistake. */
function ahead(view: Viewport, before: Viewport | undefined): Viewport {
  if (!before || Math.abs(view.scale / before.scale - 1) > 0.001) return view;
  const limited = (value: number, side: number) => Math.max(-side * room * 0.75, Math.min(side * room * 0.75, value));
  return {
    ...view,
    left: view.left + limited((view.left - before.left) * 6, view.width),
    top: view.top + limited((view.top - before.top) * 6, view.height),
  };
}

function around({ scale, left, top, width, height }: Viewport): Viewport {
  const [x, y] = [Math.round(width * room), Math.round(height * room)];
  return { scale, left: left + x, top: top + y, width: width + 2 * x, height: height + 2 * y };
}
