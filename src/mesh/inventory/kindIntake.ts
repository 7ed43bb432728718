import { fieldsAt, textAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { Unread } from "../ports.ts";
import { keepUnchanged } from "./keepUnchanged.ts";
import type { KindStore } from "./kindStore.ts";

/** One kind of what an inventory is fed with. */
export interface Intake {
  begin(): void;
  upsert(object: KubeObject): void;
  remove(object: KubeObject): void;
  finish(unread: readonly Unread[]): void;
}

export interface IntakeOptions<Facts> {
  readonly store: KindStore<Facts>;
  /** undefined: the object is of no interest. */
  readonly read: (object: KubeObject) => Facts | undefined;
  /** Called after the store has changed, and only where the facts did. */
  readonly changed: (key: string, before: Facts | undefined, after: Facts | undefined) => void;
}

/** Reduces objects to facts, and passes on only what is news: most updates of most objects change nothing we show. */
export function createIntake<Facts>({ store, read, changed }: IntakeOptions<Facts>): Intake {
  function remove(key: string): void {
    const before = store.get(key);
    if (before === undefined) return;
    store.remove(key);
    changed(key, before, undefined);
  }

  return {
    begin: () => store.begin(),
    upsert(object) {
      const key = keyOf(object);
      if (key === undefined) return;
      const before = store.get(key);
      const after = read(object);
      if (after === undefined) {
        remove(key);
        return;
      }
      const isSame = keepUnchanged(before, after) === before;
      store.put(key, isSame && before !== undefined ? before : after);
      if (!isSame) changed(key, before, after);
    },
    remove(object) {
      const key = keyOf(object);
      if (key !== undefined) remove(key);
    },
    finish(unread) {
      for (const key of store.finish(unread)) remove(key);
    },
  };
}

// What has no name cannot be told apart from others, and no API server sends it.
function keyOf(object: unknown): string | undefined {
  const metadata = fieldsAt(object, "metadata");
  const name = textAt(metadata, "name");
  return name === undefined ? undefined : `${textAt(metadata, "namespace") ?? ""}/${name}`;
}
