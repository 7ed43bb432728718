/** The last lines of a stream: no more than a person can read, whatever arrives. */
export class LineRoom {
  readonly #most: number;
  readonly #longest: number;
  #lines: string[] = [];
  #dropped = 0;

  constructor(most = 10_000, longest = 4_000) {
    this.#most = most;
    this.#longest = longest;
  }

  /** How many lines were left out at the beginning. */
  get dropped(): number {
    return this.#dropped;
  }

  add(line: string): void {
    this.#lines.push(line.length > this.#longest ? `${line.slice(0, this.#longest)}…` : line);
    // Cut now and then: moving all lines for each new one would take longer the more there are.
    if (this.#lines.length >= this.#most * 2) this.#cut();
  }

  text(): string {
    this.#cut();
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #cut(): void {
    const over = this.#lines.length - this.#most;
    if (over <= 0) return;
    this.#lines = this.#lines.slice(over);
    this.#dropped += over;
  }
}
