import type { Format } from "../format/format.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import type { TreeName } from "../live/liveMesh.ts";
import type { ExplorerChange, ExplorerTouched } from "./explorerInput.ts";
import { LazyTree } from "./lazyTree.ts";
import { NamespaceTree } from "./namespaceTree.ts";
import type { TreeModel } from "./node.ts";
import { serviceListing } from "./serviceListing.ts";
import { isTrouble } from "../health/verdict.ts";
import { workloadListing } from "./workloadListing.ts";
import { ExplorerWorld } from "./world.ts";

/** The three trees over one world: fed with changes, it says which of the nodes handed out are to be redrawn. */
export class Explorer {
  readonly world: ExplorerWorld;
  readonly #services: NamespaceTree<ServiceView>;
  readonly #workloads: NamespaceTree<WorkloadView>;
  readonly #trees: Readonly<Record<TreeName, LazyTree>>;

  constructor(format: Format) {
    this.world = new ExplorerWorld(format);
    this.#services = new NamespaceTree(this.world, serviceListing);
    this.#workloads = new NamespaceTree(this.world, workloadListing);
    this.#trees = { meshes: new LazyTree(() => []), services: this.#services.tree, workloads: this.#workloads.tree };
  }

  tree(name: TreeName): TreeModel {
    return this.#trees[name];
  }

  update(change: ExplorerChange): ExplorerTouched {
    const changed = this.world.apply(change);
    return named({ services: this.#services.update(changed), workloads: this.#workloads.update(changed) });
  }

  /** Shows the next page in place of the "more" node of this id. */
  showMore(id: string): ExplorerTouched {
    const touched: Partial<Record<TreeName, readonly string[] | "all">> = {};
    for (const name of ["meshes", "services", "workloads"] as const) touched[name] = this.#trees[name].showMore(id);
    return named(touched);
  }

  /** Rows in trouble: services, and workloads that are not behind one of those. For the badge. */
  get trouble(): { readonly failing: number; readonly degraded: number } {
    const isAlone = ([workload]: readonly WorkloadView[]) =>
      !(workload?.services ?? []).some((id) => isTrouble(this.world.assessment(id).verdict.state));
    const count = (state: "failing" | "degraded") =>
      this.#services.count(state) + this.#workloads.count(state, isAlone);
    return { failing: count("failing"), degraded: count("degraded") };
  }
}

function named(trees: Partial<Record<TreeName, readonly string[] | "all">>): ExplorerTouched {
  return Object.fromEntries(Object.entries(trees).filter(([, ids]) => ids === "all" || ids.length > 0));
}
