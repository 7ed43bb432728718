import { LRUCache } from "lru-cache";

/** Labels with their identity as text, so that equal maps are found to be equal without comparing them. */
export interface LabelSet {
  /** The sorted pairs; equal keys mean equal labels. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const noLabels: LabelSet = Object.freeze({ key: "[]", labels: Object.freeze({}) });

/**
 * Shares what thousands of objects repeat: label maps, node and owner names. Bounded, so that names of pods long gone
 * do not pile up; what falls out is merely no longer shared.
 */
export class LabelPool {
  readonly #sets = new LRUCache<string, LabelSet>({ max: 20_000 });
  readonly #texts = new LRUCache<string, string>({ max: 20_000 });

  labels(labels: Readonly<Record<string, string>>): LabelSet {
    const pairs = Object.entries(labels);
    if (pairs.length === 0) return noLabels;
    const key = JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const set: LabelSet = { key, labels };
    this.#sets.set(key, set);
    return set;
  }

  text<T extends string | undefined>(text: T): T {
    if (text === undefined) return text;
    const known = this.#texts.get(text);
    if (known !== undefined) return known as T;
    this.#texts.set(text, text);
    return text;
  }
}
