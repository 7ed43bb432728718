/** What {@link addToHash} begins with. */
export const emptyHash = 0x811c9dc5 | 0;

/** One more byte of a text, for {@link TextPool.intern}: FNV-1a. */
export function addToHash(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** Texts by number, each once. Known ones are recognized by their bytes, without making a string of them again. */
export class TextPool {
  /** The first one is "". */
  readonly texts: string[] = [""];
  /** Open addressing: the number of a text plus one, 0 where there is none. Its size is a power of two. */
  #slots = new Uint32Array(1024);
  #hashes = new Int32Array(512);
  /** Where the bytes of text i end in `#bytes`; they begin where those of the one before end. */
  #ends = new Uint32Array(512);
  #bytes: Uint8Array = new Uint8Array(8192);

  constructor() {
    this.#slots[emptyHash & (this.#slots.length - 1)] = 1;
    this.#hashes[0] = emptyHash;
  }

  /** The number of the text that `bytes` (UTF-8) hold from `from` to `to`; `hash` is theirs. */
  intern(bytes: Buffer, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return this.#add(bytes.subarray(from, to), hash, slot);
      if (this.#hashes[index] === hash && this.#isSame(index, bytes, from, to)) return index;
    }
  }

  internText(text: string): number {
    const bytes = Buffer.from(text, "utf8");
    let hash = emptyHash;
    for (const byte of bytes) hash = addToHash(hash, byte);
    return this.intern(bytes, 0, bytes.length, hash);
  }

  #isSame(index: number, bytes: Buffer, from: number, to: number): boolean {
    const known = this.#bytes;
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    if ((this.#ends[index] ?? 0) - start !== to - from) return false;
    for (let at = from, other = start; at < to; at++, other++) if (bytes[at] !== known[other]) return false;
    return true;
  }

  #add(text: Buffer, hash: number, slot: number): number {
    const index = this.texts.push(text.toString("utf8")) - 1;
    if (index === this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(index * 2));
      this.#ends = grown(this.#ends, new Uint32Array(index * 2));
    }
    const start = this.#ends[index - 1] ?? 0;
    const end = start + text.length;
    if (end > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(end, this.#bytes.length * 2)));
    }
    this.#bytes.set(text, start);
    this.#hashes[index] = hash;
    this.#ends[index] = end;
    this.#slots[slot] = index + 1;
    if (this.texts.length * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.texts.length; index++) {
      let slot = (this.#hashes[index] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
