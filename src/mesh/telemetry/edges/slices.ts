import type { Clock } from "../../ports.ts";
import { pause } from "../../pause.ts";

export interface Slicing {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Others wait no longer than this for their turn, and what one step takes more. Each pause takes a millisecond or more. */
const sliceMillis = 10;
const stepRows = 512;

/** Long work in slices, so that whoever shares the thread gets a turn in between. Throws the signal's reason. */
export class Slices {
  readonly #slicing: Slicing;
  #since: number;

  constructor(slicing: Slicing) {
    this.#slicing = slicing;
    this.#since = slicing.clock.now();
  }

  /** Calls `work` for all of 0 to `count`, piece by piece. */
  async over(count: number, work: (from: number, to: number) => void): Promise<void> {
    for (let from = 0; from < count; from += stepRows) {
      await this.rest();
      work(from, Math.min(count, from + stepRows));
    }
  }

  /** Lets others run if it is their turn. */
  async rest(): Promise<void> {
    const { clock, signal } = this.#slicing;
    signal.throwIfAborted();
    if (clock.now() - this.#since < sliceMillis) return;
    await pause(clock, 0, signal);
    this.#since = clock.now();
  }
}
