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
  const answering = new Map<NodeDraft, Set<string>>();
  for (const { source, target, isFirst } of edges) {
    if (isFirst || target.app === undefined || !isNeighbour(source, target)) continue;
    const apps = answering.get(source);
    if (apps) apps.add(target.app);
    else answering.set(source, new Set([target.app]));
  }
  const apps = new Set(nodes.flatMap((node) => (node.app === undefined ? [] : [appKey(node, node.app)])));
  for (const node of nodes) {
    if (node.kind !== "service" && node.kind !== "serviceEntry") continue;
    const known = nodeObjects(node, inventory).workloads.flatMap(({ app }) => app ?? []);
    const candidates = known.length > 0 ? new Set(known) : (answering.get(node) ?? sameName(node, apps));
    const [app] = candidates;
    if (candidates.size === 1) node.app = app;
  }
}

function sameName(node: NodeDraft, apps: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(apps.has(appKey(node, node.name)) ? [node.name] : []);
}

function isNeighbour(a: NodeDraft, b: NodeDraft): boolean {
  return a.namespace === b.namespace && a.at.name === b.at.name;
}

function appKey({ at, namespace }: NodeDraft, app: string): string {
  return `${at.name}\0${namespace}\0${app}`;
}
