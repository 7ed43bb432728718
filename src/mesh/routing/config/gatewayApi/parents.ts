import { countAt, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { serviceHost } from "../../../inventory/facts/hostNames.ts";
import { meshGateway } from "../../gatewayNames.ts";
import { hostsOverlap, isHostWithin, isWildcard } from "../../hostPatterns.ts";
import { compareText, type ConfigObject } from "../configObject.ts";
import type { Listener } from "./listeners.ts";

/** What a route of the Gateway API is attached to. */
export interface Parent {
  /** "mesh", or the gateway that istiod makes of a listener. */
  readonly gateway: string;
  /** Of a Service or ServiceEntry: the hosts that the route is for, whatever its own hostnames are. */
  readonly hosts: readonly string[] | undefined;
  /** `port` of a parentRef to a Service. */
  readonly port: number | undefined;
  readonly listener: Listener | undefined;
  /** Hostnames of the Gateway's other listeners of the same port and protocol: they take what is more specific. */
  readonly otherHostnames: readonly string[];
}

export interface ParentIndex {
  /** By "namespace/name" of the Gateway. */
  readonly listeners: ReadonlyMap<string, readonly Listener[]>;
  readonly services: ReadonlyMap<string, ConfigObject>;
  readonly serviceEntries: ReadonlyMap<string, ConfigObject>;
}

/** The parents that take the route, in the order in which istiod goes through them (`filteredReferences`). */
export function acceptedParents(route: ConfigObject, index: ParentIndex): readonly Parent[] {
  return listAt(route.spec, "parentRefs")
    .map((ref) => ({ ref, key: refText(ref, route.namespace) }))
    .sort((a, b) => compareText(a.key, b.key))
    .flatMap(({ ref }) => parentsOf(ref, route, index))
    .sort((a, b) => compareText(a.gateway, b.gateway));
}

function refText(ref: unknown, namespace: string): string {
  const group = textAt(ref, "group") ?? "gateway.networking.k8s.io";
  const kind = textAt(ref, "kind") ?? "Gateway";
  const port = countAt(ref, "port");
  const section = textAt(ref, "sectionName") ?? "";
  return `${group}/${kind}/${textAt(ref, "namespace") ?? namespace}/${textAt(ref, "name") ?? ""}/${section}/${port ?? ""}`;
}

function parentsOf(ref: unknown, route: ConfigObject, index: ParentIndex): readonly Parent[] {
  const kind = textAt(ref, "kind") ?? "Gateway";
  const group = kind === "Gateway" ? "gateway.networking.k8s.io" : (textAt(ref, "group") ?? "");
  const id = `${textAt(ref, "namespace") ?? route.namespace}/${textAt(ref, "name") ?? ""}`;
  if (kind === "Gateway" && group === "gateway.networking.k8s.io") return listenerParents(ref, route, index, id);
  if (kind === "Service" && (group === "" || group === "core")) {
    const service = index.services.get(id);
    return service === undefined ? [] : [meshParent(ref, [serviceHost(service.name, service.namespace)])];
  }
  if (kind === "ServiceEntry" && group === "networking.istio.io") {
    const entry = index.serviceEntries.get(id);
    return entry === undefined ? [] : [meshParent(ref, textsAt(entry.spec, "hosts"))];
  }
  return [];
}

function meshParent(ref: unknown, hosts: readonly string[]): Parent {
  return { gateway: meshGateway, hosts, port: countAt(ref, "port"), listener: undefined, otherHostnames: [] };
}

function listenerParents(ref: unknown, route: ConfigObject, index: ParentIndex, id: string): readonly Parent[] {
  const all = index.listeners.get(id) ?? [];
  const port = countAt(ref, "port") ?? 0;
  const section = textAt(ref, "sectionName");
  return all
    .filter(
      (listener) =>
        (port === 0 || port === listener.port) &&
        (section === undefined || section === listener.section) &&
        listener.kinds.has(route.kind) &&
        takesHostname(listener, route),
    )
    .map((listener) => {
      const others = all.filter(
        (other) => other !== listener && other.port === listener.port && other.protocol === listener.protocol,
      );
      const otherHostnames = others.map(({ hostname }) => hostname).filter((name) => name !== listener.hostname);
      return { gateway: listener.gateway, hosts: undefined, port: undefined, listener, otherHostnames };
    });
}

// referenceAllowed: some hostname of the route meets the listener's, for the route's namespace.
function takesHostname(listener: Listener, route: ConfigObject): boolean {
  const hostnames = hostnamesOf(route);
  return listener.allowed.some((entry) => {
    const slash = entry.indexOf("/");
    const [namespace, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
    return (namespace === "*" || namespace === route.namespace) && hostnames.some((name) => hostsOverlap(host, name));
  });
}

export function hostnamesOf(route: ConfigObject): readonly string[] {
  const hostnames = textsAt(route.spec, "hostnames");
  return hostnames.length === 0 ? ["*"] : hostnames;
}

/** True if the listener keeps a route's hostname, and no more specific listener takes it (`hostnameAllowedByIsolation`). */
export function keepsHostname(parent: Parent, hostname: string): boolean {
  const own = parent.listener?.hostname ?? "";
  if (own !== "" && !isWildcard(own)) return true;
  if (own !== "" && !hostsOverlap(hostname, own)) return false;
  return !parent.otherHostnames.some((other) => own.length <= other.length && isHostWithin(hostname, other));
}
