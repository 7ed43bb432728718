import type { Disposable } from "../disposer.ts";
import type { Clock } from "../ports.ts";

/** Turns many pokes into few deliveries: the first at once, then at most one per interval, and never one too few. */
export class Coalescer implements Disposable {
  readonly #clock: Clock;
  readonly #intervalMillis: number;
  readonly #deliver: () => void;
  #lastDelivery: number | undefined;
  #pending: Disposable | undefined;
  #isDisposed = false;

  constructor(clock: Clock, intervalMillis: number, deliver: () => void) {
    this.#clock = clock;
    this.#intervalMillis = intervalMillis;
    this.#deliver = deliver;
  }

  poke(): void {
    if (this.#isDisposed || this.#pending) return;
    const wait = this.#lastDelivery === undefined ? 0 : this.#lastDelivery + this.#intervalMillis - this.#clock.now();
    if (wait <= 0) this.#run();
    else this.#pending = this.#clock.after(wait, () => this.#run());
  }

  /** Delivers now what is pending; does nothing when nothing is. */
  flush(): void {
    if (!this.#pending) return;
    this.#pending.dispose();
    this.#run();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#pending?.dispose();
    this.#pending = undefined;
  }

  #run(): void {
    this.#pending = undefined;
    if (this.#isDisposed) return;
    this.#lastDelivery = this.#clock.now();
    this.#deliver();
  }
}
