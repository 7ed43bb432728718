import { Disposer, type Disposable } from "../disposer.ts";
import type { KindOnServer } from "../model/kubeObject.ts";
import type { ClusterSource, Log } from "../ports.ts";
import { liveKinds } from "../validation/live/liveKinds.ts";
import type { LiveFeed } from "../validation/live/liveFeed.ts";
import { KindWatch } from "./kindWatch.ts";

export interface ObjectWorld {
  readonly source: Pick<ClusterSource, "context" | "watch">;
  readonly feed: LiveFeed;
  readonly log: Log;
}

/** Watches of everything that validation reads of one cluster. What may not be read troubles nothing else. */
export class ObjectWatches implements Disposable {
  readonly #world: ObjectWorld;
  readonly #owned = new Disposer();
  readonly #watches = new Map<string, KindWatch>();

  constructor(world: ObjectWorld) {
    this.#world = world;
  }

  /** Every kind that the server offers has been listed, or refused. */
  get hasAnswered(): boolean {
    return [...this.#watches.values()].every(({ hasAnswered }) => hasAnswered);
  }

  /** Starts what is new on the server, and what ended. `fallbacks` are read where not all namespaces may be. */
  start(onServer: readonly KindOnServer[], fallbacks: readonly string[]): void {
    const { source, feed, log } = this.#world;
    const offered = liveKinds.map((live) => ({
      live,
      server: onServer.find(({ group, kind }) => group === live.group && kind === live.kind),
    }));
    feed.absent(offered.filter(({ server }) => server === undefined).map(({ live }) => live.name));
    for (const { live, server } of offered) {
      if (server === undefined) continue;
      let watch = this.#watches.get(live.name);
      if (watch === undefined) {
        watch = this.#owned.own(new KindWatch(source, feed.kind(live.name, fallbacks), log, () => undefined));
        this.#watches.set(live.name, watch);
      }
      const selector = live.fieldSelector === undefined ? {} : { fieldSelector: live.fieldSelector };
      if (!watch.isRunning) {
        watch.start({ query: { kind: server, scope: { all: true, otherwise: fallbacks }, ...selector } });
      }
    }
  }

  dispose(): void {
    this.#owned.dispose();
    this.#world.feed.forget();
  }
}
