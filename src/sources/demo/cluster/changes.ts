import type { WatchChange } from "../../../mesh/ports.ts";

/** Changes that wait until the watcher takes them. */
export class Changes {
  readonly #waiting: WatchChange[] = [];
  #wake: (() => void) | undefined;

  push(change: WatchChange): void {
    this.#waiting.push(change);
    this.#wake?.();
  }

  /** The next change, whenever it comes; throws what the signal was aborted with. */
  async next(signal: AbortSignal): Promise<WatchChange> {
    for (;;) {
      signal.throwIfAborted();
      const change = this.#waiting.shift();
      if (change) return change;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#wake = undefined;
          signal.removeEventListener("abort", wake);
          resolve();
        };
        this.#wake = wake;
        signal.addEventListener("abort", wake, { once: true });
      });
    }
  }
}
