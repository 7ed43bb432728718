import { knownValue } from "../specialValues.ts";

/** Texts of all stores, each once. Knows what proxies write where they do not know. */
export class StringPool {
  readonly texts: string[] = [];
  readonly none: number;
  readonly unknown: number;
  readonly tcp: number;
  readonly #http: number;
  readonly #indexes = new Map<string, number>();
  /** By index: the index of what it means as this; absent until asked for. */
  readonly #protocols: number[] = [];
  readonly #codes: number[] = [];
  readonly #flags: number[] = [];
  readonly #known: number[] = [];

  constructor() {
    this.none = this.intern("");
    this.unknown = this.intern("unknown");
    this.tcp = this.intern("tcp");
    this.#http = this.intern("http");
  }

  intern(text: string): number {
    const there = this.#indexes.get(text);
    if (there !== undefined) return there;
    this.#indexes.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(index: number): string {
    return this.texts[index] ?? "";
  }

  /** `none` for "" and "unknown". */
  known(index: number): number {
    return (this.#known[index] ??= knownValue(this.text(index)) === undefined ? this.none : index);
  }

  /** `unknown` for "" and "unknown". */
  orUnknown(index: number): number {
    return index === this.none ? this.unknown : index;
  }

  /** In lower case. Requests that do not say are HTTP, and so are those that say TCP, which has none to count. */
  protocolOf(index: number): number {
    return (this.#protocols[index] ??= this.#protocol(this.text(index)));
  }

  /** "0" for "-", which older proxies wrote where nobody answered. */
  codeOf(index: number): number {
    return (this.#codes[index] ??= this.text(index) === "-" ? this.intern("0") : this.known(index));
  }

  /** "" for "-" and "unknown". */
  flagsOf(index: number): number {
    return (this.#flags[index] ??= this.text(index) === "-" ? this.none : this.known(index));
  }

  #protocol(text: string): number {
    const protocol = this.intern(text.toLowerCase());
    return knownValue(text) === undefined || protocol === this.tcp ? this.#http : protocol;
  }
}
