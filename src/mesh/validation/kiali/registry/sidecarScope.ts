import { fieldsAt, listAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { covers } from "./serviceHost.ts";

interface Import {
  /** "*" is any. */
  readonly namespace: string;
  readonly host: string;
}

/** What the workloads of a namespace import; undefined: everything. */
export type SidecarScope = readonly Import[] | undefined;

// The Sidecar without a selector of the namespace, else that of the root namespace. One with a selector is for some
// workloads only and says nothing of the namespace.
const scopeOfNamespace = defineQuery<SidecarScope>((world, namespace) => {
  for (const place of [namespace, rootNamespaceOf(world)]) {
    for (const sidecar of world.inNamespace(kinds.Sidecar, place)) {
      const spec = fieldsAt(sidecar.object, "spec");
      if (Object.keys(textMapAt(fieldsAt(spec, "workloadSelector"), "labels")).length > 0) continue;
      return importsOf(spec, namespace);
    }
  }
  return undefined;
});

/** What the namespace's own default Sidecar, or else the mesh's, imports. */
export function sidecarScope(world: World, namespace: string): SidecarScope {
  return world.ask(scopeOfNamespace, namespace);
}

/** True if a host, spelled as `hostKey` spells it, of an object in a namespace is imported. */
export function isImported(scope: SidecarScope, namespace: string, host: string): boolean {
  if (scope === undefined) return true;
  return scope.some(
    (one) =>
      (one.namespace === "*" || one.namespace === namespace) &&
      (one.host === host || covers(one.host, host) || covers(host, one.host)),
  );
}

function importsOf(spec: unknown, namespace: string): SidecarScope {
  const hosts = listAt(spec, "egress").flatMap((egress) => textsAt(egress, "hosts"));
  if (hosts.length === 0) return undefined;
  return hosts.flatMap((text) => {
    const slash = text.indexOf("/");
    const place = slash < 0 ? "*" : text.slice(0, slash);
    if (place === "~") return [];
    return [{ namespace: place === "." ? namespace : place, host: text.slice(slash + 1).toLowerCase() }];
  });
}
