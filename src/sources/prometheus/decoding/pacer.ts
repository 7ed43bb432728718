const longestMillis = 8;
const longestBytes = 1 << 20;

/** Lets others have the thread now and then during long work. */
export class Pacer {
  /** How often others had their turn. */
  turns = 0;
  #since = performance.now();
  #bytes = 0;

  /** After so many bytes of work; gives others a turn where that is due. Throws the signal's reason if it aborted. */
  async worked(byteCount: number, signal: AbortSignal): Promise<void> {
    this.#bytes += byteCount;
    if (this.#bytes < longestBytes && performance.now() - this.#since < longestMillis) return;
    await this.pause(signal);
  }

  async pause(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    signal.throwIfAborted();
    this.turns++;
    this.#bytes = 0;
    this.#since = performance.now();
  }
}
