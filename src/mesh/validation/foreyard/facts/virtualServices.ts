import { hostOf } from "../../../inventory/facts/hostNames.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import type { AgedVirtualService } from "../../../routing/precedence.ts";
import { isHostWithin, isWildcard } from "../../../routing/hostPatterns.ts";
import { readRoutingVirtualService } from "../../../routing/virtualService.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import { meshConfigOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { createdAt } from "./createdAt.ts";

/** A VirtualService as routing sees it, with its object. */
export interface RoutedObject extends AgedVirtualService {
  readonly object: WorldObject;
  /** Its destinations, mirrors among them. */
  readonly destinations: readonly NamedDestination[];
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
    destinations: destinationsOf(object),
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

function destinationsOf(object: WorldObject): readonly NamedDestination[] {
  const spec = fieldsAt(object.object, "spec");
  const found: NamedDestination[] = [];
  for (const protocol of ["http", "tls", "tcp"] as const) {
    for (const [rule, route] of listAt(spec, protocol).entries()) {
      for (const { destination, path } of placesIn(route)) {
        const host = textAt(destination, "host");
        if (host === undefined) continue;
        found.push({
          host: hostOf(host, object.namespace).toLowerCase(),
          subset: textAt(destination, "subset"),
          destination,
          path: ["spec", protocol, rule, ...path],
          rule,
          protocol,
        });
      }
    }
  }
  return found;
}

interface DestinationPlace {
  readonly destination: unknown;
  readonly path: FieldPath;
}

function placesIn(route: unknown): readonly DestinationPlace[] {
  const { mirror } = fieldsOf(route);
  const places: DestinationPlace[] = mirror === undefined ? [] : [{ destination: mirror, path: ["mirror"] }];
  for (const list of ["route", "mirrors"]) {
    for (const [at, entry] of listAt(route, list).entries()) {
      places.push({ destination: fieldsOf(entry)["destination"], path: [list, at, "destination"] });
    }
  }
  return places;
}

const subsetsByHost = defineQuery((world): ReadonlyMap<string, ReadonlySet<string>> => {
  const hosts = new Map<string, Set<string>>();
  for (const { destinations } of world.ask(routedVirtualServices)) {
    for (const { host, subset } of destinations) {
      if (subset === undefined) continue;
      const known = hosts.get(host);
      if (known === undefined) hosts.set(host, new Set([subset]));
      else known.add(subset);
    }
  }
  return hosts;
});

/** The subsets of a host, or of the hosts within a wildcard, that any VirtualService sends to. */
export const subsetsRouted = defineQuery((world, host): readonly string[] => {
  const hosts = world.ask(subsetsByHost);
  if (!isWildcard(host)) return [...(hosts.get(host) ?? [])].sort();
  const found = [...hosts].flatMap(([routed, subsets]) => (isHostWithin(routed, host) ? [...subsets] : []));
  return [...new Set(found)].sort();
});
