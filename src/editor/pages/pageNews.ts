import type { Disposable } from "../../mesh/disposer.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { Clock } from "../../mesh/ports.ts";
import { signatureOf } from "./meshNames.ts";

/** At most so often a page is told to read again. */
const quietMillis = 2_000;

export interface NewsDesk {
  readonly clock: Clock;
  /** What the window shows is another mesh than the page has read, under whatever name. */
  renamed(): void;
  /** The page is to read again. */
  tell(isOtherMesh: boolean): void;
}

/** Tells a page, now and then, that what it has read is no longer so. */
export class PageNews implements Disposable {
  readonly #desk: NewsDesk;
  #known = "";
  #telling: Disposable | undefined;
  #isOtherMesh = false;

  constructor(desk: NewsDesk) {
    this.#desk = desk;
  }

  /** The page has read this mesh, as it is now. */
  read(live: LiveMesh): void {
    this.#known = signatureOf(live);
  }

  /** Something in the mesh that the page was told of is other than before. `isOfPage`: the page shows such things. */
  changed(live: LiveMesh, isOfPage: boolean): void {
    if (this.#known === "") return;
    const signature = signatureOf(live);
    const isOtherMesh = signature !== this.#known;
    this.#known = signature;
    if (isOtherMesh) this.#desk.renamed();
    if (!isOtherMesh && !isOfPage) return;
    this.#isOtherMesh ||= isOtherMesh;
    this.#telling ??= this.#desk.clock.after(quietMillis, () => {
      const wasOther = this.#isOtherMesh;
      this.hush();
      this.#desk.tell(wasOther);
    });
  }

  /** Nobody is there to be told. */
  hush(): void {
    this.#telling?.dispose();
    this.#telling = undefined;
    this.#isOtherMesh = false;
  }

  dispose(): void {
    this.hush();
  }
}
