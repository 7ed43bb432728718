/**
 * Gives equal tuples of small whole numbers the same index, in the order they first came: 0, 1, 2 ... Rows are compared by
 * such indexes, because joining labels to strings for each of 75,000 rows costs more than everything else.
 */
export class TupleIndex {
  readonly arity: number;
  /** What {@link intern} and {@link find} read: fill it first. */
  readonly tuple: Int32Array;
  #size = 0;
  #tuples: Int32Array;
  /** Index + 1; 0 is free. Its length is a power of two. */
  #slots: Int32Array;

  constructor(arity: number, expected = 256) {
    this.arity = arity;
    this.tuple = new Int32Array(arity);
    const slots = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)));
    this.#slots = new Int32Array(slots);
    this.#tuples = new Int32Array((slots / 2) * arity);
  }

  get size(): number {
    return this.#size;
  }

  /** The index of the tuple; a new one where it was not there. */
  intern(): number {
    const slot = this.#slotOf(this.tuple, 0);
    const there = (this.#slots[slot] ?? 0) - 1;
    if (there >= 0) return there;
    const index = this.#size++;
    this.#tuples.set(this.tuple, index * this.arity);
    this.#slots[slot] = index + 1;
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    return index;
  }

  /** The index of the tuple; -1 where it is not there. */
  find(): number {
    return (this.#slots[this.#slotOf(this.tuple, 0)] ?? 0) - 1;
  }

  /** One number of a tuple that is there. */
  at(index: number, position: number): number {
    return this.#tuples[index * this.arity + position] ?? -1;
  }

  /** Where the tuple that stands at `offset` is, or could be put. */
  #slotOf(from: Int32Array, offset: number): number {
    const { arity } = this;
    const mask = this.#slots.length - 1;
    let hash = 0x811c9dc5;
    for (let i = 0; i < arity; i++) {
      hash = Math.imul(hash ^ (from[offset + i] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & mask;
    for (;;) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0 || this.#isAt(index, from, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #isAt(index: number, from: Int32Array, offset: number): boolean {
    const start = index * this.arity;
    for (let i = 0; i < this.arity; i++) if (this.#tuples[start + i] !== from[offset + i]) return false;
    return true;
  }

  #grow(): void {
    const tuples = new Int32Array(this.#tuples.length * 2);
    tuples.set(this.#tuples);
    this.#tuples = tuples;
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let i = 0; i < this.#size; i++) this.#slots[this.#slotOf(tuples, i * this.arity)] = i + 1;
  }
}

/** Rows by the tuple they share, each group as a chain. */
export class RowGroups {
  readonly #index: TupleIndex;
  #first: Int32Array = new Int32Array(256).fill(-1);
  readonly #next: Int32Array;

  constructor(arity: number, rows: number) {
    this.#index = new TupleIndex(arity);
    this.#next = new Int32Array(rows).fill(-1);
  }

  get tuple(): Int32Array {
    return this.#index.tuple;
  }

  add(row: number): void {
    const group = this.#index.intern();
    if (group >= this.#first.length) {
      const longer = new Int32Array(this.#first.length * 2).fill(-1);
      longer.set(this.#first);
      this.#first = longer;
    }
    this.#next[row] = this.#first[group] ?? -1;
    this.#first[group] = row;
  }

  /** The first row of the group; -1 where there is none. */
  first(): number {
    const group = this.#index.find();
    return group < 0 ? -1 : (this.#first[group] ?? -1);
  }

  next(row: number): number {
    return this.#next[row] ?? -1;
  }
}
