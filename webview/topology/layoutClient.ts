import type { LayoutInput, Placement } from "../../src/mesh/topology/layout/layout.ts";
import { LayoutDesk, type LayoutAnswer, type LayoutJob } from "./layoutDesk.ts";

/** Where a person dragged nodes, by key: they stay exactly there. */
export type Pins = Readonly<Record<string, readonly [x: number, y: number]>>;

/** The page's way to a layout. Remembers the last picture, so that a next one moves as little as can be. */
export interface LayoutClient {
  /**
   * Places everything. Input whose keys and boxes are the last ones' gives the last placement itself.
   * @throws AbortError where a later call has overtaken this one, or the client was disposed of
   */
  place(input: LayoutInput, options?: { readonly pinned?: Pins }): Promise<Placement>;
  /** Forgets the last picture: the next `place` starts afresh (a person asked for it, or another view was chosen). */
  tidy(): void;
  dispose(): void;
}

/** What of a Worker is used. */
export interface LayoutWorker {
  postMessage(message: LayoutJob, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<LayoutAnswer>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** The worker's text, put here by the build: a page may load no other script. */
declare const FOREYARD_LAYOUT_WORKER: string;

/** In a worker where one can be started, else in slices on the page's own thread. */
export function createLayoutClient(startWorker: () => LayoutWorker | undefined = startBlobWorker): LayoutClient {
  return new Client(startWorker);
}

function startBlobWorker(): LayoutWorker | undefined {
  if (typeof FOREYARD_LAYOUT_WORKER === "undefined" || typeof Worker === "undefined") return undefined;
  try {
    // Freed with the page: it is read some time after the worker was made.
    return new Worker(URL.createObjectURL(new Blob([FOREYARD_LAYOUT_WORKER], { type: "text/javascript" })));
  } catch {
    return undefined;
  }
}

/** With more names than that, most are of what has gone: those that are still needed are told anew. */
const mostNames = 100_000;

/** Longer than this the page's own thread is not held. */
const sliceMillis = 8;

interface Wish {
  readonly input: LayoutInput;
  readonly pins: Pins;
  isFresh: boolean;
  readonly resolve: (placement: Placement) => void;
  readonly reject: (reason: unknown) => void;
}

class Client implements LayoutClient {
  #worker: LayoutWorker | undefined;
  #desk: LayoutDesk | undefined;
  /** Each key crosses once until names are started anew; then its number stands for it. */
  readonly #numbers = new Map<string, number>();
  #serial = 0;
  /** Being worked on; undefined while idle. A wish that was overtaken is answered already, its work still goes on. */
  #current: Wish | undefined;
  #next: Wish | undefined;
  #last: { readonly input: LayoutInput; readonly placement: Placement } | undefined;
  #isFresh = true;
  #isDisposed = false;

  constructor(startWorker: () => LayoutWorker | undefined) {
    const worker = startWorker();
    this.#worker = worker;
    if (!worker) {
      this.#desk = new LayoutDesk();
      return;
    }
    worker.onmessage = ({ data }) => this.#answer(data);
    worker.onerror = () => this.#goOnHere();
  }

  place(input: LayoutInput, { pinned = {} }: { readonly pinned?: Pins } = {}): Promise<Placement> {
    if (this.#isDisposed) return Promise.reject(overtaken());
    this.#current?.reject(overtaken());
    this.#next?.reject(overtaken());
    // What was asked for afresh and never done is still owed.
    if (this.#next?.isFresh) this.#isFresh = true;
    const known = this.#last;
    if (!this.#current && !this.#isFresh && known && isSame(input, pinned, known)) {
      this.#last = { input, placement: known.placement };
      return Promise.resolve(known.placement);
    }
    return new Promise((resolve, reject) => {
      this.#next = { input, pins: pinned, isFresh: this.#isFresh, resolve, reject };
      this.#isFresh = false;
      if (!this.#current) this.#start();
    });
  }

  tidy(): void {
    this.#isFresh = true;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#worker?.terminate();
    for (const wish of [this.#current, this.#next]) wish?.reject(overtaken());
    this.#current = undefined;
    this.#next = undefined;
    this.#last = undefined;
  }

  #start(): void {
    const wish = this.#next;
    this.#next = undefined;
    this.#current = wish;
    if (!wish) return;
    const job = this.#jobOf(wish);
    if (this.#worker) this.#worker.postMessage(job, transferable(job));
    else void this.#workHere(job);
  }

  #answer({ id, placement }: LayoutAnswer): void {
    const wish = this.#current;
    if (!wish || id !== this.#serial) return;
    this.#current = undefined;
    if (placement === undefined) wish.reject(new Error("The layout failed."));
    else {
      this.#last = { input: wish.input, placement };
      wish.resolve(placement);
    }
    this.#start();
  }

  /** The worker died or never lived: what is open is done here, and everything after it. */
  #goOnHere(): void {
    if (this.#isDisposed || !this.#worker) return;
    this.#worker.terminate();
    this.#worker = undefined;
    this.#desk = new LayoutDesk();
    this.#numbers.clear();
    if (this.#current) void this.#workHere(this.#jobOf(this.#current));
  }

  async #workHere(job: LayoutJob): Promise<void> {
    const steps = this.#desk?.steps(job);
    let placement: Placement | undefined;
    let since = performance.now();
    try {
      for (let step = steps?.next(); step; step = step.done ? undefined : steps?.next()) {
        if (step.done) placement = step.value;
        else if (performance.now() - since > sliceMillis) {
          await new Promise((resolve) => setTimeout(resolve));
          since = performance.now();
          if (this.#isDisposed) return;
          // Nobody waits for it any more, and what it gives would be laid out again anyhow.
          if (this.#next && this.#last) {
            this.#next.isFresh ||= this.#current?.isFresh ?? false;
            break;
          }
        }
      }
    } catch {
      placement = undefined;
    }
    this.#answer({ id: job.id, placement });
  }

  #jobOf({ input, pins, isFresh }: Wish): LayoutJob {
    const newKeys: string[] = [];
    const startsNames = isFresh || this.#numbers.size > mostNames;
    if (startsNames) this.#numbers.clear();
    const number = (key: string): number => {
      const known = this.#numbers.get(key);
      if (known !== undefined) return known;
      const made = this.#numbers.size;
      this.#numbers.set(key, made);
      newKeys.push(key);
      return made;
    };
    const placed = Object.entries(pins).filter(([, [x, y]]) => Number.isFinite(x) && Number.isFinite(y));
    return {
      id: ++this.#serial,
      isFresh,
      startsNames,
      nodes: Uint32Array.from(input.nodeKeys, number),
      boxes: Uint32Array.from(input.boxKeys, number),
      pins: Uint32Array.from(placed, ([key]) => number(key)),
      pinPlaces: Float32Array.from(placed.flatMap(([, [x, y]]) => [x, y])),
      newKeys,
      // Copies, since what is transferred is gone here.
      nodeBox: input.nodeBox.slice(),
      nodeRank: input.nodeRank.slice(),
      boxParent: input.boxParent.slice(),
      boxKind: input.boxKind.slice(),
      edgeSource: input.edgeSource.slice(),
      edgeTarget: input.edgeTarget.slice(),
    };
  }
}

function overtaken(): DOMException {
  return new DOMException("A later layout was asked for.", "AbortError");
}

function transferable(job: LayoutJob): Transferable[] {
  return Object.values(job as unknown as Record<string, unknown>).flatMap((value) =>
    ArrayBuffer.isView(value) ? [value.buffer] : [],
  );
}

/** Nothing that decides where things stand has changed. New edges alone move nothing. */
function isSame(input: LayoutInput, pins: Pins, last: { input: LayoutInput; placement: Placement }): boolean {
  const before = last.input;
  return (
    areEqual(input.nodeKeys, before.nodeKeys) &&
    areEqual(input.boxKeys, before.boxKeys) &&
    areEqual(input.nodeBox, before.nodeBox) &&
    areEqual(input.boxParent, before.boxParent) &&
    areWhereTheyShould(input, pins, last.placement)
  );
}

function areEqual<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}

function areWhereTheyShould({ nodeKeys }: LayoutInput, pins: Pins, { nodeX, nodeY }: Placement): boolean {
  if (Object.keys(pins).length === 0) return true;
  return nodeKeys.every((key, index) => {
    const pin = Object.hasOwn(pins, key) ? pins[key] : undefined;
    return !pin || (Math.fround(pin[0]) === nodeX[index] && Math.fround(pin[1]) === nodeY[index]);
  });
}
