export interface Disposable {
  dispose(): unknown;
}

/** Owns things, releases them last-in first-out, and releases late arrivals at once. */
export class Disposer implements Disposable {
  #owned: Disposable[] | undefined = [];

  own<T extends Disposable>(thing: T): T {
    if (this.#owned) this.#owned.push(thing);
    else thing.dispose();
    return thing;
  }

  dispose(): void {
    const owned = this.#owned;
    this.#owned = undefined;
    for (const thing of owned?.toReversed() ?? []) thing.dispose();
  }
}
