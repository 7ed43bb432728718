import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { ReactiveController, ReactiveControllerHost } from "lit";

export interface RowWindowOptions {
  /** CSS pixels; all rows are of one height. */
  readonly rowHeight: number;
  /** What scrolls; looked for after the element was drawn. */
  readonly scroll: () => HTMLElement | null;
  /** Height of a head that stays, in CSS pixels. */
  readonly head?: number;
}

/** The rows of a long table that are in sight. Draws its element again when others come into it. */
export class RowWindow implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: RowWindowOptions;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | undefined;
  #unmount: (() => void) | undefined;
  #scroll: HTMLElement | null = null;
  #count = 0;

  constructor(host: ReactiveControllerHost, options: RowWindowOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** To be called while drawing. */
  rows(count: number): readonly VirtualItem[] {
    this.#count = count;
    this.#virtualizer?.setOptions(this.#virtualizerOptions());
    return this.#virtualizer?.getVirtualItems() ?? [];
  }

  /** CSS pixels of all rows. */
  get height(): number {
    return this.#count * this.#options.rowHeight;
  }

  get firstSeen(): number {
    return Math.floor((this.#scroll?.scrollTop ?? 0) / this.#options.rowHeight);
  }

  get pageRows(): number {
    return Math.max(1, Math.floor((this.#scroll?.clientHeight ?? 0) / this.#options.rowHeight) - 1);
  }

  reveal(row: number): void {
    this.#virtualizer?.scrollToIndex(row);
  }

  hostUpdated(): void {
    const scroll = this.#options.scroll();
    if (scroll === this.#scroll) {
      this.#virtualizer?._willUpdate();
      return;
    }
    this.#end();
    this.#scroll = scroll;
    if (!scroll) return;
    this.#virtualizer = new Virtualizer(this.#virtualizerOptions());
    this.#unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#end();
    this.#scroll = null;
  }

  #end(): void {
    this.#unmount?.();
    this.#unmount = undefined;
    this.#virtualizer = undefined;
  }

  #virtualizerOptions(): VirtualizerOptions<HTMLElement, HTMLElement> {
    const { rowHeight, head = 0 } = this.#options;
    return {
      count: this.#count,
      getScrollElement: () => this.#scroll,
      estimateSize: () => rowHeight,
      overscan: 8,
      scrollPaddingStart: head,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#host.requestUpdate(),
    };
  }
}
