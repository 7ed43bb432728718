import { TextPool } from "./textPool.ts";

/** The seconds that samples are for: `count` of them, from `first` on. One for an instant. */
export interface TimeGrid {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Series column by column. Labels that were not wanted have no column. */
export interface SeriesTable {
  readonly length: number;
  /** What the columns point to; the first one is "". */
  readonly strings: readonly string[];
  readonly labels: ReadonlyMap<string, Uint32Array>;
  /** Per series one for each time of the grid; NaN where there is none. */
  readonly values: Float64Array;
}

/** Takes series one by one: labels, then points, then `keep`; what was not kept leaves nothing. */
export class SeriesColumns {
  readonly pool = new TextPool();
  readonly grid: TimeGrid;
  readonly #wanted: readonly string[];
  readonly #row: Uint32Array;
  readonly #points: Float64Array;
  #labels: Uint32Array;
  #values: Float64Array;
  #length = 0;

  constructor(wanted: readonly string[], grid: TimeGrid = { first: 0, step: 1, count: 1 }) {
    this.#wanted = wanted;
    this.grid = grid;
    this.#row = new Uint32Array(wanted.length);
    this.#points = new Float64Array(grid.count);
    this.#labels = new Uint32Array(wanted.length * 256);
    this.#values = new Float64Array(grid.count * 256);
    this.clearPoints();
  }

  get length(): number {
    return this.#length;
  }

  columnOf(label: string): number {
    return this.#wanted.indexOf(label);
  }

  clearLabels(): void {
    this.#row.fill(0);
  }

  clearPoints(): void {
    this.#points.fill(NaN);
  }

  setLabel(column: number, text: number): void {
    this.#row[column] = text;
  }

  setPoint(seconds: number, value: number): void {
    const { first, step, count } = this.grid;
    const index = count === 1 ? 0 : Math.round((seconds - first) / step);
    if (index >= 0 && index < count) this.#points[index] = value;
  }

  keep(): void {
    const { count } = this.grid;
    const row = this.#length++;
    if (this.#labels.length < this.#length * this.#wanted.length) this.#labels = doubled(this.#labels, Uint32Array);
    if (this.#values.length < this.#length * count) this.#values = doubled(this.#values, Float64Array);
    this.#labels.set(this.#row, row * this.#wanted.length);
    this.#values.set(this.#points, row * count);
  }

  table(): SeriesTable {
    const width = this.#wanted.length;
    const labels = this.#wanted.map((label, column): [string, Uint32Array] => {
      const texts = new Uint32Array(this.#length);
      for (let row = 0, from = column; row < texts.length; row++, from += width) texts[row] = this.#labels[from] ?? 0;
      return [label, texts];
    });
    return {
      length: this.#length,
      strings: this.pool.texts,
      labels: new Map(labels),
      values: this.#values.slice(0, this.#length * this.grid.count),
    };
  }
}

function doubled<T extends Uint32Array | Float64Array>(old: T, type: new (length: number) => T): T {
  const bigger = new type(old.length * 2);
  bigger.set(old);
  return bigger;
}
