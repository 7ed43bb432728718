import { Disposer, type Disposable } from "../disposer.ts";
import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import { configKinds, type InventoryKind } from "../inventory/inventoryKinds.ts";
import type { KindOnServer } from "../model/kubeObject.ts";
import type { ClusterSource, Log } from "../ports.ts";
import { inventoryTarget, queryOf, serverKindOf } from "./kindQueries.ts";
import { KindWatch } from "./kindWatch.ts";

export interface ConfigWorld {
  readonly source: Pick<ClusterSource, "context" | "watch">;
  readonly inventory: ClusterInventory;
  readonly log: Log;
}

interface Watched {
  readonly kind: InventoryKind;
  readonly watch: KindWatch;
}

/** Watches of the configuration that acts on one cluster's traffic. What may not be read troubles nothing else. */
export class ConfigWatches implements Disposable {
  readonly #world: ConfigWorld;
  readonly #changed: () => void;
  readonly #owned = new Disposer();
  readonly #watched = new Map<string, Watched>();

  constructor(world: ConfigWorld, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
  }

  /** Every kind that the server offers has been listed, or refused. */
  get hasAnswered(): boolean {
    return [...this.#watched.values()].every(({ watch }) => watch.hasAnswered);
  }

  /** Starts what is new on the server, and what ended. `fallbacks` are read where not all namespaces may be. */
  start(onServer: readonly KindOnServer[], fallbacks: readonly string[]): void {
    for (const kind of configKinds) {
      const server = serverKindOf(kind, onServer);
      if (!server) continue;
      const { watch } = this.#watched.get(kind.id) ?? this.#add(kind);
      if (!watch.isRunning) watch.start({ query: queryOf(kind, server, { all: true, otherwise: fallbacks }) });
    }
  }

  /** Reads other namespaces, of what cannot be read in all of them. */
  choose(onServer: readonly KindOnServer[], fallbacks: readonly string[]): void {
    for (const { watch } of this.#watched.values()) if (watch.isPartial) watch.dispose();
    this.start(onServer, fallbacks);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #add(kind: InventoryKind): Watched {
    const { source, inventory, log } = this.#world;
    const watch = this.#owned.own(new KindWatch(source, inventoryTarget(inventory, kind.id), log, this.#changed));
    const watched = { kind, watch };
    this.#watched.set(kind.id, watched);
    return watched;
  }
}
