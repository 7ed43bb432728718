import { meshGateway } from "../../../routing/gatewayNames.ts";
import { isWildcard } from "../../../routing/hostPatterns.ts";
import { compareByAge } from "../../../routing/precedence.ts";
import { defineQuery } from "../../world/query.ts";
import { routedVirtualServices, type RoutedObject } from "./virtualServices.ts";

const byMeshHost = defineQuery((world): ReadonlyMap<string, readonly RoutedObject[]> => {
  const hosts = new Map<string, RoutedObject[]>();
  for (const routed of world.ask(routedVirtualServices)) {
    const { gateways, hosts: own } = routed.service;
    if (!gateways.includes(meshGateway)) continue;
    for (const host of new Set(own)) {
      const known = hosts.get(host);
      if (known === undefined) hosts.set(host, [routed]);
      else known.push(routed);
    }
  }
  for (const services of hosts.values()) services.sort(compareByAge);
  return hosts;
});

/** VirtualServices of the mesh that name exactly this host (in lower case, resolved), the oldest first. */
export const meshServicesOf = defineQuery(
  (world, host): readonly RoutedObject[] => world.ask(byMeshHost).get(host) ?? [],
);

const byWildcard = defineQuery((world): ReadonlyMap<string, readonly RoutedObject[]> => {
  const hosts = world.ask(byMeshHost);
  const found = new Map<string, Set<RoutedObject>>();
  for (const host of hosts.keys()) if (isWildcard(host)) found.set(host, new Set());
  if (found.size === 0) return new Map();
  for (const [host, services] of hosts) {
    if (isWildcard(host)) continue;
    // Each tail that begins with a dot, so that many wildcards cost no more than the hosts have parts.
    for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
      for (const service of services) found.get(`*${host.slice(dot)}`)?.add(service);
    }
  }
  return new Map([...found].map(([wildcard, services]) => [wildcard, [...services]]));
});

/** VirtualServices of the mesh that name a host within a wildcard such as "*.example.com" exactly. */
export const meshServicesWithin = defineQuery(
  (world, wildcard): readonly RoutedObject[] => world.ask(byWildcard).get(wildcard) ?? [],
);
