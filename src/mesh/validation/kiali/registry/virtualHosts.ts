import { fieldsAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { hostKey, wildcardsOver } from "./serviceHost.ts";

const virtualHosts = defineQuery<ReadonlySet<string>>((world) => {
  const hosts = world
    .all(kinds.VirtualService)
    .flatMap((vs) => textsAt(fieldsAt(vs.object, "spec"), "hosts").map((host) => hostKey(world, host, vs.namespace)));
  return new Set(hosts);
});

const isVirtualHost = defineQuery<boolean>((world, key) => {
  const hosts = world.ask(virtualHosts);
  return hosts.has(key) || wildcardsOver(key).some((wildcard) => hosts.has(wildcard));
});

/** True if some VirtualService is for a host, spelled as `hostKey` spells it, by name or wildcard. */
export function hasVirtualService(world: World, key: string): boolean {
  return world.ask(isVirtualHost, key);
}
