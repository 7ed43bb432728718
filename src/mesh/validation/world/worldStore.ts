import type { KubeObject } from "../../model/kubeObject.ts";
import { groupOf } from "../../model/kubeObject.ts";
import { fieldsAt, textAt } from "../../model/fields.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { isClusterScoped, kindNameOf } from "../kinds.ts";
import type { StoredObject } from "./bucket.ts";
import { ClusterWorld, type LiveScope } from "./clusterWorld.ts";
import { sameValue } from "./sameValue.ts";
import { Tracker } from "./tracker.ts";
import type { World, WorldSettings } from "./world.ts";
import type { Origin, WorldObject } from "./worldObject.ts";

/** An object to be put into a world. */
export interface Declared {
  readonly cluster: ClusterKey;
  readonly object: KubeObject;
  readonly origin: Origin;
  /** The namespace of an object that says none. */
  readonly defaultNamespace?: string;
}

interface Source {
  readonly number: number;
  readonly objects: Map<string, StoredObject>;
}

const placesPerSource = 2 ** 24;

/**
 * The objects of all clusters by what declares them (a file, a cluster), and what is derived from them. Changes take
 * effect at once; what was derived is brought up to date when it is asked for.
 */
export class WorldStore {
  readonly settings: WorldSettings;
  readonly tracker: Tracker;
  readonly #worlds = new Map<ClusterKey, ClusterWorld>();
  readonly #sources = new Map<string, Source>();
  #worldList: readonly World[] = [];
  #nextSource = 1;
  #nextPlace = 0;

  /** `isTracking`: false for a world that is filled once and read once, as a command line does. */
  constructor(settings: WorldSettings, isTracking = true) {
    this.settings = settings;
    this.tracker = new Tracker(isTracking);
  }

  world(cluster: ClusterKey): ClusterWorld {
    let world = this.#worlds.get(cluster);
    if (world === undefined) {
      world = new ClusterWorld(cluster, this);
      this.#worlds.set(cluster, world);
      this.#worldList = [...this.#worlds.values()];
    }
    return world;
  }

  worlds(): readonly World[] {
    return this.#worldList;
  }

  /** All declarations, in order. */
  *declarations(): Generator<WorldObject> {
    for (const { objects } of this.#sources.values()) yield* objects.values();
  }

  /** What a source declares. */
  of(source: string): readonly WorldObject[] {
    return [...(this.#sources.get(source)?.objects.values() ?? [])];
  }

  /**
   * Replaces all that a source declares. Objects that stay the same stay the same objects, in their new places. Sources
   * count in the order in which they were first named; what is declared later wins, a file over a live object.
   */
  replace(source: string, declared: readonly Declared[]): void {
    const revision = this.tracker.advance();
    const known = this.#source(source);
    const seen = new Set<string>();
    const counts = new Map<string, number>();
    declared.forEach((one, place) => {
      const object = storedObject(one, orderOf(known, one, place));
      // By name and not by place, so that a document put before others leaves them the objects that they were.
      const count = (counts.get(object.id) ?? 0) + 1;
      counts.set(object.id, count);
      const key = `${object.id} ${count}`;
      seen.add(key);
      this.#set(known, { key, revision }, object);
    });
    for (const key of known.objects.keys()) if (!seen.has(key)) this.#drop(known.objects, key, revision);
    if (declared.length === 0) this.#sources.delete(source);
  }

  /** Puts or removes (undefined) one object of a source that names its objects, as a live cluster does. */
  change(source: string, key: string, declared: Declared | undefined): void {
    const revision = this.tracker.advance();
    const known = this.#source(source);
    if (declared === undefined) this.#drop(known.objects, key, revision);
    else this.#set(known, { key, revision }, storedObject(declared, orderOf(known, declared, this.#nextPlace++)));
  }

  setLive(cluster: ClusterKey, scope: LiveScope | undefined): void {
    this.world(cluster).setLive(scope, this.tracker.advance());
  }

  #source(name: string): Source {
    let source = this.#sources.get(name);
    if (source === undefined) {
      source = { number: this.#nextSource++, objects: new Map() };
      this.#sources.set(name, source);
    }
    return source;
  }

  #set(source: Source, at: { readonly key: string; readonly revision: number }, object: StoredObject): void {
    const before = source.objects.get(at.key);
    if (before?.id === object.id && before.version === object.version && sameValue(before.object, object.object)) {
      before.origin = object.origin;
      return;
    }
    if (before !== undefined) this.world(before.cluster).remove(before, at.revision);
    const placed = before === undefined ? object : { ...object, order: before.order };
    source.objects.set(at.key, placed);
    this.world(placed.cluster).add(placed, at.revision);
  }

  #drop(objects: Map<string, StoredObject>, key: string, revision: number): void {
    const before = objects.get(key);
    if (before === undefined) return;
    objects.delete(key);
    this.world(before.cluster).remove(before, revision);
  }
}

// Live objects come before those of files, so that a file's declaration is the later one.
function orderOf(source: Source, declared: Declared, place: number): number {
  return (declared.origin.from === "file" ? source.number : 0) * placesPerSource + place;
}

function storedObject(declared: Declared, order: number): StoredObject {
  const { cluster, object, origin } = declared;
  const kind = kindNameOf(groupOf(object.apiVersion), object.kind);
  const metadata = fieldsAt(object, "metadata");
  const namespace = isClusterScoped(kind) ? "" : (textAt(metadata, "namespace") ?? declared.defaultNamespace ?? "");
  const name = textAt(metadata, "name") ?? "";
  const slash = object.apiVersion.indexOf("/");
  return {
    id: `${cluster}/${kind}/${namespace}/${name}`,
    cluster,
    kind,
    version: slash < 0 ? object.apiVersion : object.apiVersion.slice(slash + 1),
    namespace,
    name,
    object,
    origin,
    order,
  };
}
