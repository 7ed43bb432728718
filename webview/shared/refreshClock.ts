/** What the clock asks of the world; a test gives its own. */
export interface ClockParts {
  /** Reads one picture. Rejections are the caller's to show; the clock only waits for the end. */
  read(signal: AbortSignal): Promise<void>;
  /** Milliseconds since some moment; monotonic. */
  now(): number;
  /** Calls back once. */
  after(milliseconds: number, callback: () => void): { dispose(): void };
}

/**
 * Says when the picture is read: at once when somebody asks or the page comes into view, else every so often; never
 * two at a time, never while nobody sees it.
 */
export class RefreshClock {
  readonly #parts: ClockParts;
  #seconds = 0;
  #isVisible = false;
  #running: AbortController | undefined;
  #timer: { dispose(): void } | undefined;
  /** When the last reading that came to its end had begun. */
  #lastStart = -Infinity;
  #isDisposed = false;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  get isReading(): boolean {
    return this.#running !== undefined;
  }

  /** Seconds between two readings; 0 for none but those asked for. */
  every(seconds: number): void {
    if (seconds === this.#seconds) return;
    this.#seconds = seconds;
    if (!this.#running) this.#plan();
  }

  setVisible(isVisible: boolean): void {
    if (isVisible === this.#isVisible) return;
    this.#isVisible = isVisible;
    this.#timer?.dispose();
    if (!isVisible) {
      // Nobody would see the answer; on show it is asked anew.
      this.#running?.abort();
      this.#running = undefined;
    } else this.readNow();
  }

  /** Reads at once; what is under way was asked otherwise and is given up. */
  readNow(): void {
    if (!this.#isVisible || this.#isDisposed) return;
    this.#timer?.dispose();
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    const started = this.#parts.now();
    const finish = () => {
      if (this.#running !== mine) return;
      this.#running = undefined;
      this.#lastStart = started;
      this.#plan();
    };
    this.#parts.read(mine.signal).then(finish, finish);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
    this.#running?.abort();
    this.#running = undefined;
  }

  #plan(): void {
    this.#timer?.dispose();
    if (this.#seconds === 0 || !this.#isVisible || this.#isDisposed) return;
    // From start to start; a reading that took longer than that is followed at once, but by one only.
    const wait = Math.max(0, this.#lastStart + this.#seconds * 1000 - this.#parts.now());
    this.#timer = this.#parts.after(wait, () => this.readNow());
  }
}
