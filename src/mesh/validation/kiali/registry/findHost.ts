import { fieldsAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isVisibleIn, visibilityOf } from "./exportTo.ts";
import { hostKey, overlaps, serviceNameOf, wildcardsOver, type ServiceName } from "./serviceHost.ts";

type Hosts = ReadonlyMap<string, readonly WorldObject[]>;

const serviceEntryHosts = defineQuery<Hosts>((world) => {
  const hosts = new Map<string, WorldObject[]>();
  for (const entry of world.all(kinds.ServiceEntry)) {
    for (const host of textsAt(fieldsAt(entry.object, "spec"), "hosts")) {
      const key = hostKey(world, host, entry.namespace);
      const list = hosts.get(key);
      if (list === undefined) hosts.set(key, [entry]);
      else if (list.at(-1) !== entry) list.push(entry);
    }
  }
  return hosts;
});

const entriesOfHost = defineQuery<readonly WorldObject[]>((world, key) => {
  const hosts = world.ask(serviceEntryHosts);
  return [key, ...wildcardsOver(key)].flatMap((host) => hosts.get(host) ?? []);
});

/** The ServiceEntries of a cluster that declare a host, by name or wildcard, and that a namespace sees. */
export function serviceEntriesOf(world: World, host: string, namespace: string): readonly WorldObject[] {
  const found = world.ask(entriesOfHost, hostKey(world, host, namespace));
  return found.filter((entry) => isVisibleIn(visibilityOf(world, entry), namespace));
}

const hasHostUnder = defineQuery<boolean>((world, wildcard) => {
  for (const host of world.ask(serviceEntryHosts).keys()) if (overlaps(wildcard, host)) return true;
  return false;
});

/** True if a ServiceEntry declares a host that a wildcard covers, or a wildcard around it. */
export function hasEntryUnder(world: World, wildcard: string): boolean {
  return world.ask(hasHostUnder, wildcard);
}

/** The Service that a host means, if it is declared and seen by the namespace; of this cluster rather than another. */
export function visibleService(world: World, host: string, namespace: string): WorldObject | undefined {
  const name = serviceNameOf(world, host, namespace);
  return name === undefined ? undefined : visibleServiceNamed(world, name, namespace);
}

function visibleServiceNamed(world: World, { namespace, name }: ServiceName, from: string): WorldObject | undefined {
  for (const one of [world, ...world.clusters()]) {
    const service = one.get(kinds.Service, namespace, name);
    if (service !== undefined && isVisibleIn(visibilityOf(one, service), from)) return service;
  }
  return undefined;
}

/** True if a Service or ServiceEntry of any cluster of the mesh stands for a host, as seen from a namespace. */
export function isHostKnown(world: World, host: string, namespace: string): boolean {
  if (visibleService(world, host, namespace) !== undefined) return true;
  if (serviceEntriesOf(world, host, namespace).length > 0) return true;
  return world.clusters().some((other) => other !== world && serviceEntriesOf(other, host, namespace).length > 0);
}

/** Where a host was looked for: its Service's namespace, else any, since a ServiceEntry may be anywhere. */
export function hostNamespace(world: World, host: string, namespace: string): string {
  return serviceNameOf(world, host, namespace)?.namespace ?? "*";
}
