import { window, type TreeView } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { TreeName } from "../../mesh/live/liveMesh.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import { refId } from "../../mesh/model/refs.ts";
import type { TreeModel, TreeNode } from "../../mesh/explorer/node.ts";
import { editorClock } from "../clock.ts";
import type { ConnectionChange, MeshConnection } from "../connection.ts";
import { treeNames, viewIds } from "../ids.ts";
import { MeshTree, type RowKnowledge } from "./meshTree.ts";
import type { Row } from "./row.ts";
import { badgeOf, viewDescription, viewMessage } from "./viewNotes.ts";

interface Shown {
  readonly tree: MeshTree;
  readonly view: TreeView<Row>;
  /** Held while the view is visible. */
  viewing: Disposable | undefined;
}

/** The three views of the activity bar, drawn from whatever mesh is open. */
export class ExplorerViews implements Disposable {
  readonly #connection: MeshConnection;
  readonly #knowledge: RowKnowledge;
  readonly #owned = new Disposer();
  readonly #shown: ReadonlyMap<TreeName, Shown>;
  #endProgress: (() => void) | undefined;
  #wasWithoutMesh = false;

  constructor(connection: MeshConnection, knowledge: RowKnowledge) {
    this.#knowledge = knowledge;
    this.#connection = connection;
    this.#shown = new Map(treeNames.map((name) => [name, this.#create(name)]));
    this.#owned.own(connection.onChange((change) => this.#update(change)));
  }

  /** Draws every row anew, since more or something else is known of them. */
  redraw(): void {
    for (const { tree } of this.#shown.values()) tree.changed("all");
  }

  /** Selects the row of an object, in the first tree that has one; false where none has. */
  async reveal(ref: ObjectRef): Promise<boolean> {
    for (const name of ["services", "workloads", "meshes"] as const) {
      const model = this.#connection.live?.tree(name);
      const found = model && findByRef(model, model.roots(), ref);
      const shown = this.#shown.get(name);
      if (!found || !shown) continue;
      await shown.view.reveal(shown.tree.row(found.id), { select: true, focus: true });
      return true;
    }
    return false;
  }

  dispose(): void {
    this.#endProgress?.();
    for (const { viewing } of this.#shown.values()) viewing?.dispose();
    this.#owned.dispose();
  }

  #create(name: TreeName): Shown {
    const tree = this.#owned.own(new MeshTree(name, () => this.#model(name), editorClock, this.#knowledge));
    const view = this.#owned.own(
      window.createTreeView(viewIds[name], {
        treeDataProvider: tree,
        showCollapseAll: true,
        canSelectMany: name !== "meshes",
      }),
    );
    const shown: Shown = { tree, view, viewing: undefined };
    const look = (isVisible: boolean): void => {
      tree.setVisible(isVisible);
      if (!isVisible) shown.viewing?.dispose();
      shown.viewing = isVisible ? (shown.viewing ?? this.#connection.view()) : undefined;
    };
    this.#owned.own(view.onDidChangeVisibility((event) => look(event.visible)));
    // A view that is open when the extension starts tells no change.
    if (view.visible) look(true);
    return shown;
  }

  #model(name: TreeName): TreeModel | undefined {
    return name === "meshes" && this.#isWithoutMesh() ? undefined : this.#connection.live?.tree(name);
  }

  /** Where every cluster lacks Istio there is no mesh to list: the welcome text says so, and what to do. */
  #isWithoutMesh(): boolean {
    const { clusters = [] } = this.#connection.live ?? {};
    return clusters.length > 0 && clusters.every(({ state }) => state === "noIstio");
  }

  #update(change: ConnectionChange): void {
    for (const [name, { tree }] of this.#shown) {
      const ids = change === "opened" ? "all" : change.trees[name];
      if (ids) tree.changed(ids);
    }
    if (this.#wasWithoutMesh !== this.#isWithoutMesh()) {
      this.#wasWithoutMesh = !this.#wasWithoutMesh;
      this.#shown.get("meshes")?.tree.changed("all");
    }
    const { live, situation } = this.#connection;
    for (const [name, { view }] of this.#shown) {
      setText(view, "message", viewMessage(name, live, situation, editorClock.now()));
      setText(view, "description", viewDescription(name, live, situation));
    }
    this.#setBadge();
    this.#showProgress(situation.state === "connecting");
  }

  #setBadge(): void {
    const view = this.#shown.get("services")?.view;
    const badge = badgeOf(this.#connection.live);
    if (view && view.badge?.tooltip !== badge?.tooltip) view.badge = badge;
  }

  #showProgress(isConnecting: boolean): void {
    if (isConnecting === (this.#endProgress !== undefined)) return;
    if (!isConnecting) {
      this.#endProgress?.();
      this.#endProgress = undefined;
      return;
    }
    const done = new Promise<void>((resolve) => (this.#endProgress = resolve));
    for (const viewId of Object.values(viewIds)) void window.withProgress({ location: { viewId } }, () => done);
  }
}

/** Every assignment travels to the window, so that only changes are made; the types allow no plain undefined here. */
function setText(view: TreeView<Row>, field: "message" | "description", text: string | undefined): void {
  if ((view[field] ?? "") === (text ?? "")) return;
  view[field] = text ?? "";
}

/** Looks only where the object can be: a tree remembers each branch that it was asked for. */
function findByRef(model: TreeModel, nodes: readonly TreeNode[], ref: ObjectRef): TreeNode | undefined {
  for (const node of nodes) {
    if (node.ref && refId(node.ref) === refId(ref)) return node;
    const isElsewhere = node.kind === "namespace" && node.label !== ref.namespace;
    const below = node.hasChildren && !isElsewhere ? findByRef(model, model.children(node.id), ref) : undefined;
    if (below) return below;
  }
  return undefined;
}
