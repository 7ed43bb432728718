import { LRUCache } from "lru-cache";

/** Labels with their identity as text, so that equal maps are found to be equal without comparing them. */
export interface LabelSet {
  /** The sorted pairs; equal keys mean equal labels. */
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const noLabels: LabelSet = Object.freeze({ key: "", labels: Object.freeze({}) });

/**
 * Shares what thousands of objects repeat: label maps, node and owner names. Bounded, so that names of pods long gone
 * do not pile up; what falls out is merely no longer shared.
 */
export class LabelPool {
  readonly #sets = new LRUCache<string, LabelSet>({ max: 20_000 });
  readonly #texts = new LRUCache<string, string>({ max: 20_000 });

  labels(labels: Readonly<Record<string, string>>): LabelSet {
    const key = keyOf(labels);
    if (key === "") return noLabels;
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

// Neither a label's name nor its value holds a line break; hostile input that does only fails to be shared rightly, so
// lengths keep even that apart.
function keyOf(labels: Readonly<Record<string, string>>): string {
  let key = "";
  for (const name of Object.keys(labels).sort()) {
    const value = labels[name] ?? "";
    key += `${name.length}:${name}=${value.length}:${value}\n`;
  }
  return key;
}
