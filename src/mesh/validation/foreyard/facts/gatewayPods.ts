import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podsWith } from "../../world/workloads.ts";

/** The namespaces of the pods that carry all labels, in order of their names. */
export function namespacesSelected(world: World, labels: Readonly<Record<string, string>>): readonly string[] {
  return [...new Set(podsWith(world, "*", labels).map(({ namespace }) => namespace))].sort();
}

/** The namespace of a Gateway's pods ("namespace/name"), where its Secrets are; its own where no pod is known. */
export const gatewayNamespace = defineQuery((world, key): string => {
  const namespace = key.slice(0, key.indexOf("/"));
  const gateway = world.get(kinds.Gateway, namespace, key.slice(key.indexOf("/") + 1));
  const selector = textMapAt(fieldsAt(gateway?.object, "spec"), "selector");
  // An empty selector selects all pods, which tells nothing.
  const selected = Object.keys(selector).length === 0 ? [] : namespacesSelected(world, selector);
  return selected.includes(namespace) ? namespace : (selected[0] ?? namespace);
});
