import type { Unread } from "../ports.ts";

/** The facts of one kind by "namespace/name", with the marks of a list that is under way. */
export class KindStore<Facts> {
  readonly #facts = new Map<string, Facts>();
  #named: Set<string> | undefined;
  #isListed = false;
  #unread: readonly Unread[] = [];

  /** True once a list came to its end; a missing object is then known to be missing. */
  get isListed(): boolean {
    return this.#isListed;
  }

  get unread(): readonly Unread[] {
    return this.#unread;
  }

  /** Listed, and readable in at least one namespace. */
  get isReadable(): boolean {
    return this.#isListed && !this.#unread.some(({ namespace }) => namespace === undefined);
  }

  get size(): number {
    return this.#facts.size;
  }

  get(key: string): Facts | undefined {
    return this.#facts.get(key);
  }

  values(): IterableIterator<Facts> {
    return this.#facts.values();
  }

  entries(): IterableIterator<[string, Facts]> {
    return this.#facts.entries();
  }

  begin(): void {
    this.#named = new Set();
  }

  put(key: string, facts: Facts): void {
    this.#named?.add(key);
    this.#facts.set(key, facts);
  }

  remove(key: string): void {
    this.#named?.delete(key);
    this.#facts.delete(key);
  }

  /** Ends a list; returns what it did not name. The caller removes these one by one. */
  finish(unread: readonly Unread[]): readonly string[] {
    const named = this.#named;
    this.#named = undefined;
    this.#isListed = true;
    this.#unread = unread;
    return named === undefined ? [] : [...this.#facts.keys()].filter((key) => !named.has(key));
  }
}
