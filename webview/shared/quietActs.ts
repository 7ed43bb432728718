import { isAbort } from "../../src/mesh/meshError.ts";
import { failureOf, type Failure } from "./failure.ts";

/** What a person has the host do beside the reading of the page: a failure of it is said, and hides nothing. */
export class QuietActs {
  readonly #changed: () => void;
  #failure: Failure | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Why the last thing asked for could not be done. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  async run(asking: () => Promise<unknown>): Promise<void> {
    try {
      await asking();
      this.#failure = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      this.#failure = failureOf(error);
    }
    this.#changed();
  }

  /** Forgets the failure without a word. */
  clear(): void {
    this.#failure = undefined;
  }
}
