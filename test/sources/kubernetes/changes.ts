import type { WatchChange } from "../../../src/mesh/ports.ts";
import { eventually } from "../../support/eventually.ts";

/** Reads a watch in the background, keeping what it told and the names that are there by its account. */
export class Followed {
  readonly told: WatchChange[] = [];
  readonly names = new Set<string>();
  /** What the watch ended with; undefined as long as it runs. */
  ended: unknown;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #listing: Set<string> | undefined;

  constructor(watch: (signal: AbortSignal) => AsyncIterable<WatchChange>) {
    this.#done = this.#read(watch(this.#stop.signal)).catch((e: unknown) => {
      this.ended = e;
    });
  }

  types(): readonly string[] {
    return this.told.map(({ type }) => type);
  }

  /** Waits until the watch told a change of a type that satisfies the check, and was not counted before. */
  async hears<T extends WatchChange["type"]>(type: T, from = 0): Promise<Extract<WatchChange, { type: T }>> {
    const isIt = (change: WatchChange): change is Extract<WatchChange, { type: T }> => change.type === type;
    return await eventually(`the watch tells ${type}`, () => this.told.slice(from).find(isIt), { everyMs: 5 });
  }

  async has(...names: readonly string[]): Promise<void> {
    const wanted = [...names].sort().join();
    await eventually(`the watch knows ${wanted}`, () => [...this.names].sort().join() === wanted, { everyMs: 5 });
  }

  async end(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #read(changes: AsyncIterable<WatchChange>): Promise<void> {
    for await (const change of changes) {
      this.told.push(change);
      if (change.type === "listing") this.#listing = new Set();
      if (change.type === "upsert") {
        for (const { metadata } of change.objects) {
          this.names.add(metadata.name);
          this.#listing?.add(metadata.name);
        }
      }
      if (change.type === "gone") this.names.delete(change.object.metadata.name);
      if (change.type === "listed") {
        for (const name of this.names) if (!this.#listing?.has(name)) this.names.delete(name);
        this.#listing = undefined;
      }
    }
  }
}
