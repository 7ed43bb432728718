/** Something that can be read and may change: an input, or a value computed from others. */
export interface Cell {
  /** The revision in which its value last changed. */
  changedAt: number;
  /** Brings it up to date with the current revision, if it is computed. */
  refresh(): void;
}

/**
 * Knows the current revision and records what a computation reads, so that a computed value is computed again only when
 * something that it read has changed. Without tracking nothing is recorded: for a world that is read once.
 */
export class Tracker {
  readonly isTracking: boolean;
  #revision = 1;
  #reading: Set<Cell> | undefined;

  constructor(isTracking: boolean) {
    this.isTracking = isTracking;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Begins a new revision, in which inputs may change. */
  advance(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** Notes that the running computation has read a cell. */
  read(cell: Cell): void {
    this.#reading?.add(cell);
  }

  /** Runs a computation and gives what it read. */
  record<Value>(compute: () => Value): { readonly value: Value; readonly reads: readonly Cell[] } {
    if (!this.isTracking) return { value: compute(), reads: [] };
    const outer = this.#reading;
    const reads = new Set<Cell>();
    this.#reading = reads;
    try {
      return { value: compute(), reads: [...reads] };
    } finally {
      this.#reading = outer;
    }
  }
}

/** A value computed from cells, kept until one of them has changed. */
export class Computed<Value> implements Cell {
  changedAt = 0;
  readonly #tracker: Tracker;
  readonly #compute: () => Value;
  readonly #same: (a: Value, b: Value) => boolean;
  #value: Value | undefined;
  #hasValue = false;
  #reads: readonly Cell[] = [];
  #verifiedAt = 0;
  #isRunning = false;

  constructor(tracker: Tracker, compute: () => Value, same: (a: Value, b: Value) => boolean) {
    this.#tracker = tracker;
    this.#compute = compute;
    this.#same = same;
  }

  /** The revision in which it was last asked for. */
  get verifiedAt(): number {
    return this.#verifiedAt;
  }

  read(): Value {
    this.refresh();
    this.#tracker.read(this);
    return this.#value as Value;
  }

  refresh(): void {
    const { revision } = this.#tracker;
    if (this.#verifiedAt === revision && this.#hasValue) return;
    if (this.#hasValue && (!this.#tracker.isTracking || !this.#isStale())) {
      this.#verifiedAt = revision;
      return;
    }
    if (this.#isRunning) throw new Error("A derived fact asks for itself.");
    this.#isRunning = true;
    try {
      const { value, reads } = this.#tracker.record(this.#compute);
      this.#reads = reads;
      if (!this.#hasValue || !this.#same(this.#value as Value, value)) {
        this.#value = value;
        this.#hasValue = true;
        this.changedAt = revision;
      }
      this.#verifiedAt = revision;
    } finally {
      this.#isRunning = false;
    }
  }

  // In the order in which they were read: what decided that a later one is read comes first.
  #isStale(): boolean {
    for (const cell of this.#reads) {
      cell.refresh();
      if (cell.changedAt > this.#verifiedAt) return true;
    }
    return false;
  }
}
