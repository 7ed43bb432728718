import type { Unread } from "../ports.ts";

/** The facts of one kind by "namespace/name", with the marks of a list that is under way. */
export class KindStore<Facts> {
  readonly #facts = new Map<string, Facts>();
  #named: Set<string> | undefined;
  #isListed = false;
  #unread: readonly Unread[] = [];

  get unread(): readonly Unread[] {
    return this.#unread;
  }

  /** Listed without a gap. */
  get isComplete(): boolean {
    return this.#isListed && this.#unread.length === 0;
  }

  /** Listed, at least in part; a list refused as a whole that brought nothing is not. */
  get isReadable(): boolean {
    return this.#isListed && (this.#facts.size > 0 || this.#unread.every(({ namespace }) => namespace !== undefined));
  }

  /** Whether what this namespace holds is known in full. */
  isCompleteIn(namespace: string): boolean {
    const gaps = [undefined, namespace];
    return this.#isListed && !this.#unread.some((unread) => gaps.includes(unread.namespace));
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
