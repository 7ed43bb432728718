import { isAbort } from "../../src/mesh/meshError.ts";
import type { HostConnection } from "../../src/protocol/connect.ts";
import type { Details, DetailSeries, Target, TopologyContract } from "../../src/protocol/topology/topologyContract.ts";
import { failureOf, type Failure } from "../shared/failure.ts";

/** What the panel knows of the selection. */
export interface Selected {
  readonly target: Target;
  readonly details: Details | undefined;
  readonly series: DetailSeries | undefined;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
}

/** Asks for the details of one selection at a time; what was known of it stays until the new answer is there. */
export class SelectionLoader {
  readonly #host: HostConnection<TopologyContract>;
  readonly #changed: () => void;
  #selected: Selected | undefined;
  #running: AbortController | undefined;

  constructor(host: HostConnection<TopologyContract>, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
  }

  get selected(): Selected | undefined {
    return this.#selected;
  }

  clear(): void {
    this.#running?.abort();
    this.#selected = undefined;
  }

  async load(target: Target): Promise<void> {
    this.#running?.abort();
    const mine = new AbortController();
    this.#running = mine;
    const isSame = this.#selected?.target.id === target.id && this.#selected.target.what === target.what;
    const known = isSame ? this.#selected : undefined;
    this.#selected = {
      ...{ target, details: known?.details, series: known?.series },
      ...{ failure: undefined, isLoading: true },
    };
    this.#changed();
    const take = (part: Partial<Selected>) => {
      if (mine.signal.aborted || !this.#selected) return;
      this.#selected = { ...this.#selected, ...part };
      this.#changed();
    };
    const failed = (error: unknown) => {
      if (!isAbort(error)) take({ failure: failureOf(error), isLoading: false });
    };
    const { signal } = mine;
    await Promise.all([
      this.#host.ask("details.load", target, signal).then((details) => take({ details, isLoading: false }), failed),
      this.#host.ask("details.series", target, signal).then((series) => take({ series }), failed),
    ]);
  }
}
