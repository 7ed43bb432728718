import { isAbort } from "../../src/mesh/meshError.ts";
import { failureOf, type Failure } from "./failure.ts";
import { RefreshClock, type ClockParts } from "./refreshClock.ts";

export interface ReadingParts extends Pick<ClockParts, "now" | "after"> {
  /** Asks the host once and takes what it says; rejects with what the host's connection rejects with. */
  load(signal: AbortSignal): Promise<void>;
  /** False where nothing is read but what somebody asks for. */
  mayRefresh(): boolean;
  changed(): void;
}

/** What takes longer than this leaves the page blank but for its outline. */
export const patienceMillis = 200;

/** The reading of what a page shows: whether it is under way, takes its time, or failed. */
export class PageReading {
  readonly clock: RefreshClock;
  readonly #parts: ReadingParts;
  #failure: Failure | undefined;
  #isReading = false;
  #isSlow = false;
  #isDirty = false;
  #waiting: { dispose(): void } | undefined;

  constructor(parts: ReadingParts) {
    this.#parts = parts;
    this.clock = new RefreshClock({ read: (signal) => this.#read(signal), now: parts.now, after: parts.after });
  }

  get isReading(): boolean {
    return this.#isReading;
  }
  /** It takes long enough to say so. */
  get isSlow(): boolean {
    return this.#isSlow;
  }
  /** Why the last reading failed. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Something else is shown from now on; it may take its time, and what failed before is of no interest. */
  begin(): void {
    this.#failure = undefined;
    this.wait();
  }

  readAnew(): void {
    this.wait();
    this.clock.readNow();
  }

  /** The inventory changed; what is being read is read once more, but not given up over and over. */
  refresh(): void {
    if (!this.#parts.mayRefresh()) return;
    if (this.clock.isReading) this.#isDirty = true;
    else this.clock.readNow();
  }

  /** From now on it takes its time. */
  wait(): void {
    this.#waiting?.dispose();
    this.#isSlow = false;
    this.#waiting = this.#parts.after(patienceMillis, () => {
      this.#isSlow = true;
      this.#parts.changed();
    });
  }

  /** What the page is of could not be told. */
  fail(error: unknown): void {
    if (!isAbort(error)) this.#failure = failureOf(error);
    this.#parts.changed();
  }

  /** Nothing is read until somebody begins anew. */
  stop(): void {
    this.clock.setVisible(false);
    this.#isReading = false;
    this.#failure = undefined;
  }

  dispose(): void {
    this.clock.dispose();
    this.#waiting?.dispose();
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#isReading = true;
    this.#isDirty = false;
    this.#parts.changed();
    try {
      await this.#parts.load(signal);
      this.#failure = undefined;
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#failure = failureOf(error);
    } finally {
      if (!signal.aborted) this.#finish();
    }
  }

  #finish(): void {
    this.#isReading = false;
    this.#waiting?.dispose();
    this.#isSlow = false;
    this.#parts.changed();
    if (this.#isDirty) queueMicrotask(() => this.refresh());
  }
}
