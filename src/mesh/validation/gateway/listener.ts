import { countAt, fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { matchesSelector, parseLabelSelector } from "../../model/labelSelector.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds, type KindName } from "../kinds.ts";
import { labelsOfNamespace } from "../world/membership.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { kindOfReference } from "./references.ts";

/** A listener of a Gateway or ListenerSet. */
export interface Listener {
  readonly owner: WorldObject;
  readonly path: FieldPath;
  /** As declared. */
  readonly value: unknown;
  readonly name: string;
  /** 0 if there is none; that of the protocol for a ListenerSet that leaves it out. */
  readonly port: number;
  readonly protocol: string;
  /** "*" for all. */
  readonly hostname: string;
  readonly tls: unknown;
  /** "Terminate", "Passthrough"; undefined where the listener says no `tls`. */
  readonly tlsMode: string | undefined;
}

export function listenersOf(owner: WorldObject): readonly Listener[] {
  return listAt(fieldsAt(owner.object, "spec"), "listeners").map((value, index) => {
    const protocol = textAt(value, "protocol") ?? "";
    const { tls } = fieldsOf(value);
    const hasTls = typeof tls === "object" && tls !== null;
    return {
      owner,
      path: ["spec", "listeners", index],
      value,
      name: textAt(value, "name") ?? "",
      port: portOf(owner, value, protocol),
      protocol,
      hostname: textAt(value, "hostname") ?? "*",
      tls: hasTls ? tls : undefined,
      tlsMode: hasTls ? (textAt(tls, "mode") ?? "Terminate") : undefined,
    };
  });
}

function portOf(owner: WorldObject, value: unknown, protocol: string): number {
  const port = countAt(value, "port") ?? 0;
  if (port !== 0 || owner.kind !== kinds.ListenerSet) return port;
  return protocol === "HTTP" ? 80 : protocol === "HTTPS" ? 443 : 0;
}

const http: readonly KindName[] = [kinds.HTTPRoute, kinds.GRPCRoute];

/** The kinds of routes that a listener takes, and whether all that it asks for are among those of its protocol. */
export function routeKindsOf({ value, protocol, tlsMode }: Listener): {
  readonly kinds: readonly KindName[];
  readonly isValid: boolean;
} {
  const supported = supportedKinds(protocol, tlsMode);
  const asked = listAt(fieldsAt(value, "allowedRoutes"), "kinds").map((one) =>
    kindOfReference(one, kinds.KubernetesGateway),
  );
  if (asked.length === 0) return { kinds: supported, isValid: true };
  const taken = supported.filter((kind) => asked.includes(kind));
  return { kinds: taken, isValid: taken.length === asked.length };
}

export function supportedKinds(protocol: string, tlsMode: string | undefined): readonly KindName[] {
  switch (protocol) {
    case "HTTP":
    case "HTTPS":
      return http;
    case "TCP":
      return [kinds.TCPRoute];
    case "TLS":
      return tlsMode === "Terminate" ? [kinds.TLSRoute, kinds.TCPRoute] : [kinds.TLSRoute];
    default:
      return [];
  }
}

/** True if `allowedRoutes` of a listener lets routes of a namespace in; the default is the listener's own namespace. */
export function admitsNamespace(world: World, { owner, value }: Listener, namespace: string): boolean {
  const namespaces = fieldsAt(fieldsAt(value, "allowedRoutes"), "namespaces");
  const from = textAt(namespaces, "from") ?? "Same";
  if (from === "Same") return namespace === owner.namespace;
  const { selector } = fieldsOf(namespaces);
  if (from === "All" || selector === undefined || selector === null) return true;
  return selectsNamespace(world, selector, namespace);
}

/** True if a Gateway's `allowedListeners` lets ListenerSets of a namespace in; the default is none. */
export function admitsListenerSets(world: World, gateway: WorldObject, namespace: string): boolean {
  const namespaces = fieldsAt(fieldsAt(fieldsAt(gateway.object, "spec"), "allowedListeners"), "namespaces");
  const from = textAt(namespaces, "from") ?? "None";
  if (from === "All") return true;
  if (from === "Same") return namespace === gateway.namespace;
  const { selector } = fieldsOf(namespaces);
  if (from !== "Selector" || selector === undefined || selector === null) return false;
  return selectsNamespace(world, selector, namespace);
}

/** A Namespace that nobody declares is not selected. */
function selectsNamespace(world: World, selector: unknown, namespace: string): boolean {
  const labels = labelsOfNamespace(world, namespace);
  return (
    labels !== undefined &&
    matchesSelector(parseLabelSelector(selector), { ...labels, "kubernetes.io/metadata.name": namespace })
  );
}
