import type { Format } from "../format/format.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import type { TreeName } from "../live/liveMesh.ts";
import type { ExplorerChange, ExplorerTouched } from "./explorerInput.ts";
import { LazyTree } from "./trees/lazyTree.ts";
import { NamespaceTree } from "./trees/namespaceTree.ts";
import { meshRows } from "./trees/meshesTree.ts";
import type { TreeModel } from "./node.ts";
import { serviceListing } from "./trees/serviceListing.ts";
import { workloadListing } from "./trees/workloadListing.ts";
import { ExplorerWorld } from "./world.ts";

/** The three trees over one world: fed with changes, it says which of the nodes handed out are to be redrawn. */
export class Explorer {
  readonly world: ExplorerWorld;
  readonly #services: NamespaceTree<ServiceView>;
  readonly #workloads: NamespaceTree<WorkloadView>;
  readonly #trees: Readonly<Record<TreeName, LazyTree>>;

  /** `pageSize`: how many children of one node are shown before "Show more". */
  constructor(format: Format, pageSize?: number) {
    this.world = new ExplorerWorld(format);
    this.#services = new NamespaceTree(this.world, serviceListing, pageSize);
    this.#workloads = new NamespaceTree(this.world, workloadListing, pageSize);
    const meshes = new LazyTree(() => meshRows(this.world), pageSize);
    this.#trees = { meshes, services: this.#services.tree, workloads: this.#workloads.tree };
  }

  tree(name: TreeName): TreeModel {
    return this.#trees[name];
  }

  update(change: ExplorerChange): ExplorerTouched {
    const changed = this.world.apply(change);
    const { meshes } = this.#trees;
    return named({
      meshes:
        changed.meshes || changed.feeds
          ? meshes.refresh([undefined, ...meshes.openRoots().flatMap((id) => meshes.openBranches(id))])
          : [],
      services: this.#services.update(changed),
      workloads: this.#workloads.update(changed),
    });
  }

  /** Shows the next page in place of the "more" node of this id. */
  showMore(tree: TreeName, id: string): ExplorerTouched {
    return named({ [tree]: this.#trees[tree].showMore(id) });
  }

  /** Rows of the services tree that are in trouble, for the badge. */
  get trouble(): { readonly failing: number; readonly degraded: number } {
    return { failing: this.#services.count("failing"), degraded: this.#services.count("degraded") };
  }
}

function named(trees: Partial<Record<TreeName, readonly string[] | "all">>): ExplorerTouched {
  return Object.fromEntries(Object.entries(trees).filter(([, ids]) => ids === "all" || ids.length > 0));
}
