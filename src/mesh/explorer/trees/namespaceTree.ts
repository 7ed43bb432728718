import { isTrouble, worse, type Health } from "../../health/verdict.ts";
import type { ViewFilter } from "../../live/liveMesh.ts";
import { say, type Message } from "../../message.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Unread } from "../../ports.ts";
import { failureRows, unreadNamespaces } from "../rows/failureRows.ts";
import { LazyTree, type Row } from "./lazyTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "./nodeId.ts";
import { compareRows, type Ranking } from "./sortOrder.ts";
import { firstThree, plainly } from "../rows/rowFacts.ts";
import { healthWord } from "../tooltip.ts";
import type { ExplorerWorld, Place, WorldChange } from "../world.ts";

/** What a tree by namespaces needs to know of the things it lists. */
export interface Listing<View extends { readonly id: string; readonly ref: ObjectRef }> {
  readonly views: (world: ExplorerWorld) => ReadonlyMap<string, View>;
  /** Ids that changed, of which others below a row may hang on. */
  readonly changed: (change: WorldChange, world: ExplorerWorld) => ReadonlySet<string>;
  /** Views of one mesh with the same key make one row. */
  readonly keyOf: (view: View) => string;
  readonly passes: (view: View, filter: ViewFilter) => boolean;
  readonly rank: (members: readonly View[], world: ExplorerWorld) => Ranking;
  readonly row: (members: readonly View[], parentId: string, world: ExplorerWorld) => Row;
  readonly count: (howMany: number, shown: string) => Message;
  /** Which unreadable lists leave a hole here, by the kind of object they hold. */
  readonly kinds: ReadonlySet<string>;
}

interface Entry<View> {
  readonly key: string;
  readonly home: Home<View>;
  readonly members: Map<string, View>;
  ranking: Ranking | undefined;
  row: Row | undefined;
}

interface Home<View> {
  readonly id: string;
  readonly place: Place;
  readonly namespace: string;
  readonly entries: Map<string, Entry<View>>;
  order: readonly Entry<View>[] | undefined;
  row: Row | undefined;
}

/** Rows by mesh and namespace, indexed so that a change costs what it touches. */
export class NamespaceTree<View extends { readonly id: string; readonly ref: ObjectRef }> {
  readonly tree: LazyTree;
  readonly #world: ExplorerWorld;
  readonly #listing: Listing<View>;
  readonly #homes = new Map<string, Home<View>>();
  readonly #entryOf = new Map<string, Entry<View>>();

  #holes: readonly Unread[] = [];
  #awaited = "";

  constructor(world: ExplorerWorld, listing: Listing<View>, pageSize?: number) {
    this.#world = world;
    this.#listing = listing;
    this.tree = new LazyTree(() => this.#roots(), pageSize);
  }

  update(change: WorldChange): readonly string[] | "all" {
    if (change.everything) return this.#rebuild();
    const parents = new Set<string | undefined>([undefined]);
    const branches = new Set<string>();
    for (const id of this.#listing.changed(change, this.#world)) {
      const before = this.#entryOf.get(id);
      const after = this.#place(id);
      for (const entry of [before, after]) {
        if (!entry) continue;
        parents.add(entry.home.id);
        if (entry.row) branches.add(entry.row.node.id);
        this.#invalidate(entry);
      }
    }
    if (this.#areAwaitedNew()) for (const home of this.#homes.values()) home.row = undefined;
    if (this.#areHolesNew()) for (const id of this.tree.openRoots()) parents.add(id);
    for (const branch of branches) for (const id of this.tree.openBranches(branch)) parents.add(id);
    return this.tree.refresh(parents);
  }

  /** How many rows are in which state. */
  count(state: Health): number {
    let sum = 0;
    for (const home of this.#homes.values()) {
      for (const entry of home.entries.values()) {
        if (this.#rankingOf(entry).state === state) sum++;
      }
    }
    return sum;
  }

  /** Whether other lists than before could not be read: they leave a hole in every branch. */
  #areHolesNew(): boolean {
    const before = this.#holes;
    this.#holes = this.#world.meshes.flatMap((mesh) => mesh.clusters.flatMap(({ unread }) => unread));
    return before.length !== this.#holes.length || before.some((hole, i) => hole !== this.#holes[i]);
  }

  /** Whether pods of other clusters than before are awaited: how many are in the mesh is then told, or no longer. */
  #areAwaitedNew(): boolean {
    const before = this.#awaited;
    this.#awaited = this.#world.meshes
      .flatMap(({ clusters }) => clusters.filter(({ counts }) => counts.workloads.inMesh === undefined))
      .map(({ key }) => key)
      .join();
    return before !== this.#awaited;
  }

  #isAwaitingPods({ meshId }: Place): boolean {
    const mesh = this.#world.meshes.find(({ id }) => id === meshId);
    return mesh !== undefined && mesh.workloads.inMesh === undefined;
  }

  #rebuild(): "all" {
    this.#areHolesNew();
    this.#areAwaitedNew();
    this.#homes.clear();
    this.#entryOf.clear();
    for (const id of this.#listing.views(this.#world).keys()) this.#place(id);
    return this.tree.reset();
  }

  /** Puts a view where it belongs now, and takes it from where it was. */
  #place(id: string): Entry<View> | undefined {
    const view = this.#listing.views(this.#world).get(id);
    const before = this.#entryOf.get(id);
    const isListed = view !== undefined && this.#isListed(view);
    if (!isListed) {
      if (before) this.#remove(id, before);
      return undefined;
    }
    const home = this.#homeOf(view.ref);
    const key = this.#listing.keyOf(view);
    if (before && (before.home !== home || before.key !== key)) this.#remove(id, before);
    let entry = home.entries.get(key);
    if (!entry) {
      entry = { key, home, members: new Map(), ranking: undefined, row: undefined };
      home.entries.set(key, entry);
      home.order = undefined;
    }
    entry.members.set(id, view);
    this.#entryOf.set(id, entry);
    return entry;
  }

  #remove(id: string, entry: Entry<View>): void {
    entry.members.delete(id);
    this.#entryOf.delete(id);
    if (entry.members.size > 0) return;
    const { home } = entry;
    home.entries.delete(entry.key);
    home.order = undefined;
    if (home.entries.size === 0) this.#homes.delete(home.id);
  }

  #invalidate(entry: Entry<View>): void {
    entry.ranking = undefined;
    entry.row = undefined;
    entry.home.row = undefined;
    if (this.#world.sort !== "name") entry.home.order = undefined;
  }

  #isListed(view: View): boolean {
    const { namespaces } = this.#world.filter;
    return (namespaces?.includes(view.ref.namespace) ?? true) && this.#listing.passes(view, this.#world.filter);
  }

  #homeOf({ cluster, namespace }: ObjectRef): Home<View> {
    const place = this.#world.place(cluster);
    const id = homeId(place, namespace);
    let home = this.#homes.get(id);
    if (!home) {
      home = { id, place, namespace, entries: new Map(), order: undefined, row: undefined };
      this.#homes.set(id, home);
    }
    return home;
  }

  #roots(): readonly Row[] {
    const homes = new Map(this.#homes);
    for (const { cluster, namespace } of unreadNamespaces(this.#world, this.#listing.kinds)) {
      const place = this.#world.place(cluster);
      const id = homeId(place, namespace);
      if (!homes.has(id)) {
        homes.set(id, { id, place, namespace, entries: new Map(), order: undefined, row: undefined });
      }
    }
    const sorted = [...homes.values()].sort(
      (a, b) => compareText(a.namespace, b.namespace) || compareText(a.place.meshName, b.place.meshName),
    );
    const whole = failureRows(this.#world, this.#listing.kinds, undefined);
    return [...whole, ...sorted.map((home) => (home.row ??= this.#homeRow(home)))];
  }

  #homeRow(home: Home<View>): Row {
    const entries = [...home.entries.values()];
    const states = entries.map((entry) => this.#rankingOf(entry).state);
    const worst = states.reduce<Health | undefined>((a, b) => (a ? worse(a, b) : b), undefined);
    const facts = entries.length === 0 ? [] : this.#countFacts(home, entries, states);
    const ref = namespaceRef(this.#world, home.place, home.namespace);
    return {
      node: {
        id: home.id,
        parentId: undefined,
        kind: "namespace",
        label: home.namespace,
        facts: firstThree(this.#world.meshes.length > 1 ? [plainly(home.place.meshName), ...facts] : facts),
        state: worst,
        ...(ref && { ref }),
        drill: { cluster: "", group: "", kind: "Namespace", namespace: "", name: home.namespace },
        tokens: ["fy.namespace", "fy.drill", ...(ref ? ["fy.document"] : [])],
        hasChildren: true,
      },
      open: () => this.#children(home.id, home),
      facts: () => this.#homeTooltip(home.id, home),
    };
  }

  #countFacts(home: Home<View>, entries: readonly Entry<View>[], states: readonly Health[]): readonly Message[] {
    const { format } = this.#world;
    const failing = states.filter((state) => state === "failing").length;
    const degraded = states.filter((state) => state === "degraded").length;
    const inMesh = entries.filter((entry) => this.#rankingOf(entry).inMesh).length;
    const facts = [this.#listing.count(entries.length, format.count(entries.length))];
    if (failing > 0) facts.push(say("{0} failing", format.count(failing)));
    if (degraded > 0) facts.push(say("{0} degraded", format.count(degraded)));
    if (inMesh < entries.length && !this.#isAwaitingPods(home.place)) {
      facts.push(say("{0} of {1} in mesh", format.count(inMesh), format.count(entries.length)));
    }
    return facts;
  }

  #children(id: string, fallback: Home<View>): readonly Row[] {
    const home = this.#homes.get(id) ?? fallback;
    home.order ??= [...home.entries.values()].sort((a, b) =>
      compareRows(this.#rankingOf(a), this.#rankingOf(b), this.#world.sort),
    );
    const rows = home.order.map(
      (entry) => (entry.row ??= this.#listing.row([...entry.members.values()], id, this.#world)),
    );
    return [...failureRows(this.#world, this.#listing.kinds, home), ...rows];
  }

  #rankingOf(entry: Entry<View>): Ranking {
    return (entry.ranking ??= this.#listing.rank([...entry.members.values()], this.#world));
  }

  #homeTooltip(id: string, fallback: Home<View>): readonly Fact[] {
    const home = this.#homes.get(id) ?? fallback;
    const rankings = [...home.entries.values()].map((entry) => this.#rankingOf(entry));
    const facts: Fact[] = [
      { name: say("Namespace"), value: plainly(home.namespace) },
      { name: say("Mesh"), value: plainly(home.place.meshName) },
    ];
    for (const state of ["failing", "degraded", "healthy", "idle", "unknown"] as const) {
      const inState = rankings.filter((ranking) => ranking.state === state).length;
      if (inState > 0) facts.push({ name: healthWord(state), value: plainly(this.#world.format.count(inState)) });
    }
    const troubled = rankings.filter(({ state }) => isTrouble(state)).sort((a, b) => compareRows(a, b, "errors"));
    for (const { name, state } of troubled.slice(0, 5)) facts.push({ name: plainly(name), value: healthWord(state) });
    return facts;
  }
}

export function homeId({ meshId }: Pick<Place, "meshId">, namespace: string): string {
  return childId(undefined, "namespace", meshId, namespace);
}

const collator = new Intl.Collator("en", { numeric: true });

function compareText(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

// A namespace of several clusters is several objects; then none of them is what the row opens.
function namespaceRef(world: ExplorerWorld, { meshId, cluster }: Place, name: string): ObjectRef | undefined {
  const mesh = world.meshes.find(({ id }) => id === meshId);
  if (!cluster || mesh?.clusters.length !== 1) return undefined;
  return { cluster: cluster.key, group: "", kind: "Namespace", namespace: "", name };
}
