/** Joins what several writers put into one sequence. Writers wait while more than `ahead` things are unread. */
export class Mailbox<T> implements AsyncIterable<T> {
  readonly #ahead: number;
  readonly #held: T[] = [];
  readonly #writers: (() => void)[] = [];
  #reader: (() => void) | undefined;
  #over: "no" | "ended" | "failed" | "closed" = "no";
  #error: unknown;

  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  /** Resolves once there is room for more. What is put after the end is dropped. */
  async put(thing: T): Promise<void> {
    if (this.#over !== "no") return;
    this.#held.push(thing);
    this.#wakeReader();
    if (this.#held.length > this.#ahead) await new Promise<void>((resolve) => this.#writers.push(resolve));
  }

  /** The reader gets what is held, then the end. */
  end(): void {
    this.#finish("ended");
  }

  /** The reader gets what is held, then the error. */
  fail(error: unknown): void {
    if (this.#over === "no") this.#error = error;
    this.#finish("failed");
  }

  /** Nobody reads any more: writers go on without waiting. */
  close(): void {
    this.#over = "closed";
    this.#held.length = 0;
    this.#wakeWriters();
    this.#wakeReader();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      while (this.#held.length > 0) {
        yield this.#held.shift() as T;
        if (this.#held.length <= this.#ahead) this.#wakeWriters();
      }
      if (this.#over === "failed") throw this.#error;
      if (this.#over !== "no") return;
      await new Promise<void>((resolve) => (this.#reader = resolve));
    }
  }

  #finish(how: "ended" | "failed"): void {
    if (this.#over === "no") this.#over = how;
    this.#wakeReader();
  }

  #wakeReader(): void {
    this.#reader?.();
    this.#reader = undefined;
  }

  #wakeWriters(): void {
    for (const go of this.#writers.splice(0)) go();
  }
}
