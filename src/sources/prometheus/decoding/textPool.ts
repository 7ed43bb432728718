/** Bytes, and the same bytes to be read four at a time. */
export interface ByteView {
  readonly bytes: Buffer;
  readonly words: DataView;
}

export function viewOf(bytes: Buffer): ByteView {
  return { bytes, words: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
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
  #known = viewOf(Buffer.alloc(8192));

  constructor() {
    const hash = hashOf(this.#known, 0, 0);
    this.#slots[hash & (this.#slots.length - 1)] = 1;
    this.#hashes[0] = hash;
  }

  /** The number of the text that `view` holds (UTF-8) from `from` to `to`. */
  intern(view: ByteView, from: number, to: number): number {
    const hash = hashOf(view, from, to);
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0) return this.#add(view.bytes.subarray(from, to), hash, slot);
      if (this.#hashes[index] === hash && this.#isSame(index, view, from, to)) return index;
    }
  }

  internText(text: string): number {
    const bytes = Buffer.from(text, "utf8");
    return this.intern(viewOf(bytes), 0, bytes.length);
  }

  #isSame(index: number, { bytes, words }: ByteView, from: number, to: number): boolean {
    const known = this.#known;
    let other = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    if ((this.#ends[index] ?? 0) - other !== to - from) return false;
    let at = from;
    for (; at + 4 <= to; at += 4, other += 4) {
      if (words.getInt32(at, true) !== known.words.getInt32(other, true)) return false;
    }
    for (; at < to; at++, other++) if (bytes[at] !== known.bytes[other]) return false;
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
    const { bytes } = this.#known;
    if (end > bytes.length) this.#known = viewOf(grown(bytes, Buffer.alloc(Math.max(end, bytes.length * 2))));
    this.#known.bytes.set(text, start);
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

function hashOf({ bytes, words }: ByteView, from: number, to: number): number {
  let hash = to - from;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ words.getInt32(at, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash ^ (hash >>> 13);
}

function grown<T extends Buffer | Int32Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}
