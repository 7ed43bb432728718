import { listAt, textsAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { scopesOf, toFqdn } from "../world/hosts.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** True for a VirtualService that holds for sidecars: without gateways, or with "mesh". */
export function isForMesh({ object }: WorldObject): boolean {
  const gateways = listAt(object["spec"], "gateways");
  return gateways.length === 0 || gateways.includes("mesh");
}

/** VirtualServices for the mesh by "scope/full host"; one that lists a host twice stands there twice. */
const byScope = defineQuery<ReadonlyMap<string, ReadonlyMap<string, readonly WorldObject[]>>>((world) => {
  const scopes = new Map<string, Map<string, WorldObject[]>>();
  for (const object of world.all(kinds.VirtualService)) {
    if (!isForMesh(object)) continue;
    const spec = object.object["spec"];
    for (const scope of scopesOf(textsAt(spec, "exportTo"), object.namespace)) {
      let hosts = scopes.get(scope);
      if (hosts === undefined) scopes.set(scope, (hosts = new Map<string, WorldObject[]>()));
      for (const host of textsAt(spec, "hosts")) {
        const name = toFqdn(object.namespace, host);
        const known = hosts.get(name);
        if (known === undefined) hosts.set(name, [object]);
        else known.push(object);
      }
    }
  }
  return scopes;
});

const ofScope = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>(
  (world, scope) => world.ask(byScope).get(scope) ?? new Map<string, readonly WorldObject[]>(),
  (a, b) =>
    a.size === b.size &&
    [...a].every(([host, objects]) => {
      const others = b.get(host);
      return others?.length === objects.length && objects.every((object, at) => object === others[at]);
    }),
);

/** The VirtualServices of a scope by full host name. */
export function virtualServicesOfScope(world: World, scope: string): ReadonlyMap<string, readonly WorldObject[]> {
  return world.ask(ofScope, scope);
}
