import { kinds } from "../../kinds.ts";
import { labelsOfNamespace } from "../../world/membership.ts";
import type { World } from "../../world/world.ts";

/** True if a namespace exists in any cluster of the mesh: it is declared, or something in the files is in it. */
export function namespaceExists(world: World, namespace: string): boolean {
  return hasNamespace(world, namespace) || world.clusters().some((other) => hasNamespace(other, namespace));
}

function hasNamespace(world: World, namespace: string): boolean {
  return world.get(kinds.Namespace, "", namespace) !== undefined || world.knowledge(namespace) === "files";
}

/** The labels of a Namespace; none where it is not declared. */
export function namespaceLabels(world: World, namespace: string): Readonly<Record<string, string>> {
  return labelsOfNamespace(world, namespace) ?? {};
}
