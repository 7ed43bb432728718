import type { Disposable } from "../disposer.ts";
import { isAbort, MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { ClusterSource, ListQuery, Log, Unread, WatchChange } from "../ports.ts";

/** Where a watch puts what it learns; the inventory's four words for one kind. */
export interface KindTarget {
  listing(): void;
  upsert(objects: readonly KubeObject[]): void;
  gone(object: KubeObject): void;
  listed(unread: readonly Unread[]): void;
}

export interface KindQuery {
  readonly query: ListQuery;
  /** What does not pass is dropped on arrival: one cluster-wide watch may serve a few namespaces. */
  readonly accepts?: (object: KubeObject) => boolean;
}

/**
 * Keeps one kind of one cluster current. The source retries by itself; this loop ends only by `dispose`, by a new
 * `start`, or by what no retry mends, and then says why in `ended`.
 */
export class KindWatch implements Disposable {
  readonly #source: Pick<ClusterSource, "context" | "watch">;
  readonly #target: KindTarget;
  readonly #log: Log;
  readonly #changed: () => void;
  #abort: AbortController | undefined;
  #hasAnswered = false;
  #isSettled = false;
  #hasListed = false;
  #isPartial = false;
  #interrupted: MeshError | undefined;
  #ended: MeshError | undefined;

  constructor(source: Pick<ClusterSource, "context" | "watch">, target: KindTarget, log: Log, changed: () => void) {
    this.#source = source;
    this.#target = target;
    this.#log = log;
    this.#changed = changed;
  }

  /** Listed once, or known not to answer: nobody needs to wait for it any longer. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  /** As `hasAnswered`, of the query that was started last. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Some of the scope could not be read, or none of it. */
  get isPartial(): boolean {
    return this.#isPartial;
  }

  get interrupted(): MeshError | undefined {
    return this.#interrupted;
  }

  get ended(): MeshError | undefined {
    return this.#ended;
  }

  get isRunning(): boolean {
    return this.#abort !== undefined;
  }

  /** Watches this query from now on, instead of the one before. */
  start(query: KindQuery): void {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#isSettled = false;
    this.#interrupted = undefined;
    this.#ended = undefined;
    void this.#run(query, abort.signal);
  }

  dispose(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #run({ query, accepts }: KindQuery, signal: AbortSignal): Promise<void> {
    try {
      for await (const change of this.#source.watch(query, signal)) {
        if (signal.aborted) return;
        this.#take(change, accepts);
      }
    } catch (e) {
      if (signal.aborted || isAbort(e)) return;
      this.#end(this.#asMeshError(e, query));
    } finally {
      if (this.#abort?.signal === signal) this.#abort = undefined;
    }
  }

  #take(change: WatchChange, accepts: KindQuery["accepts"]): void {
    switch (change.type) {
      case "listing":
        this.#target.listing();
        return;
      case "upsert": {
        const objects = accepts ? change.objects.filter(accepts) : change.objects;
        if (objects.length === 0) return;
        this.#target.upsert(objects);
        break;
      }
      case "gone":
        if (accepts && !accepts(change.object)) return;
        this.#target.gone(change.object);
        break;
      case "listed":
        this.#hasAnswered = this.#isSettled = true;
        this.#hasListed = true;
        this.#isPartial = change.unread.length > 0;
        this.#interrupted = undefined;
        this.#target.listed(change.unread);
        break;
      case "interrupted":
        this.#hasAnswered = this.#isSettled = true;
        this.#interrupted = change.error;
        break;
      case "resumed":
        this.#interrupted = undefined;
        break;
    }
    this.#changed();
  }

  #end(error: MeshError): void {
    this.#hasAnswered = this.#isSettled = true;
    this.#interrupted = undefined;
    this.#ended = error;
    this.#isPartial = true;
    // A failure leaves what was read standing, as old; but without the right, or without the kind, there is nothing to show.
    const isGone = error.kind === "forbidden" || error.kind === "not-found";
    if (isGone || !this.#hasListed) {
      this.#target.listing();
      this.#target.listed(error.kind === "not-found" ? [] : [{ namespace: undefined, error }]);
    }
    this.#changed();
  }

  #asMeshError(e: unknown, query: ListQuery): MeshError {
    if (MeshError.is(e)) return e;
    this.#log.error("watch ended by a bug", e, { kind: query.kind.kind, context: this.#source.context });
    return new MeshError("bad-data", say("Watching {0} ended unexpectedly.", query.kind.plural), {
      cause: e,
      hint: say("See the Foreyard log, then refresh."),
    });
  }
}
