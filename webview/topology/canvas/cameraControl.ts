import { select, zoom, zoomIdentity, type D3ZoomEvent, type ZoomTransform } from "d3";
import type { Camera } from "./graphCanvas.ts";
import { cameraOf, scaleExtent, viewportOf } from "./viewport.ts";

export interface CameraOwner {
  moved(camera: Camera): void;
  /** It is somewhere else at once. */
  jumped(): void;
  /** A gesture or a glide has ended. */
  rested(): void;
  /** False where something else is meant by pressing here. */
  mayStart(x: number, y: number): boolean;
  wantsLessMotion(): boolean;
}

const glideTime = 220;
/** A gesture has ended when nothing came for so long: wheels do not tell. */
const rest = 120;

/** Panning and zooming by hand (d3-zoom: mouse, wheel, touch, pinch) and by command. */
export class CameraControl {
  readonly #element: HTMLElement;
  readonly #owner: CameraOwner;
  readonly #zoom = zoom<HTMLElement, unknown>();
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #size = { width: 1, height: 1 };
  #isMoving = false;
  #isTouched = false;
  #isOwnChange = false;
  #glide = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(element: HTMLElement, owner: CameraOwner) {
    this.#element = element;
    this.#owner = owner;
    this.#zoom
      .scaleExtent([...scaleExtent])
      // The element's size as it is, also while nothing has been laid out.
      .extent(() => [
        [0, 0],
        [this.#size.width, this.#size.height],
      ])
      .clickDistance(4)
      .filter((event: MouseEvent | WheelEvent | TouchEvent) => this.#accepts(event))
      .on("start", () => this.#begin())
      .on("zoom", (event: D3ZoomEvent<HTMLElement, unknown>) => this.#zoomed(event.transform))
      .on("end", () => this.#settle());
    select(element).call(this.#zoom).on("dblclick.zoom", null);
  }

  get camera(): Camera {
    return this.#camera;
  }

  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** True until somebody moved it: by hand, by command or from what was saved. */
  get isUntouched(): boolean {
    return !this.#isTouched;
  }

  /** The point in the middle stays there. */
  resize(width: number, height: number): void {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height) };
    this.#apply(this.#camera);
  }

  jump(camera: Camera): void {
    cancelAnimationFrame(this.#glide);
    if (![camera.x, camera.y, camera.scale].every(Number.isFinite)) return;
    this.#isTouched = true;
    this.#apply({ ...camera, scale: Math.max(scaleExtent[0], Math.min(scaleExtent[1], camera.scale)) });
    this.#owner.moved(this.#camera);
    this.#owner.jumped();
  }

  /** One step of a gesture that may go on: a key that is held down. */
  step(camera: Camera): void {
    cancelAnimationFrame(this.#glide);
    this.#begin();
    this.#apply(camera);
    this.#owner.moved(this.#camera);
    this.#settle();
  }

  /** Gets there in a moment; at once where motion is not wanted. */
  glide(to: Camera): void {
    if (this.#owner.wantsLessMotion()) {
      this.jump(to);
      return;
    }
    cancelAnimationFrame(this.#glide);
    const from = this.#camera;
    const scale = Math.max(scaleExtent[0], Math.min(scaleExtent[1], to.scale));
    const started = performance.now();
    this.#begin();
    const step = (now: number) => {
      const time = Math.max(0, Math.min(1, (now - started) / glideTime));
      const part = 1 - (1 - time) ** 3;
      this.#apply({
        x: from.x + (to.x - from.x) * part,
        y: from.y + (to.y - from.y) * part,
        scale: from.scale * (scale / from.scale) ** part,
      });
      this.#owner.moved(this.#camera);
      if (time < 1) this.#glide = requestAnimationFrame(step);
      else this.#settle(0);
    };
    this.#glide = requestAnimationFrame(step);
  }

  dispose(): void {
    cancelAnimationFrame(this.#glide);
    clearTimeout(this.#rest);
    select(this.#element).on(".zoom", null);
  }

  #accepts(event: MouseEvent | WheelEvent | TouchEvent): boolean {
    if (event.type === "wheel") return true;
    if (!("button" in event)) return true;
    if (event.button === 1) return true;
    if (event.button !== 0 || event.ctrlKey) return false;
    const { left, top } = this.#element.getBoundingClientRect();
    return this.#owner.mayStart(event.clientX - left, event.clientY - top);
  }

  #begin(): void {
    clearTimeout(this.#rest);
    this.#isMoving = true;
    this.#isTouched = true;
  }

  #zoomed({ k, x, y }: ZoomTransform): void {
    if (this.#isOwnChange) return;
    cancelAnimationFrame(this.#glide);
    this.#begin();
    this.#camera = cameraOf({ scale: k, left: x, top: y, ...this.#size });
    this.#owner.moved(this.#camera);
  }

  #settle(after = rest): void {
    if (this.#isOwnChange) return;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#isMoving = false;
      this.#owner.rested();
    }, after);
  }

  /** Tells d3 where we are, without hearing it back. */
  #apply(camera: Camera): void {
    this.#camera = camera;
    const { left, top, scale } = viewportOf(camera, this.#size.width, this.#size.height);
    this.#isOwnChange = true;
    select(this.#element).property("__zoom", zoomIdentity.translate(left, top).scale(scale));
    this.#isOwnChange = false;
  }
}
