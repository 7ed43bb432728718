import type { ClusterKey } from "../../model/refs.ts";
import { kinds, type KindName } from "../kinds.ts";
import { Bucket, Input, type StoredObject } from "./bucket.ts";
import type { Query } from "./query.ts";
import { Computed, type Tracker } from "./tracker.ts";
import type { Knowledge, World, WorldSettings } from "./world.ts";
import type { WorldObject } from "./worldObject.ts";

/** What of a live cluster was read: kinds, and of each the namespaces in which it was, or all of them. */
export interface LiveScope {
  readonly read: ReadonlyMap<KindName, ReadonlySet<string> | "all">;
}

interface Owner {
  readonly tracker: Tracker;
  readonly settings: WorldSettings;
  worlds(): readonly World[];
}

type Memos = Map<string, Computed<unknown>>;

/** The objects of one cluster with what was derived from them. */
export class ClusterWorld implements World {
  readonly cluster: ClusterKey;
  readonly #owner: Owner;
  readonly #kinds = new Map<KindName, Bucket>();
  readonly #namespaces = new Map<string, Bucket>();
  readonly #names = new Map<string, Bucket>();
  readonly #fileCounts = new Map<string, number>();
  readonly #filesIn = new Map<string, Input<boolean>>();
  readonly #live = new Input<LiveScope | undefined>(undefined);
  readonly #memos = new Map<Query<never>, Memos>();

  constructor(cluster: ClusterKey, owner: Owner) {
    this.cluster = cluster;
    this.#owner = owner;
  }

  get settings(): WorldSettings {
    return this.#owner.settings;
  }

  get(kind: KindName, namespace: string, name: string): WorldObject | undefined {
    return this.declarations(kind, namespace, name).at(-1);
  }

  all(kind: KindName): readonly WorldObject[] {
    return this.#read(bucketAt(this.#kinds, kind));
  }

  inNamespace(kind: KindName, namespace: string): readonly WorldObject[] {
    return this.#read(bucketAt(this.#namespaces, `${kind} ${namespace}`));
  }

  declarations(kind: KindName, namespace: string, name: string): readonly WorldObject[] {
    return this.#read(bucketAt(this.#names, nameKey(kind, namespace, name)));
  }

  ask<Value>(query: Query<Value>, key = ""): Value {
    const known = this.#memos as unknown as Map<Query<Value>, Map<string, Computed<Value>>>;
    let memos = known.get(query);
    if (memos === undefined) {
      memos = new Map<string, Computed<Value>>();
      known.set(query, memos);
    }
    let memo = memos.get(key);
    if (memo === undefined) {
      memo = new Computed(this.#owner.tracker, () => query.compute(this, key), query.same);
      memos.set(key, memo);
    }
    return memo.read();
  }

  knowledge(namespace: string, kind: KindName = kinds.Service): Knowledge {
    const { tracker } = this.#owner;
    const inFiles = this.#isInFiles(namespace);
    tracker.read(inFiles);
    if (inFiles.value) return "files";
    tracker.read(this.#live);
    const read = this.#live.value?.read.get(kind);
    return read === "all" || read?.has(namespace) === true ? "live" : "unknown";
  }

  clusters(): readonly World[] {
    return this.#owner.worlds();
  }

  add(object: StoredObject, revision: number): void {
    const declared = bucketAt(this.#names, nameKey(object.kind, object.namespace, object.name));
    const before = declared.list.at(-1);
    declared.add(object, revision);
    this.#put(before, declared.list.at(-1), revision);
    this.#countFile(object, 1, revision);
  }

  remove(object: StoredObject, revision: number): void {
    const key = nameKey(object.kind, object.namespace, object.name);
    const declared = bucketAt(this.#names, key);
    const before = declared.list.at(-1);
    declared.remove(object, revision);
    this.#put(before, declared.list.at(-1), revision);
    this.#countFile(object, -1, revision);
  }

  setLive(scope: LiveScope | undefined, revision: number): void {
    this.#live.set(scope, revision);
  }

  /** Forgets derived facts that nobody has asked for since a revision. */
  forgetUnaskedSince(revision: number): void {
    for (const memos of this.#memos.values()) {
      for (const [key, memo] of memos) if (memo.verifiedAt < revision) memos.delete(key);
    }
  }

  #put(before: StoredObject | undefined, after: StoredObject | undefined, revision: number): void {
    if (before === after) return;
    if (before !== undefined) {
      bucketAt(this.#kinds, before.kind).remove(before, revision);
      bucketAt(this.#namespaces, `${before.kind} ${before.namespace}`).remove(before, revision);
    }
    if (after !== undefined) {
      bucketAt(this.#kinds, after.kind).add(after, revision);
      bucketAt(this.#namespaces, `${after.kind} ${after.namespace}`).add(after, revision);
    }
  }

  #read(bucket: Bucket): readonly WorldObject[] {
    this.#owner.tracker.read(bucket);
    return bucket.list;
  }

  #isInFiles(namespace: string): Input<boolean> {
    let is = this.#filesIn.get(namespace);
    if (is === undefined) this.#filesIn.set(namespace, (is = new Input(false)));
    return is;
  }

  #countFile(object: StoredObject, by: 1 | -1, revision: number): void {
    if (object.origin.from !== "file") return;
    const namespace = object.kind === kinds.Namespace ? object.name : object.namespace;
    const count = (this.#fileCounts.get(namespace) ?? 0) + by;
    this.#fileCounts.set(namespace, count);
    // Only whether there is any is read: one more object of a namespace changes nothing for what asks.
    this.#isInFiles(namespace).set(count > 0, revision);
  }
}

function bucketAt<Key extends string>(buckets: Map<Key, Bucket>, key: Key): Bucket {
  let bucket = buckets.get(key);
  if (bucket === undefined) buckets.set(key, (bucket = new Bucket()));
  return bucket;
}

function nameKey(kind: KindName, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}
