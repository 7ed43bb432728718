import type { Cell } from "./tracker.ts";
import type { WorldObject } from "./worldObject.ts";

/** An object as the store keeps it. A file that is edited elsewhere moves it without making it another object. */
export interface StoredObject extends WorldObject {
  origin: WorldObject["origin"];
  /** Its place in the order of declaration. */
  readonly order: number;
}

/** The objects of a kind, of a namespace or of a name, as an input of computations. */
export class Bucket implements Cell {
  changedAt = 0;
  readonly #members = new Set<StoredObject>();
  #sorted: readonly StoredObject[] | undefined;

  get size(): number {
    return this.#members.size;
  }

  add(object: StoredObject, revision: number): void {
    this.#members.add(object);
    this.#changed(revision);
  }

  remove(object: StoredObject, revision: number): void {
    if (this.#members.delete(object)) this.#changed(revision);
  }

  /** In order of declaration; another list after each change. */
  get list(): readonly StoredObject[] {
    this.#sorted ??= [...this.#members].sort((a, b) => a.order - b.order);
    return this.#sorted;
  }

  refresh(): void {
    // An input is always up to date.
  }

  #changed(revision: number): void {
    this.#sorted = undefined;
    this.changedAt = revision;
  }
}

/** One value as an input of computations. */
export class Input<Value> implements Cell {
  changedAt = 0;
  #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  get value(): Value {
    return this.#value;
  }

  set(value: Value, revision: number): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.changedAt = revision;
  }

  refresh(): void {
    // An input is always up to date.
  }
}
