import { isAbort } from "../../src/mesh/meshError.ts";
import type { Placement } from "../../src/mesh/topology/layout/layout.ts";
import type { LayoutClient, Pins } from "./layoutClient.ts";
import { layoutInputOf } from "./layoutInput.ts";
import type { Picture } from "./picture.ts";

export interface Placed {
  readonly picture: Picture;
  readonly placement: Placement;
}

/**
 * Places the newest reading. A placement that another overtakes, since somebody drags meanwhile, ends as the one that
 * overtook it: no reading is lost on the way to the screen.
 */
export class Placing {
  readonly #layout: LayoutClient;
  #newest: Picture | undefined;
  #running: Promise<Placed | undefined> | undefined;
  /** Where somebody dragged nodes, by id. */
  pins: Pins = {};

  constructor(layout: LayoutClient) {
    this.#layout = layout;
  }

  /** The newest reading, placed or not yet. */
  get newest(): Picture | undefined {
    return this.#newest;
  }

  take(picture: Picture): Promise<Placed | undefined> {
    this.#newest = picture;
    return this.again();
  }

  /** Places the newest once more. undefined: there is none, or a newer one came that is placed instead. */
  again(): Promise<Placed | undefined> {
    const running: Promise<Placed | undefined> = this.#place().catch((error: unknown) => {
      if (isAbort(error) && this.#running !== running) return this.#running;
      throw error;
    });
    this.#running = running;
    return running;
  }

  tidy(): void {
    this.#layout.tidy();
  }

  /** Nothing of what was there counts any more: it was another mesh. */
  forget(): void {
    this.#newest = undefined;
    this.pins = {};
    this.#layout.tidy();
  }

  dispose(): void {
    this.#layout.dispose();
  }

  async #place(): Promise<Placed | undefined> {
    const picture = this.#newest;
    if (!picture) return undefined;
    const placement = await this.#layout.place(layoutInputOf(picture), { pinned: this.pins });
    return picture === this.#newest ? { picture, placement } : undefined;
  }
}
