import type { Disposable } from "../disposer.ts";
import { isAbort, MeshError } from "../meshError.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import { refId, type ObjectRef } from "../model/refs.ts";
import type { Clock, ClusterSource, Log } from "../ports.ts";

const atOnce = 4;

const millisBetweenReads = 10_000;

export interface OwnerRoom {
  readonly source: Pick<ClusterSource, "get">;
  readonly clock: Clock;
  readonly log: Log;
  readonly kindOf: (ref: ObjectRef) => KindOnServer | undefined;
}

export interface OwnerTarget {
  wantedOwners(): readonly ObjectRef[];
  setOwner(ref: ObjectRef, owner: KubeObject | undefined): void;
}

/**
 * Reads the owners nobody watches (Rollouts, CloneSets ...), a few at a time and none too often. A refusal is remembered for
 * its kind and namespace, so that a thousand owners of one forbidden kind cost a few requests.
 */
export class OwnerReads implements Disposable {
  readonly #source: Pick<ClusterSource, "get">;
  readonly #target: OwnerTarget;
  readonly #kindOf: (ref: ObjectRef) => KindOnServer | undefined;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #askedAt = new Map<string, number>();
  readonly #refused = new Set<string>();
  readonly #queue: ObjectRef[] = [];
  readonly #abort = new AbortController();
  #running = 0;
  readonly #changed: () => void;

  constructor(from: OwnerRoom, target: OwnerTarget, changed: () => void) {
    this.#source = from.source;
    this.#kindOf = from.kindOf;
    this.#target = target;
    this.#log = from.log;
    this.#clock = from.clock;
    this.#changed = changed;
  }

  /** Nothing is being read or waits for it. */
  get isIdle(): boolean {
    return this.#running === 0 && this.#queue.length === 0;
  }

  /** Asks for what the inventory wants: owners that were never read, and those whose pods changed since. */
  ask(): void {
    for (const ref of this.#target.wantedOwners()) {
      const id = refId(ref);
      const now = this.#clock.now();
      if (now - (this.#askedAt.get(id) ?? -Infinity) < millisBetweenReads) continue;
      this.#askedAt.set(id, now);
      this.#queue.push(ref);
    }
    while (this.#running < atOnce && this.#queue.length > 0) void this.#work();
  }

  /** What was refused may be asked again. */
  forgetRefusals(): void {
    this.#refused.clear();
    this.#askedAt.clear();
  }

  dispose(): void {
    this.#queue.length = 0;
    this.#abort.abort();
  }

  async #work(): Promise<void> {
    this.#running++;
    try {
      for (let ref = this.#queue.shift(); ref; ref = this.#queue.shift()) {
        const owner = await this.#read(ref);
        if (this.#abort.signal.aborted) return;
        this.#target.setOwner(ref, owner);
        this.#changed();
      }
    } finally {
      this.#running--;
      // That nothing is awaited any more is news by itself.
      if (this.isIdle && !this.#abort.signal.aborted) this.#changed();
    }
  }

  /** The owner, or undefined where it may not or can not be read. */
  async #read(ref: ObjectRef): Promise<KubeObject | undefined> {
    const kind = this.#kindOf(ref);
    const place = `${ref.group}/${ref.kind}/${ref.namespace}`;
    if (!kind || this.#refused.has(place)) return undefined;
    try {
      return await this.#source.get(kind, ref.namespace, ref.name, this.#abort.signal);
    } catch (e) {
      if (this.#abort.signal.aborted || isAbort(e)) return undefined;
      if (MeshError.is(e, "forbidden")) this.#refused.add(place);
      this.#log.debug("owner unreadable", { kind: ref.kind, namespace: ref.namespace, error: String(e) });
      return undefined;
    }
  }
}
