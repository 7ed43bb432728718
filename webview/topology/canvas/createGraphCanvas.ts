import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import { nodeSize } from "../../../src/mesh/topology/layout/layout.ts";
import { flag } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { Scene } from "../scene/scene.ts";
import { CameraControl } from "./cameraControl.ts";
import { connectedWith, pathsOf, pathsThrough, type Emphasis, type Paths } from "./emphasis.ts";
import { pictureAsPng, pictureAsSvg } from "./exportPicture.ts";
import type { PaintCounts } from "./frame.ts";
import type { Camera, CanvasEvents, DrawOptions, GraphCanvas } from "./graphCanvas.ts";
import { hitAt, type Hit } from "./hitTest.ts";
import { motionBetween, moveTime, positionsOf, type Motion } from "./motion.ts";
import { Overlay } from "./overlay.ts";
import { paintSteps, type FrameParts } from "./paint.ts";
import { readPalette, watchPalette, type Palette } from "./palette.ts";
import type { Pen, Rect } from "./pen.ts";
import { Pointing } from "./pointing.ts";
import { SceneTargets } from "./sceneTargets.ts";
import { stageOf, type Stage } from "./stage.ts";
import { Surface, type Painting, type Wanted } from "./surface.ts";
import { createRuler, createTextFit } from "./textFit.ts";
import { tipOf } from "./tip.ts";
import { Traffic } from "./traffic.ts";
import { fitting, viewportOf, type Viewport } from "./viewport.ts";

/** A canvas that also tells what it has done: for tests and benches. */
export interface MeasuredCanvas extends GraphCanvas {
  readonly counts: Readonly<{ repaints: number; moved: number; last: PaintCounts | undefined; movedNodes: number }>;
  hitAt(x: number, y: number): Target | null;
  /** Moves the camera as a hand on the mouse would: one step of a gesture that goes on for a moment. */
  pretendGesture(camera: Camera): void;
}

/** Draws into an element that has a size of its own; everything else it brings along. */
export function createGraphCanvas(element: HTMLElement, events: CanvasEvents): MeasuredCanvas {
  return new CanvasView(element, events);
}

/** What is drawn at present. */
interface Shown {
  readonly scene: Scene;
  readonly options: DrawOptions;
  readonly targets: SceneTargets;
  /** Made when somebody first points at something. */
  readonly paths: () => Paths;
  readonly hasFound: boolean;
  stage: Stage;
}

class CanvasView implements MeasuredCanvas {
  readonly #element: HTMLElement;
  readonly #events: CanvasEvents;
  readonly #surface = new Surface();
  readonly #overlay = new Overlay();
  readonly #text = createTextFit(createRuler());
  readonly #control: CameraControl;
  readonly #pointing: Pointing;
  readonly #traffic: Traffic;
  readonly #ends: (() => void)[] = [];
  #palette: Palette = readPalette();
  #shown: Shown | undefined;
  #size = { width: 0, height: 0 };
  #motion: { readonly way: Motion; readonly started: number } | undefined;
  #fade: Float32Array | null = null;
  #selected: Target | null = null;
  #focused: Target | null = null;
  #hovered: Hit | undefined;
  #selection: Emphasis | null = null;
  #hover: Emphasis | null = null;
  #frame = 0;
  #isStale = true;
  #lastPaint: PaintCounts | undefined;
  #movedNodes = 0;
  #mustFit = false;

  constructor(element: HTMLElement, events: CanvasEvents) {
    this.#element = element;
    this.#events = events;
    if (getComputedStyle(element).position === "static") element.style.position = "relative";
    element.style.overflow = "hidden";
    element.style.touchAction = "none";
    this.#traffic = new Traffic();
    element.append(this.#surface.canvas, this.#traffic.canvas, this.#overlay.element);
    this.#control = new CameraControl(element, {
      moved: (camera) => this.#cameraMoved(camera),
      jumped: () => this.#invalidate(),
      rested: () => this.#request(),
      mayStart: (x, y) => !this.#pointing.isDraggable(x, y),
      wantsLessMotion: () => this.#palette.wantsLessMotion,
    });
    this.#pointing = new Pointing(element, {
      hit: (x, y) => this.#hit(x, y),
      hovered: (hit, at) => this.#hoverAt(hit, at),
      clicked: (hit) => this.#click(hit),
      opened: (hit) => hit && events.opened(this.#targetOf(hit)),
      menu: (hit, at) => events.contextMenu(hit ? this.#targetOf(hit) : null, at),
      dragged: (node, dx, dy) => this.#dragBy(node, dx / this.camera.scale, dy / this.camera.scale),
      dropped: (node) => this.#dropped(node),
    });
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(element);
    this.#ends.push(
      () => resized.disconnect(),
      watchPalette((palette) => {
        this.#palette = palette;
        this.#text.forget();
        this.#invalidate();
      }),
      () => this.#control.dispose(),
      () => this.#pointing.dispose(),
      () => this.#traffic.dispose(),
    );
    this.#resize();
  }

  get counts(): MeasuredCanvas["counts"] {
    return { ...this.#surface.counts, last: this.#lastPaint, movedNodes: this.#movedNodes };
  }

  get camera(): Camera {
    return this.#control.camera;
  }

  set camera(camera: Camera) {
    this.#control.jump(camera);
  }

  show(scene: Scene, options: DrawOptions): void {
    const before = this.#shown;
    const targets =
      before?.scene.snapshot === scene.snapshot ? before.targets.forScene(scene) : new SceneTargets(scene);
    const from = before && { scene: before.scene, targets: before.targets, positions: before.stage.positions };
    const way = from && motionBetween(from, { scene, targets });
    const mayMove = way !== undefined && !this.#palette.wantsLessMotion;
    this.#movedNodes = way?.moved ?? 0;
    const start = mayMove ? way.at(0) : { positions: positionsOf(scene.placement), fade: null };
    const hasFound = scene.snapshot.nodes.flags.some((flags) => (flags & flag.found) !== 0);
    let known: Paths | undefined;
    const paths = () => (known ??= pathsOf(scene));
    this.#shown = { scene, options, targets, paths, hasFound, stage: stageOf(scene, start.positions, before?.stage) };
    this.#fade = start.fade;
    this.#motion = mayMove ? { way, started: performance.now() } : undefined;
    this.#hovered = undefined;
    this.#hover = null;
    this.#overlay.hideTip();
    this.#emphasise();
    this.#traffic.wants = options.animation && !this.#palette.wantsLessMotion;
    this.#invalidate();
  }

  select(target: Target | null): void {
    this.#selected = target;
    this.#emphasise();
    this.#invalidate();
  }

  highlight(target: Target | null): void {
    this.#focused = target;
    const hit = target ? this.#shown?.targets.hitOf(target) : undefined;
    this.#hoverOver(hit);
  }

  reveal(target: Target): void {
    const rect = this.#boundsOf(this.#shown?.targets.hitOf(target));
    if (!rect) return;
    const { width, height } = this.#size;
    const scale = Math.min(this.camera.scale, (width * 0.9) / rect.width, (height * 0.9) / rect.height);
    const isReadable = Math.max(scale, Math.min(0.8, (width * 0.6) / rect.width, (height * 0.6) / rect.height));
    this.#control.glide({ x: rect.x + rect.width / 2, y: rect.y + rect.height / 2, scale: isReadable });
  }

  fit(): void {
    // Asked for before there is a place to fit into: done as soon as there is one.
    this.#mustFit = this.#size.width === 0;
    if (!this.#shown || this.#mustFit) return;
    const camera = fitting(this.#shown.stage.bounds, ...this.#sides());
    if (this.#control.isUntouched) this.#control.jump(camera);
    else this.#control.glide(camera);
  }

  zoomBy(factor: number): void {
    this.#control.glide({ ...this.camera, scale: this.camera.scale * factor });
  }

  panBy(dx: number, dy: number): void {
    const { x, y, scale } = this.camera;
    this.#control.step({ x: x - dx / scale, y: y - dy / scale, scale });
  }

  toSvg(): string {
    return this.#shown ? pictureAsSvg(this.#parts(this.#shown, this.#surface.context)) : "";
  }

  async toPng(): Promise<string> {
    return this.#shown ? pictureAsPng(this.#parts(this.#shown, this.#surface.context)) : Promise.resolve("");
  }

  hitAt(x: number, y: number): Target | null {
    const hit = this.#hit(x, y);
    return hit ? this.#targetOf(hit) : null;
  }

  pretendGesture(camera: Camera): void {
    this.#control.step(camera);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    for (const end of this.#ends.splice(0)) end();
    this.#surface.canvas.remove();
    this.#overlay.element.remove();
    this.#shown = undefined;
  }

  #sides(): [number, number] {
    return [this.#size.width, this.#size.height];
  }

  #viewport(): Viewport {
    return viewportOf(this.camera, ...this.#sides());
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === this.#size.width && height === this.#size.height) return;
    const isFirst = this.#size.width === 0;
    this.#size = { width, height };
    this.#surface.resize(width, height);
    this.#control.resize(width, height);
    if (isFirst && this.#mustFit && width > 0) this.fit();
    // A canvas that was given a new size is blank until it is painted: not in the next frame but now.
    this.#isStale = true;
    this.#step(performance.now());
  }

  #cameraMoved(camera: Camera): void {
    this.#overlay.hideTip();
    this.#request();
    this.#events.cameraMoved(camera);
  }

  #invalidate(): void {
    this.#isStale = true;
    this.#request();
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#step(now));
  }

  #step(now: number): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const shown = this.#shown;
    if (!shown || this.#size.width === 0 || this.#size.height === 0) return;
    this.#advance(shown, now);
    const view = this.#viewport();
    const isGesture = this.#control.isMoving;
    const mayFollow = !this.#isStale && this.#surface.hasPicture && (this.#surface.isSlow || !isGesture);
    const start = (wanted: Wanted) => this.#painting(shown, wanted);
    if (mayFollow) {
      const isBusy = this.#surface.follow({ view, isGesture, now, scene: shown.stage.bounds }, start);
      if (isBusy) this.#request();
    } else {
      this.#isStale = false;
      this.#surface.repaint(view, start);
    }
    this.#placeRings(shown);
    this.#traffic.follow(shown.stage, view, this.#palette);
    if (this.#motion) this.#invalidate();
  }

  #advance(shown: Shown, now: number): void {
    if (!this.#motion) return;
    const part = (now - this.#motion.started) / moveTime;
    const { positions, fade } = this.#motion.way.at(part);
    shown.stage = stageOf(shown.scene, positions);
    this.#fade = fade;
    this.#isStale = true;
    if (part >= 1) this.#motion = undefined;
  }

  *#painting(shown: Shown, { context, view, sight }: Wanted): Painting {
    this.#lastPaint = yield* paintSteps({ ...this.#parts(shown, context), view, sight });
  }

  #parts(shown: Shown, pen: Pen): FrameParts {
    const { stage, options, hasFound } = shown;
    return {
      ...{ pen, stage, hasFound, palette: this.#palette, text: this.#text, fade: this.#fade },
      view: this.#viewport(),
      format: options.format,
      label: options.label,
      selected: this.#selection,
      hovered: this.#hover,
    };
  }

  #emphasise(): void {
    const shown = this.#shown;
    const hit = this.#selected ? shown?.targets.hitOf(this.#selected) : undefined;
    this.#selection = shown && hit ? connectedWith(shown.paths(), shown.targets.aimOf(hit)) : null;
  }

  #hit(x: number, y: number): Hit | undefined {
    if (!this.#shown) return undefined;
    return hitAt(this.#shown.stage, this.#viewport(), { x, y }, this.#lastPaint?.detail !== "overview");
  }

  #targetOf(hit: Hit): Target {
    return this.#shown?.targets.targetOf(hit) ?? { what: "node", id: "" };
  }

  #click(hit: Hit | undefined): void {
    // A frame's inside is where people click to get rid of a selection.
    const isFrame = hit?.what === "box" && this.#shown?.scene.boxShown[hit.box] === 1;
    const target = hit && !(isFrame && this.#selected) ? this.#targetOf(hit) : null;
    this.select(target);
    this.#events.selected(target);
  }

  #hoverAt(hit: Hit | undefined, at: { readonly x: number; readonly y: number }): void {
    const shown = this.#shown;
    if (shown && hit && !this.#control.isMoving) {
      this.#overlay.tip(tipOf(shown.scene, hit, shown.options.format), at, this.#palette);
    } else this.#overlay.hideTip();
    if (sameHit(hit, this.#hovered)) return;
    this.#hoverOver(hit);
    this.#element.style.cursor = hit && !(hit.what === "box" && shown?.scene.boxShown[hit.box] === 1) ? "pointer" : "";
    this.#events.hovered(hit ? this.#targetOf(hit) : null);
  }

  #hoverOver(hit: Hit | undefined): void {
    const shown = this.#shown;
    const isPath = hit !== undefined && !(hit.what === "box" && shown?.scene.boxShown[hit.box] === 1);
    const had = this.#hover !== null;
    this.#hovered = hit;
    this.#hover = shown && isPath ? pathsThrough(shown.paths(), shown.targets.aimOf(hit)) : null;
    if (had || this.#hover) this.#invalidate();
    else this.#request();
  }

  #dragBy(node: number, dx: number, dy: number): void {
    const shown = this.#shown;
    if (!shown) return;
    const { positions } = shown.stage;
    // The layout's own arrays are not ours to change.
    const moved = { x: positions.x.slice(), y: positions.y.slice(), boxes: positions.boxes };
    moved.x[node] = (moved.x[node] ?? 0) + dx;
    moved.y[node] = (moved.y[node] ?? 0) + dy;
    this.#motion = undefined;
    this.#fade = null;
    shown.stage = stageOf(shown.scene, moved);
    this.#overlay.hideTip();
    this.#invalidate();
  }

  #dropped(node: number): void {
    const shown = this.#shown;
    if (!shown) return;
    const { x, y } = shown.stage.positions;
    const { id } = shown.targets.targetOf({ what: "node", node });
    this.#events.dragged({ [id]: [x[node] ?? 0, y[node] ?? 0] });
  }

  /** In the scene's pixels. */
  #boundsOf(hit: Hit | undefined): Rect | undefined {
    const shown = this.#shown;
    if (!shown || !hit) return undefined;
    const { positions, layer } = shown.stage;
    if (hit.what === "node") {
      const { width, height } = nodeSize;
      return {
        x: (positions.x[hit.node] ?? 0) - width / 2,
        y: (positions.y[hit.node] ?? 0) - height / 2,
        width,
        height,
      };
    }
    const from = hit.what === "box" ? positions.boxes : layer.bounds;
    const [x = 0, y = 0, a = 0, b = 0] = from.subarray((hit.what === "box" ? hit.box : hit.edge) * 4);
    return hit.what === "box" ? { x, y, width: a, height: b } : { x, y, width: a - x, height: b - y };
  }

  #placeRings(shown: Shown): void {
    const ringOf = (target: Target | null): Rect | null => {
      const hit = target ? shown.targets.hitOf(target) : undefined;
      const rect = hit && hit.what !== "edge" ? this.#boundsOf(hit) : undefined;
      if (!rect) return null;
      const { scale, left, top } = this.#viewport();
      return {
        x: rect.x * scale + left,
        y: rect.y * scale + top,
        width: rect.width * scale,
        height: rect.height * scale,
      };
    };
    this.#overlay.rings(ringOf(this.#selected), ringOf(this.#focused));
  }
}

function sameHit(a: Hit | undefined, b: Hit | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b));
}
