import type { LayoutInput, Memory, Placement } from "../../src/mesh/topology/layout/layout.ts";
import { blankMemory, placeSteps, rememberPlacement } from "../../src/mesh/topology/layout/place.ts";
import type { Steps } from "../../src/mesh/topology/layout/steps.ts";

/** One layout as it crosses to the worker: typed arrays are transferred, keys are numbers that were named before. */
export interface LayoutJob extends Omit<LayoutInput, "nodeCount" | "nodeKeys" | "boxKeys"> {
  readonly id: number;
  /** Nothing of the last picture counts. */
  readonly isFresh: boolean;
  /** Numbers begin at 0 again. */
  readonly startsNames: boolean;
  /** Numbers of keys. */
  readonly nodes: Uint32Array;
  readonly boxes: Uint32Array;
  readonly pins: Uint32Array;
  /** x and y of each pin. */
  readonly pinPlaces: Float32Array;
  /** The keys of the next numbers. */
  readonly newKeys: readonly string[];
}

export interface LayoutAnswer {
  readonly id: number;
  /** undefined: it failed. */
  readonly placement: Placement | undefined;
}

/** Does one job after the other and remembers what it placed where. Runs in a worker, or on the page's thread. */
export class LayoutDesk {
  readonly #keys: string[] = [];
  #memory: Memory = blankMemory;

  *steps(job: LayoutJob): Steps<Placement> {
    if (job.startsNames) this.#keys.length = 0;
    for (const key of job.newKeys) this.#keys.push(key);
    const input: LayoutInput = {
      ...job,
      nodeCount: job.nodes.length,
      nodeKeys: this.#named(job.nodes),
      boxKeys: this.#named(job.boxes),
    };
    const placement = yield* placeSteps(input, this.#withPins(job));
    this.#memory = rememberPlacement(input, placement);
    return placement;
  }

  #named(numbers: Uint32Array): string[] {
    return Array.from(numbers, (number) => this.#keys[number] ?? "");
  }

  #withPins({ isFresh, pins, pinPlaces }: LayoutJob): Memory {
    const before = isFresh ? blankMemory : this.#memory;
    if (pins.length === 0) return before;
    const nodes = new Map(before.nodes);
    for (const [index, key] of this.#named(pins).entries()) {
      nodes.set(key, { x: pinPlaces[2 * index] ?? 0, y: pinPlaces[2 * index + 1] ?? 0, pinned: true });
    }
    return { nodes, boxes: before.boxes };
  }
}
