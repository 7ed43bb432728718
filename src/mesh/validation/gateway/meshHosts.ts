import { fieldsAt, textsAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** ServiceEntries by each of their hosts, exactly as written. */
const entriesByHost = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const entry of world.all(kinds.ServiceEntry)) {
    for (const host of textsAt(fieldsAt(entry.object, "spec"), "hosts")) {
      const entries = found.get(host);
      if (entries === undefined) found.set(host, [entry]);
      else entries.push(entry);
    }
  }
  return found;
});

const entriesOf = defineQuery((world, host): readonly WorldObject[] => world.ask(entriesByHost).get(host) ?? []);

/**
 * The Service or ServiceEntry of a host name of the mesh, in a namespace if one is given, as istiod's registry has it: no
 * wildcards. The cluster's domain is not asked: "name.namespace" and "name.namespace.svc.any.domain" are the Service.
 */
export function findHostname(world: World, host: string, namespace?: string): WorldObject | undefined {
  const isIn = (object: WorldObject) => namespace === undefined || object.namespace === namespace;
  const [, name, of, domain] = /^([^.]+)\.([^.]+)(?:\.(svc\..+))?$/u.exec(host) ?? [];
  const isShort = domain === undefined && namespace === undefined;
  const service = name === undefined || of === undefined || isShort ? undefined : world.get(kinds.Service, of, name);
  if (service !== undefined && isIn(service)) return service;
  return world.ask(entriesOf, host).find(isIn);
}
