import type { Store } from "../../../../src/editor/storedState.ts";

/** Keeps values as VS Code's Memento does: as JSON. */
export class MemoryStore implements Store {
  readonly values = new Map<string, unknown>();
  get(key: string): unknown {
    return this.values.get(key);
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.parse(JSON.stringify(value)));
    return Promise.resolve();
  }
  keys(): readonly string[] {
    return [...this.values.keys()];
  }
}
