import { countAt, fieldsAt, listAt, textAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { meshGateway } from "../../../routing/gatewayNames.ts";
import { isWildcard, serverHostsFor, sharedHosts } from "../../../routing/hostPatterns.ts";
import { compareByAge } from "../../../routing/precedence.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import { routedVirtualService, routedVirtualServices, type RoutedObject } from "./virtualServices.ts";

/** A server of a Gateway. */
export interface GatewayServer {
  readonly index: number;
  readonly port: number | undefined;
  /** In upper case. */
  readonly protocol: string;
  readonly hosts: readonly string[];
  readonly bind: string;
  readonly tls: unknown;
  /** The servers whose hosts istiod merges: all of plain HTTP on a port of the same pods, one of TLS alone. */
  readonly routes: string;
}

const plainHttp = new Set(["HTTP", "HTTP2", "GRPC", "GRPC-WEB", "HTTP_PROXY"]);

export function isPlainHttp(protocol: string): boolean {
  return plainHttp.has(protocol);
}

/** Selector pairs as one text, the same for the same pairs. */
export function selectorText(pairs: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(pairs).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The servers of a Gateway by "namespace/name"; none where it is not known. */
export const serversOf = defineQuery((world, key): readonly GatewayServer[] => {
  const slash = key.indexOf("/");
  const gateway = world.get(kinds.Gateway, key.slice(0, slash), key.slice(slash + 1));
  const spec = fieldsAt(gateway?.object, "spec");
  const selector = selectorText(textMapAt(spec, "selector"));
  return listAt(spec, "servers").map((server, index) => {
    const port = countAt(fieldsAt(server, "port"), "number");
    const protocol = (textAt(fieldsAt(server, "port"), "protocol") ?? "").toUpperCase();
    const isPlain = isPlainHttp(protocol);
    return {
      index,
      port,
      protocol,
      hosts: textsAt(server, "hosts"),
      bind: textAt(server, "bind") ?? "",
      tls: fieldsAt(server, "tls"),
      routes: isPlain ? `http ${port ?? ""} ${selector}` : `tls ${key} ${index}`,
    };
  });
});

/** A host at a gateway under which VirtualServices are merged. */
export interface GatewayHost {
  /** The same for all VirtualServices that are merged. */
  readonly key: string;
  readonly gateway: string;
  readonly host: string;
}

/** Where a VirtualService ("namespace/name") is at gateways; a Gateway that is not known is nowhere. */
export const gatewayHostsOf = defineQuery((world, key): readonly GatewayHost[] => {
  const routed = world.ask(routedVirtualService, key);
  if (routed === undefined) return [];
  const { service } = routed;
  return service.gateways
    .filter((gateway) => gateway !== meshGateway)
    .flatMap((gateway) => {
      const gatewayNamespace = gateway.slice(0, gateway.indexOf("/"));
      return world.ask(serversOf, gateway).flatMap((server) =>
        sharedHosts(serverHostsFor(server.hosts, gatewayNamespace, service.namespace), service.hosts).map((host) => ({
          key: `${server.routes} ${host}`,
          gateway,
          host,
        })),
      );
    });
});

const servicesByPlace = defineQuery((world): ReadonlyMap<string, readonly RoutedObject[]> => {
  const places = new Map<string, RoutedObject[]>();
  for (const routed of world.ask(routedVirtualServices)) {
    if (routed.service.gateways.every((gateway) => gateway === meshGateway)) continue;
    const { namespace, name } = routed.object;
    const keys = new Set(world.ask(gatewayHostsOf, `${namespace}/${name}`).map(({ key }) => key));
    for (const key of keys) {
      const known = places.get(key);
      if (known === undefined) places.set(key, [routed]);
      else known.push(routed);
    }
  }
  for (const services of places.values()) services.sort(compareByAge);
  return places;
});

/** The VirtualServices that are merged at a place, by its key, the oldest first. */
export const servicesAt = defineQuery(
  (world, key): readonly RoutedObject[] => world.ask(servicesByPlace).get(key) ?? [],
);

/** By the key of a place with a wildcard, the VirtualServices at the same listener that name a host within it exactly. */
const servicesByWildcard = defineQuery((world): ReadonlyMap<string, readonly RoutedObject[]> => {
  const places = world.ask(servicesByPlace);
  const found = new Map<string, Set<RoutedObject>>();
  for (const key of places.keys()) if (isWildcard(hostIn(key))) found.set(key, new Set());
  if (found.size === 0) return new Map();
  for (const [key, services] of places) {
    const host = hostIn(key);
    if (isWildcard(host)) continue;
    const listener = key.slice(0, key.length - host.length);
    for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
      for (const service of services) found.get(`${listener}*${host.slice(dot)}`)?.add(service);
    }
  }
  return new Map([...found].map(([key, services]) => [key, [...services]]));
});

export const servicesWithinAt = defineQuery(
  (world, key): readonly RoutedObject[] => world.ask(servicesByWildcard).get(key) ?? [],
);

// A host holds no space.
function hostIn(key: string): string {
  return key.slice(key.lastIndexOf(" ") + 1);
}
