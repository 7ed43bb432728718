import { Disposer, type Disposable } from "../disposer.ts";
import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import { inventoryKinds, type InventoryKind } from "../inventory/inventoryKinds.ts";
import type { MeshError } from "../meshError.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Clock, ClusterSource, Log } from "../ports.ts";
import { inventoryTarget, queryOf, serverKindOf } from "./kindQueries.ts";
import { KindWatch, type KindTarget } from "./kindWatch.ts";
import { NamespaceRoll } from "./namespaceRoll.ts";
import { OwnerReads } from "./ownerReads.ts";
import { podScope, selectedNamespaces } from "./podScope.ts";
import { SlowLists } from "./slowLists.ts";

/** What is read of a cluster to keep it current. */
export type WatchedSource = Pick<ClusterSource, "context" | "list" | "watch" | "get">;

export interface WatchedWorld {
  readonly source: WatchedSource;
  readonly inventory: ClusterInventory;
  readonly log: Log;
  readonly clock: Clock;
  /** The context's namespace. */
  readonly defaultNamespace: string | undefined;
}

interface Watched {
  readonly kind: InventoryKind;
  readonly watch: KindWatch;
}

/** All watches and slow lists of one connected cluster. Parts fail alone; the rest goes on. */
export class ClusterWatches implements Disposable {
  readonly #world: WatchedWorld;
  readonly #changed: () => void;
  readonly #owned = new Disposer();
  readonly #roll = new NamespaceRoll();
  readonly #watched = new Map<string, Watched>();
  readonly #owners: OwnerReads;
  readonly #slowEverywhere: SlowLists;
  readonly #slowOutside: SlowLists;
  #onServer: readonly KindOnServer[];
  #chosen: readonly string[] | undefined;
  #selected: readonly string[] | undefined;
  #arePodsIn = false;

  constructor(
    world: WatchedWorld,
    onServer: readonly KindOnServer[],
    chosen: readonly string[] | undefined,
    changed: () => void,
  ) {
    this.#world = world;
    this.#onServer = onServer;
    this.#chosen = chosen;
    this.#changed = changed;
    const kindOf = (ref: ObjectRef) => this.kindOf(ref.group, ref.kind);
    this.#owners = this.#owned.own(new OwnerReads({ ...world, kindOf }, world.inventory, changed));
    this.#slowEverywhere = this.#owned.own(new SlowLists(world.source, world.log, changed));
    this.#slowOutside = this.#owned.own(new SlowLists(world.source, world.log, changed));
    world.inventory.awaitPods(true);
    this.#startKinds();
    this.#runSlow(this.#slowEverywhere, "all");
  }

  /** The namespaces whose pods are watched; undefined until the mesh's namespaces are known. */
  get selected(): readonly string[] | undefined {
    return this.#selected;
  }

  /** All namespaces; undefined where they may not be listed. */
  get namespaces(): readonly string[] | undefined {
    return this.#roll.names;
  }

  /** What the trees need has been listed, or is known not to come; pods may still be on their way. */
  get hasAnswered(): boolean {
    return this.#selected !== undefined && this.#inScope("all").every((watch) => watch.hasAnswered);
  }

  /** The pods of the selected namespaces have been listed, and those of all others by their metadata. */
  get arePodsIn(): boolean {
    return this.#arePodsIn;
  }

  /** Slow lists and owners are in, too. */
  get isComplete(): boolean {
    return this.hasAnswered && this.#arePodsIn && this.#slowEverywhere.hasRun && this.#owners.isIdle;
  }

  /** Why no watch hears anything; undefined while one of them does. */
  get silence(): MeshError | undefined {
    const watches = [...this.#watched.values()].flatMap(({ kind, watch }) => (kind.isAside ? [] : [watch]));
    if (watches.length === 0 || watches.some((watch) => !watch.interrupted && !watch.ended)) return undefined;
    return watches.find((watch) => watch.interrupted)?.interrupted;
  }

  /** A sign-in that ran out, whichever watch noticed. */
  get signedOut(): MeshError | undefined {
    for (const { watch } of this.#watched.values()) {
      const error = watch.ended ?? watch.interrupted;
      if (error?.kind === "unauthorized" || error?.kind === "expired") return error;
    }
    return undefined;
  }

  kindOf(group: string, kind: string): KindOnServer | undefined {
    return this.#onServer.find((known) => known.group === group && known.kind === kind);
  }

  choose(chosen: readonly string[] | undefined): void {
    this.#chosen = chosen;
    // Where only single namespaces may be read, the choice decides which.
    for (const { kind, watch } of this.#watched.values()) {
      if (kind.scope === "all" && !kind.isAside && watch.isPartial) this.#start({ kind, watch });
    }
    this.#select();
  }

  /** After changes, a few times a second at most: reads new owners, follows the mesh where nobody chose namespaces. */
  settle(): void {
    this.#owners.ask();
    this.#select();
    this.#lookForPods();
  }

  /** Starts what ended, what is new on the server, and the slow lists. */
  revive(onServer: readonly KindOnServer[]): void {
    this.#onServer = onServer;
    this.#owners.forgetRefusals();
    for (const watched of this.#watched.values()) if (!watched.watch.isRunning) this.#start(watched);
    this.#startKinds();
    this.runSlowLists();
  }

  /** Lists again what is not watched. */
  runSlowLists(): void {
    this.#runSlow(this.#slowEverywhere, "all");
    this.#runSlow(this.#slowOutside, "unselected");
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #runSlow(lists: SlowLists, scope: InventoryKind["scope"]): void {
    if (scope === "unselected" && !this.#selected) return;
    const selected = new Set(this.#selected);
    const isAll = (this.#roll.names ?? [""]).every((name) => selected.has(name));
    const outside = ({ metadata }: KubeObject) => !selected.has(metadata.namespace ?? "");
    lists.run(
      this.#present("slow")
        .filter(({ kind }) => kind.scope === scope)
        .map(({ kind, server }) => ({
          target: this.#targetOf(kind),
          query: queryOf(kind, server, { all: true, otherwise: [] }),
          ...(scope === "unselected" ? { accepts: outside, isNeedless: isAll } : {}),
        })),
    );
  }

  #startKinds(): void {
    for (const { kind } of this.#present("watch")) {
      if (this.#watched.has(kind.id)) continue;
      const watch = this.#owned.own(
        new KindWatch(this.#world.source, this.#targetOf(kind), this.#world.log, () => {
          if (!this.#selected) this.#select();
          this.#changed();
        }),
      );
      this.#watched.set(kind.id, { kind, watch });
      if (kind.scope === "all" || this.#selected) this.#start({ kind, watch });
    }
    this.#select();
  }

  #start({ kind, watch }: Watched): void {
    const server = serverKindOf(kind, this.#onServer);
    if (!server) return;
    if (kind.scope === "all") {
      watch.start({ query: queryOf(kind, server, { all: true, otherwise: this.#fallbacks() }) });
    } else if (this.#selected) {
      const { scope, accepts } = podScope(this.#selected, this.#roll.names);
      watch.start({ query: queryOf(kind, server, scope), accepts });
    }
  }

  /** Which namespaces' pods to watch; waits for what tells, unless a person chose. */
  #select(): void {
    if (!this.#chosen && !this.#inScope("all").every((watch) => watch.hasAnswered)) return;
    const { inventory, defaultNamespace } = this.#world;
    const { controlPlanes, gateways } = inventory.view();
    const ofMesh = [...this.#roll.enrolled, ...[...controlPlanes, ...gateways].map(({ ref }) => ref.namespace)];
    const selected = selectedNamespaces({ chosen: this.#chosen, ofMesh, fallback: defaultNamespace });
    const before = this.#selected;
    if (before && before.length === selected.length && before.every((name, i) => name === selected[i])) return;
    this.#selected = selected;
    for (const watched of this.#watched.values()) if (watched.kind.scope === "selected") this.#start(watched);
    this.#runSlow(this.#slowOutside, "unselected");
    this.#arePodsIn = false;
    inventory.awaitPods(true);
  }

  /** Once in, they stay in: a list that is begun again leaves what is known standing. */
  #lookForPods(): void {
    if (this.#arePodsIn || !this.#selected || this.#slowOutside.isRunning) return;
    if (!this.#inScope("selected").every((watch) => watch.isSettled)) return;
    this.#arePodsIn = true;
    this.#world.inventory.awaitPods(false);
  }

  #inScope(scope: InventoryKind["scope"]): readonly KindWatch[] {
    return [...this.#watched.values()].flatMap(({ kind, watch }) =>
      kind.scope === scope && !kind.isAside ? [watch] : [],
    );
  }

  #fallbacks(): readonly string[] {
    return this.#chosen ?? [this.#world.defaultNamespace ?? "default"];
  }

  #targetOf(kind: InventoryKind): KindTarget {
    const { inventory } = this.#world;
    const isNamespaces = kind.group === "" && kind.kind === "Namespace";
    return isNamespaces ? alsoTo(this.#roll, inventoryTarget(inventory, kind.id)) : inventoryTarget(inventory, kind.id);
  }

  #present(pace: InventoryKind["pace"]): readonly { kind: InventoryKind; server: KindOnServer }[] {
    return inventoryKinds.flatMap((kind) => {
      const server = kind.pace === pace ? serverKindOf(kind, this.#onServer) : undefined;
      return server ? [{ kind, server }] : [];
    });
  }
}

function alsoTo(first: KindTarget, second: KindTarget): KindTarget {
  return {
    listing() {
      first.listing();
      second.listing();
    },
    upsert(objects) {
      first.upsert(objects);
      second.upsert(objects);
    },
    gone(object) {
      first.gone(object);
      second.gone(object);
    },
    listed(unread) {
      first.listed(unread);
      second.listed(unread);
    },
  };
}
