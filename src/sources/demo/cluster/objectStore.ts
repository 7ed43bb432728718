import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import { groupOf } from "../../../mesh/model/kubeObject.ts";
import type { Lazy } from "../objects/making.ts";

export type StoreChange =
  { readonly type: "upsert"; readonly object: KubeObject } | { readonly type: "gone"; readonly object: KubeObject };

/** One object as the API server keeps it. `owners` says for each field path that somebody set, who did. */
interface Entry {
  readonly lazy: Lazy | undefined;
  readonly object: KubeObject | undefined;
  readonly version: number;
  readonly manager: string;
  readonly owners: ReadonlyMap<string, readonly string[]> | undefined;
}

export interface Stored {
  readonly object: KubeObject;
  /** Who set the whole object at first. */
  readonly manager: string;
  /** Field paths that were applied since, with all who own them. */
  readonly owners: ReadonlyMap<string, readonly string[]> | undefined;
}

/** Which objects to list; what is left out is no condition. */
export interface Wanted {
  readonly isInScope?: (namespace: string) => boolean;
  readonly hasLabels?: (labels: Readonly<Record<string, string>> | undefined) => boolean;
}

function tableId(group: string, kind: string): string {
  return `${group}/${kind}`;
}

/** A cluster's objects in memory, with resource versions that grow and listeners for each change. */
export class ObjectStore {
  readonly #tables = new Map<string, Map<string, Entry>>();
  readonly #listeners = new Set<(change: StoreChange) => void>();
  #version = 100_000;

  /** Puts an object there that is made on demand; listeners hear of it. */
  place(lazy: Lazy): void {
    const entry = { lazy, object: undefined, version: ++this.#version, manager: lazy.manager, owners: undefined };
    this.#table(groupOf(lazy.apiVersion), lazy.kind).set(`${lazy.namespace}/${lazy.name}`, entry);
    if (this.#listeners.size > 0) this.#tell({ type: "upsert", object: read(entry) });
  }

  put({ object, manager, owners }: Stored): KubeObject {
    const { namespace = "", name } = object.metadata;
    const entry = { lazy: undefined, object, version: ++this.#version, manager, owners };
    this.#table(groupOf(object.apiVersion), object.kind).set(`${namespace}/${name}`, entry);
    const stored = read(entry);
    this.#tell({ type: "upsert", object: stored });
    return stored;
  }

  remove(group: string, kind: string, namespace: string, name: string): boolean {
    const table = this.#table(group, kind);
    const key = `${namespace}/${name}`;
    const entry = table.get(key);
    if (!entry) return false;
    table.delete(key);
    this.#version++;
    this.#tell({ type: "gone", object: read({ ...entry, version: this.#version }) });
    return true;
  }

  get(group: string, kind: string, namespace: string, name: string): Stored | undefined {
    const entry = this.#table(group, kind).get(`${namespace}/${name}`);
    return entry && { object: read(entry), manager: entry.manager, owners: entry.owners };
  }

  /** In the order of the API server: by namespace and name. What the labels rule out is not made. */
  *list(group: string, kind: string, { isInScope, hasLabels }: Wanted = {}): Generator<KubeObject, void, undefined> {
    const table = this.#table(group, kind);
    for (const key of [...table.keys()].sort()) {
      if (isInScope?.(key.slice(0, key.indexOf("/"))) === false) continue;
      const entry = table.get(key);
      const labels = entry?.lazy?.labels?.();
      if (!entry || (labels && hasLabels?.(labels) === false)) continue;
      const object = read(entry);
      if (labels || hasLabels?.(object.metadata.labels) !== false) yield object;
    }
  }

  listen(listener: (change: StoreChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  #table(group: string, kind: string): Map<string, Entry> {
    const id = tableId(group, kind);
    let table = this.#tables.get(id);
    if (!table) this.#tables.set(id, (table = new Map<string, Entry>()));
    return table;
  }

  #tell(change: StoreChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

function read(entry: Entry): KubeObject {
  const object = entry.object ?? entry.lazy?.make();
  if (!object) throw new Error("An entry of the demo's store has neither an object nor what makes it.");
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(entry.version) } };
}
