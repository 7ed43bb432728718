import { kinds } from "../../mesh/validation/kinds.ts";
import { sourceOf } from "../../mesh/validation/engine/fileSet.ts";
import type { WorldObject } from "../../mesh/validation/world/worldObject.ts";
import type { WorldStore } from "../../mesh/validation/world/worldStore.ts";

/** What istioctl never looks at (istio-analysis, 1.3). */
const names: ReadonlySet<string> = new Set(["kube-system", "kube-public", "kube-node-lease", "local-path-storage"]);

export function isInSystemNamespace(object: WorldObject): boolean {
  return names.has(namespaceOf(object));
}

/** A Namespace counts as being in itself. */
export function namespaceOf({ kind, name, namespace }: WorldObject): string {
  return kind === kinds.Namespace ? name : namespace;
}

/** Where the analyzers judge exactly as Istio's do, those objects are not there at all. */
export function dropSystemNamespaces(store: WorldStore, files: readonly string[]): void {
  for (const file of files) {
    const source = sourceOf(file);
    const objects = store.of(source);
    const kept = objects.filter((object) => !isInSystemNamespace(object));
    if (kept.length < objects.length) store.replace(source, kept);
  }
}
