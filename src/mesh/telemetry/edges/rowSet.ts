/** Rows of columns that differ from each other in at least one of them. */
export class RowSet {
  readonly #columns: readonly (Uint32Array | Uint8Array)[];
  /** Row + 1; 0 is free. Its length is a power of two. */
  readonly #slots: Int32Array;

  constructor(columns: readonly (Uint32Array | Uint8Array)[], rows: number) {
    this.#columns = columns;
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, rows * 2))));
  }

  /** Adds a row; false where an equal one is there. */
  add(row: number): boolean {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = this.#hash(row) & mask; ; slot = (slot + 1) & mask) {
      const there = (slots[slot] ?? 0) - 1;
      if (there < 0) {
        slots[slot] = row + 1;
        return true;
      }
      if (this.#isSame(there, row)) return false;
    }
  }

  #hash(row: number): number {
    let hash = 0x811c9dc5;
    for (const column of this.#columns) {
      hash = Math.imul(hash ^ (column[row] ?? 0), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }

  #isSame(a: number, b: number): boolean {
    for (const column of this.#columns) if (column[a] !== column[b]) return false;
    return true;
  }
}
