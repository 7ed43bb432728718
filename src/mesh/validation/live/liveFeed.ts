import type { KubeObject } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Unread } from "../../ports.ts";
import type { KindName } from "../kinds.ts";
import type { WorldStore } from "../world/worldStore.ts";
import { projected } from "./projection.ts";

/** Where the watch of one kind puts what it learns. */
export interface KindFeed {
  listing(): void;
  upsert(objects: readonly KubeObject[]): void;
  gone(object: KubeObject): void;
  listed(unread: readonly Unread[]): void;
}

/** Makes the feed of a cluster, once it is known which one it is. */
export type FeedOfCluster = (cluster: { readonly key: ClusterKey; readonly context: string }) => LiveFeed;

/** Puts what watches of one live cluster learn into a world, and keeps which kinds are known there. */
export class LiveFeed {
  readonly key: ClusterKey;
  readonly context: string;
  readonly #store: WorldStore;
  readonly #changed: () => void;
  /** The names of each kind's objects; of a new listing, those that it has not named yet. */
  readonly #kinds = new Map<KindName, { readonly known: Set<string>; readonly unnamed: Set<string> }>();
  readonly #read = new Map<KindName, ReadonlySet<string> | "all">();

  constructor(store: WorldStore, cluster: { readonly key: ClusterKey; readonly context: string }, changed: () => void) {
    this.#store = store;
    this.key = cluster.key;
    this.context = cluster.context;
    this.#changed = changed;
  }

  /** @param fallbacks The namespaces that are read where not all of them may be. */
  kind(kind: KindName, fallbacks: readonly string[]): KindFeed {
    const names = { known: new Set<string>(), unnamed: new Set<string>() };
    this.#kinds.set(kind, names);
    return {
      listing: () => {
        for (const name of names.known) names.unnamed.add(name);
      },
      upsert: (objects) => {
        for (const object of objects) {
          const name = nameOf(object);
          names.unnamed.delete(name);
          this.#put(kind, name, projected(kind, object));
        }
        this.#changed();
      },
      gone: (object) => {
        this.#put(kind, nameOf(object), undefined);
        this.#changed();
      },
      listed: (unread) => {
        for (const name of names.unnamed) this.#put(kind, name, undefined);
        names.unnamed.clear();
        this.#note(kind, unread, fallbacks);
        this.#changed();
      },
    };
  }

  /** The server has no such kind: known, and empty. */
  absent(kinds: readonly KindName[]): void {
    for (const kind of kinds) this.#read.set(kind, "all");
    this.#store.setLive(this.key, { read: new Map(this.#read) });
  }

  /** Takes everything out of the world again. */
  forget(): void {
    this.#store.replace(this.#source, []);
    this.#store.setLive(this.key, undefined);
    this.#kinds.clear();
    this.#changed();
  }

  get #source(): string {
    return `live ${this.key}`;
  }

  #put(kind: KindName, name: string, object: KubeObject | undefined): void {
    const known = this.#kinds.get(kind)?.known;
    if (object === undefined) {
      if (known?.delete(name) !== true) return;
      this.#store.change(this.#source, `${kind} ${name}`, undefined);
      return;
    }
    known?.add(name);
    const origin = { from: "live", context: this.context } as const;
    this.#store.change(this.#source, `${kind} ${name}`, { cluster: this.key, object, origin });
  }

  // What a list leaves out must not pass for absent.
  #note(kind: KindName, unread: readonly Unread[], fallbacks: readonly string[]): void {
    if (unread.length === 0) this.#read.set(kind, "all");
    else {
      const left = new Set(unread.map(({ namespace }) => namespace));
      this.#read.set(kind, new Set(fallbacks.filter((namespace) => !left.has(namespace))));
    }
    this.#store.setLive(this.key, { read: new Map(this.#read) });
  }
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
