import { drag, select, type D3DragEvent } from "d3";
import type { Hit } from "./hitTest.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PointingOwner {
  hit(x: number, y: number): Hit | undefined;
  /** At a point of the element; undefined: nothing is there, or the pointer has left. */
  hovered(hit: Hit | undefined, at: Point): void;
  clicked(hit: Hit | undefined): void;
  opened(hit: Hit | undefined): void;
  /** Where the menu is to open, in pixels of the page. */
  menu(hit: Hit | undefined, at: Point): void;
  dragged(node: number, dx: number, dy: number): void;
  dropped(node: number): void;
}

type NodeDrag = D3DragEvent<HTMLElement, unknown, { readonly node: number }>;

/** Pointers on the picture besides panning and zooming: hover, click, double click, menu, dragging a node. */
export class Pointing {
  readonly #element: HTMLElement;
  readonly #owner: PointingOwner;
  readonly #abort = new AbortController();
  #hasMoved = false;
  #pending: Point | undefined;
  #frame = 0;

  constructor(element: HTMLElement, owner: PointingOwner) {
    this.#element = element;
    this.#owner = owner;
    const { signal } = this.#abort;
    const on = <K extends keyof HTMLElementEventMap>(type: K, run: (event: HTMLElementEventMap[K]) => void) =>
      element.addEventListener(type, run, { signal });
    on("pointermove", (event) => this.#hoverSoon(event));
    on("pointerleave", () => this.#leave());
    on("click", (event) => this.#owner.clicked(this.#hitOf(event)));
    on("dblclick", (event) => this.#owner.opened(this.#hitOf(event)));
    on("contextmenu", (event) => this.#owner.menu(this.#hitOf(event), { x: event.clientX, y: event.clientY }));
    this.#dragNodes();
  }

  /** A node is there, which can be dragged. */
  isDraggable(x: number, y: number): boolean {
    return this.#owner.hit(x, y)?.what === "node";
  }

  dispose(): void {
    this.#abort.abort();
    cancelAnimationFrame(this.#frame);
    select(this.#element).on(".drag", null);
  }

  #dragNodes(): void {
    const dragging = drag<HTMLElement, unknown, { node: number } | undefined>()
      .clickDistance(4)
      .filter((event: MouseEvent) => event.button === 0 && !event.ctrlKey)
      .subject((event: { readonly x: number; readonly y: number }) => {
        const hit = this.#owner.hit(event.x, event.y);
        return hit?.what === "node" ? { node: hit.node } : undefined;
      })
      .on("start", () => (this.#hasMoved = false))
      .on("drag", (event: NodeDrag) => {
        this.#hasMoved ||= event.dx !== 0 || event.dy !== 0;
        this.#owner.dragged(event.subject.node, event.dx, event.dy);
      })
      .on("end", (event: NodeDrag) => {
        if (this.#hasMoved) this.#owner.dropped(event.subject.node);
      });
    select<HTMLElement, unknown>(this.#element).call(dragging as never);
  }

  /** Once a frame is enough, however fast the mouse reports. */
  #hoverSoon(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    this.#pending = this.#pointOf(event);
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const at = this.#pending;
      if (at) this.#owner.hovered(this.#owner.hit(at.x, at.y), at);
    });
  }

  #leave(): void {
    this.#pending = undefined;
    this.#owner.hovered(undefined, { x: 0, y: 0 });
  }

  #hitOf(event: MouseEvent): Hit | undefined {
    const { x, y } = this.#pointOf(event);
    return this.#owner.hit(x, y);
  }

  #pointOf(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
