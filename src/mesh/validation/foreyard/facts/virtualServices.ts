import { hostOf } from "../../../inventory/facts/hostNames.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import type { AgedVirtualService } from "../../../routing/precedence.ts";
import { readRoutingVirtualService } from "../../../routing/virtualService.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import { meshConfigOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { createdAt } from "./createdAt.ts";

/** A VirtualService as routing sees it, with its object. */
export interface RoutedObject extends AgedVirtualService {
  readonly object: WorldObject;
}

const defaultExportTo = defineQuery((world) => textsAt(meshConfigOf(world), "defaultVirtualServiceExportTo"));

/** A VirtualService by "namespace/name". */
export const routedVirtualService = defineQuery((world, key): RoutedObject | undefined => {
  const slash = key.indexOf("/");
  const object = world.get(kinds.VirtualService, key.slice(0, slash), key.slice(slash + 1));
  if (object === undefined) return undefined;
  return {
    object,
    service: readRoutingVirtualService(object.object, object.namespace, world.ask(defaultExportTo)),
    createdAt: createdAt(world, object),
  };
});

/** All VirtualServices. */
export const routedVirtualServices = defineQuery((world): readonly RoutedObject[] =>
  world
    .all(kinds.VirtualService)
    .flatMap(({ namespace, name }) => world.ask(routedVirtualService, `${namespace}/${name}`) ?? []),
);

/** A place where a VirtualService sends requests. */
export interface NamedDestination {
  /** In lower case, short names resolved. */
  readonly host: string;
  readonly subset: string | undefined;
  readonly destination: unknown;
  /** To the destination. */
  readonly path: FieldPath;
  /** Of the rule, in `spec.http` and so on. */
  readonly rule: number;
  readonly protocol: "http" | "tls" | "tcp";
}

/** All destinations of a VirtualService, mirrors among them. */
export function destinationsOf(object: WorldObject): readonly NamedDestination[] {
  const spec = fieldsAt(object.object, "spec");
  return (["http", "tls", "tcp"] as const).flatMap((protocol) =>
    listAt(spec, protocol).flatMap((route, rule) =>
      placesIn(route).flatMap(({ destination, path }): readonly NamedDestination[] => {
        const host = textAt(destination, "host");
        if (host === undefined) return [];
        const named = { host: hostOf(host, object.namespace).toLowerCase(), subset: textAt(destination, "subset") };
        return [{ ...named, destination, path: ["spec", protocol, rule, ...path], rule, protocol }];
      }),
    ),
  );
}

function placesIn(route: unknown): readonly { readonly destination: unknown; readonly path: FieldPath }[] {
  const places = listAt(route, "route").map((entry, at) => ({
    destination: fieldsOf(entry)["destination"],
    path: ["route", at, "destination"] as FieldPath,
  }));
  const mirrors = listAt(route, "mirrors").map((entry, at) => ({
    destination: fieldsOf(entry)["destination"],
    path: ["mirrors", at, "destination"] as FieldPath,
  }));
  const mirror = fieldsOf(route)["mirror"];
  return [...places, ...(mirror === undefined ? [] : [{ destination: mirror, path: ["mirror"] }]), ...mirrors];
}

/** Of a VirtualService by "namespace/name", the subsets that it sends to, as "subset host". */
const subsetsUsedBy = defineQuery((world, key): readonly string[] => {
  const routed = world.ask(routedVirtualService, key);
  if (routed === undefined) return [];
  const used = destinationsOf(routed.object).flatMap(({ host, subset }) =>
    subset === undefined ? [] : [`${subset} ${host}`],
  );
  return [...new Set(used)].sort();
});

const routedSubsets = defineQuery((world): ReadonlyMap<string, readonly string[]> => {
  const hosts = new Map<string, string[]>();
  for (const { namespace, name } of world.all(kinds.VirtualService)) {
    for (const used of world.ask(subsetsUsedBy, `${namespace}/${name}`)) {
      const space = used.indexOf(" ");
      const known = hosts.get(used.slice(0, space));
      if (known === undefined) hosts.set(used.slice(0, space), [used.slice(space + 1)]);
      else known.push(used.slice(space + 1));
    }
  }
  return hosts;
});

/** The hosts that any VirtualService sends to with a subset of this name. */
const hostsRoutedTo = defineQuery((world, subset): readonly string[] => world.ask(routedSubsets).get(subset) ?? []);

export function hostsOfSubset(world: World, subset: string): readonly string[] {
  return world.ask(hostsRoutedTo, subset);
}
