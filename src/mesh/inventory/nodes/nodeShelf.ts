import type { MeshError } from "../../meshError.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { createIntake, type Intake } from "../kindIntake.ts";
import { KindStore } from "../kindStore.ts";
import type { NodeView } from "../views.ts";
import { readNode } from "./nodeView.ts";

/** The nodes of one cluster. They may often not be read; nothing else of the inventory depends on them. */
export class NodeShelf {
  readonly intake: Intake;
  readonly #store = new KindStore<NodeView>();
  readonly #touched = new Set<string>();
  #list: readonly NodeView[] | undefined;

  constructor(cluster: ClusterKey) {
    this.intake = createIntake({
      store: this.#store,
      read: (object) => readNode(object, cluster),
      changed: (_key, before, after) => {
        const id = (after ?? before)?.id;
        if (id !== undefined) this.#touched.add(id);
        this.#list = undefined;
      },
    });
  }

  /** By id. */
  list(): readonly NodeView[] {
    this.#list ??= [...this.#store.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#list;
  }

  get(name: string): NodeView | undefined {
    return this.#store.get(`/${name}`);
  }

  /** undefined where all could be read; "pending" while they are being listed. */
  get unread(): MeshError | "pending" | undefined {
    if (this.#store.isComplete) return undefined;
    return this.#store.unread[0]?.error ?? "pending";
  }

  /** Ids of the nodes that changed, came or went since the last call. */
  takeTouched(): ReadonlySet<string> {
    const touched = new Set(this.#touched);
    this.#touched.clear();
    return touched;
  }
}
