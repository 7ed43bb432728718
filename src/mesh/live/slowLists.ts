import type { Disposable } from "../disposer.ts";
import { isAbort, MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { ClusterSource, ListQuery, Log } from "../ports.ts";
import type { KindQuery, KindTarget } from "./kindWatch.ts";

export interface SlowList extends KindQuery {
  readonly target: KindTarget;
  readonly query: ListQuery;
  /** Nothing would pass: the list is answered without asking. */
  readonly isNeedless?: boolean;
}

/** What is listed every few minutes and not watched, one kind after the other. A new run replaces one that is under way. */
export class SlowLists implements Disposable {
  readonly #source: Pick<ClusterSource, "list">;
  readonly #log: Log;
  readonly #changed: () => void;
  #abort: AbortController | undefined;
  #hasRun = false;
  #isRunning = false;

  constructor(source: Pick<ClusterSource, "list">, log: Log, changed: () => void) {
    this.#source = source;
    this.#log = log;
    this.#changed = changed;
  }

  /** Every list has been answered, or refused, once. */
  get hasRun(): boolean {
    return this.#hasRun;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  run(lists: readonly SlowList[]): void {
    this.#isRunning = true;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    void this.#runAll(lists, abort.signal);
  }

  dispose(): void {
    this.#abort?.abort();
  }

  async #runAll(lists: readonly SlowList[], signal: AbortSignal): Promise<void> {
    for (const list of lists) {
      await this.#runOne(list, signal);
      if (signal.aborted) return;
    }
    this.#hasRun = true;
    this.#isRunning = false;
    this.#changed();
  }

  async #runOne({ target, query, accepts, isNeedless }: SlowList, signal: AbortSignal): Promise<void> {
    target.listing();
    try {
      if (!isNeedless) {
        for await (const { objects } of this.#source.list(query, signal)) {
          if (signal.aborted) return;
          target.upsert(accepts ? objects.filter(accepts) : objects);
        }
      }
      if (!signal.aborted) target.listed([]);
    } catch (e) {
      if (signal.aborted || isAbort(e)) return;
      if (!MeshError.is(e)) this.#log.error("slow list ended by a bug", e, { kind: query.kind.kind });
      const error = MeshError.is(e)
        ? e
        : new MeshError("bad-data", say("Listing {0} ended unexpectedly.", query.kind.plural), { cause: e });
      // Half a list must not pass for a whole one.
      target.listed([{ namespace: undefined, error }]);
    }
  }
}
