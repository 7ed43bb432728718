export interface OpeningParts<Facts> {
  ask(): Promise<Facts>;
  take(facts: Facts): void;
  failed(error: unknown): void;
}

/** The first words to the host. Of several askings the last one counts: an earlier answer may be of another mesh. */
export class PageOpening<Facts> {
  readonly #parts: OpeningParts<Facts>;
  #asking = 0;

  constructor(parts: OpeningParts<Facts>) {
    this.#parts = parts;
  }

  /** True where the answer was taken. */
  async ask(): Promise<boolean> {
    const asking = ++this.#asking;
    try {
      const facts = await this.#parts.ask();
      if (asking !== this.#asking) return false;
      this.#parts.take(facts);
      return true;
    } catch (error) {
      if (asking === this.#asking) this.#parts.failed(error);
      return false;
    }
  }
}
