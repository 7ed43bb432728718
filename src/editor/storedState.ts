import type { Log } from "../mesh/ports.ts";

/** What VS Code's Memento offers, as far as it is used here. */
export interface Store {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** How one piece of state is kept: its present version, how to read it, and how to carry older versions over. */
export interface StateShape<T> {
  readonly key: string;
  /** `migrations[n]` turns version n + 1 into n + 2; the present version is `migrations.length + 1`. */
  readonly migrations: readonly ((value: unknown) => unknown)[];
  /** Throws on what it cannot read. */
  parse(value: unknown): T;
  readonly initial: T;
}

interface Envelope {
  readonly version: number;
  readonly value: unknown;
}

/**
 * Versioned state that survives upgrades. What cannot be read (a failed migration, a version from the future) is kept
 * aside under `<key>.backup` and the initial state is used: the extension always starts.
 */
export class StoredState<T> {
  readonly #store: Store;
  readonly #shape: StateShape<T>;
  #value: T;

  constructor(store: Store, shape: StateShape<T>, log: Log) {
    this.#store = store;
    this.#shape = shape;
    this.#value = this.#read(log);
  }

  get value(): T {
    return this.#value;
  }

  async update(change: Partial<T>): Promise<void> {
    this.#value = { ...this.#value, ...change };
    await this.#write();
  }

  #read(log: Log): T {
    const { key, migrations, initial } = this.#shape;
    const stored = this.#store.get(key);
    if (stored === undefined) return initial;
    try {
      const { version, value } = envelope(stored);
      if (version > migrations.length + 1) throw new Error(`state ${key} has version ${version}, which is newer`);
      const current = migrations.slice(version - 1).reduce((older, migrate) => migrate(older), value);
      return this.#shape.parse(current);
    } catch (error) {
      log.error("stored state could not be read; it is kept aside and a fresh one is used", error, { key });
      void this.#store.update(`${key}.backup`, stored);
      return initial;
    }
  }

  async #write(): Promise<void> {
    const kept: Envelope = { version: this.#shape.migrations.length + 1, value: this.#value };
    await this.#store.update(this.#shape.key, kept);
  }
}

function envelope(stored: unknown): Envelope {
  if (typeof stored === "object" && stored !== null && "version" in stored && "value" in stored) {
    const { version, value } = stored;
    if (typeof version === "number" && Number.isInteger(version) && version >= 1) return { version, value };
  }
  throw new Error("stored state has no version");
}
