import type { Disposable } from "../disposer.ts";
import type { Clock } from "../ports.ts";

/**
 * One pulse for everything that is asked again and again. It beats only while somebody holds it: the first holder is
 * answered at once when the last beat is older than the interval, else when the interval is over.
 */
export class RefreshClock implements Disposable {
  readonly #clock: Clock;
  readonly #beat: () => void;
  #intervalMillis: number;
  #holders = 0;
  #lastBeat: number | undefined;
  #next: Disposable | undefined;
  #isDisposed = false;

  constructor(clock: Clock, intervalSeconds: number, beat: () => void) {
    this.#clock = clock;
    this.#intervalMillis = intervalSeconds * 1000;
    this.#beat = beat;
  }

  get isHeld(): boolean {
    return this.#holders > 0;
  }

  /** Keeps the clock beating until disposed; disposing twice counts once. */
  hold(): Disposable {
    let isHolding = true;
    this.#holders++;
    if (this.#holders === 1) this.#schedule();
    return {
      dispose: () => {
        if (!isHolding) return;
        isHolding = false;
        this.#holders--;
        if (this.#holders === 0) this.#cancel();
      },
    };
  }

  /** Beats now, held or not, and counts the interval from here. */
  beatNow(): void {
    if (this.#isDisposed) return;
    this.#cancel();
    this.#lastBeat = this.#clock.now();
    if (this.isHeld) this.#schedule();
    this.#beat();
  }

  setInterval(seconds: number): void {
    this.#intervalMillis = seconds * 1000;
    if (!this.isHeld) return;
    this.#cancel();
    this.#schedule();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancel();
  }

  #schedule(): void {
    if (this.#isDisposed || this.#next) return;
    const due = this.#lastBeat === undefined ? 0 : this.#lastBeat + this.#intervalMillis - this.#clock.now();
    this.#next = this.#clock.after(Math.max(0, due), () => {
      this.#next = undefined;
      this.beatNow();
    });
  }

  #cancel(): void {
    this.#next?.dispose();
    this.#next = undefined;
  }
}
