import type { LayoutInput, Placement } from "../../src/mesh/topology/layout/layout.ts";

export interface PlaceOptions {
  /** Where a person dragged nodes, by key: they stay exactly there. */
  readonly pinned?: Readonly<Record<string, readonly [x: number, y: number]>>;
  /** Called once, early, with all boxes where they will be; not called where everything was known already. */
  readonly onBoxes?: (boxes: Float32Array) => void;
}

/** The page's way to a layout. Remembers the last picture, so that a next one moves as little as can be. */
export interface LayoutClient {
  /**
   * Places everything. Input whose keys and boxes are the last ones' gives the last placement itself.
   * @throws AbortError where a later call has overtaken this one, or the client was disposed of
   */
  place(input: LayoutInput, options?: PlaceOptions): Promise<Placement>;
  /** Forgets the last picture: the next `place` starts afresh (a person asked for it, or another view was chosen). */
  tidy(): void;
  dispose(): void;
}

/** In a worker where one can be started, else in slices on the page's own thread. */
export function createLayoutClient(): LayoutClient {
  throw new Error("not yet");
}
