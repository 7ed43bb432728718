import type { EdgeDraft } from "./edgeDrafts.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeDraft } from "./nodeDrafts.ts";
import { nodeObjects } from "./nodeObjects.ts";

/**
 * Gives services the app whose box they stand in: the one app of the workloads that the inventory has behind them, else
 * of those that answered, else the app of their own name. Services that several apps answer stand alone.
 */
export function nameServiceApps(
  nodes: readonly NodeDraft[],
  edges: readonly EdgeDraft[],
  inventory: InventoryIndex,
): void {
  const answering = answeringApps(edges);
  const apps = new AppsByName(nodes);
  for (const node of nodes) {
    if (!isService(node)) continue;
    const known = new Set(nodeObjects(node, inventory).workloads.flatMap(({ app }) => app ?? []));
    const [app] = known;
    if (known.size === 1) node.app = app;
    if (known.size > 0) continue;
    const answers = answering.get(node);
    if (answers !== several) node.app = answers ?? (apps.has(node) ? node.name : node.app);
  }
}

/** In place of an app's name. */
const several = Symbol("several apps");

/** By service, the app of the workloads that answered. */
function answeringApps(edges: readonly EdgeDraft[]): ReadonlyMap<NodeDraft, string | typeof several> {
  const answering = new Map<NodeDraft, string | typeof several>();
  for (const { source, target, isFirst } of edges) {
    const { app } = target;
    if (isFirst || app === undefined || !isNeighbour(source, target)) continue;
    const known = answering.get(source);
    if (known === undefined) answering.set(source, app);
    else if (known !== app) answering.set(source, several);
  }
  return answering;
}

/** The apps of workloads, found out when somebody asks. */
class AppsByName {
  readonly #nodes: readonly NodeDraft[];
  #apps: Set<string> | undefined;

  constructor(nodes: readonly NodeDraft[]) {
    this.#nodes = nodes;
  }

  /** Whether an app beside a service has the service's name. */
  has(service: NodeDraft): boolean {
    this.#apps ??= this.#keys();
    return this.#apps.has(appKey(service, service.name));
  }

  #keys(): Set<string> {
    const keys = new Set<string>();
    for (const node of this.#nodes) if (node.app !== undefined && !isService(node)) keys.add(appKey(node, node.app));
    return keys;
  }
}

function isService({ kind }: NodeDraft): boolean {
  return kind === "service" || kind === "serviceEntry";
}

function isNeighbour(a: NodeDraft, b: NodeDraft): boolean {
  return a.namespace === b.namespace && a.at.name === b.at.name;
}

function appKey({ at, namespace }: NodeDraft, app: string): string {
  return `${at.name}\0${namespace}\0${app}`;
}
