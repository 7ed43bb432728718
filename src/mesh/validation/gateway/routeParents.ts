import { say } from "../../message.ts";
import { countAt, fieldsAt, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { Related } from "../finding.ts";
import { kinds, type KindName } from "../kinds.ts";
import { problems } from "../problems.ts";
import { overlaps } from "../world/hosts.ts";
import { labelsOfNamespace } from "../world/membership.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Fault } from "./condition.ts";
import { controllerOfClass } from "./gatewayClasses.ts";
import { classNameOf, gatewayStatus, setStatus } from "./gatewayStatus.ts";
import { admitsNamespace, routeKindsOf, type Listener } from "./listener.ts";
import { gatewayGroup, kindOfReference } from "./references.ts";

/** A parent that istiod writes a status for. */
export interface RouteParent {
  readonly ref: unknown;
  readonly path: FieldPath;
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
  readonly isMesh: boolean;
  readonly fault: Fault | undefined;
}

export function isMeshParent(kind: KindName): boolean {
  return kind === kinds.Service || kind === kinds.ServiceEntry;
}

/** A parentRef as text: kind, namespace where it is given, name, section and port. */
export function parentText(ref: unknown): string {
  const namespace = textAt(ref, "namespace");
  const section = textAt(ref, "sectionName");
  const port = countAt(ref, "port");
  return [
    `${textAt(ref, "kind") ?? "Gateway"}/`,
    namespace === undefined ? "" : `${namespace}/`,
    textAt(ref, "name") ?? "",
    section === undefined ? "" : `#${section}`,
    port === undefined ? "" : `:${port}`,
  ].join("");
}

/** The parents of a route that are Istio's (istio pilot/pkg/config/kube/gateway/conversion.go). */
export function parentsOfRoute(world: World, route: WorldObject): readonly RouteParent[] {
  return listAt(fieldsAt(route.object, "spec"), "parentRefs").flatMap((ref, index): readonly RouteParent[] => {
    const kind = kindOfReference(ref, kinds.KubernetesGateway);
    const namespace = textAt(ref, "namespace") ?? route.namespace;
    const name = textAt(ref, "name") ?? "";
    const path: FieldPath = ["spec", "parentRefs", index];
    const parent = { ref, path, kind, namespace, name, isMesh: isMeshParent(kind) };
    if (parent.isMesh) {
      const service = world.get(kind, namespace, name);
      if (service !== undefined && isOfOtherWaypoint(world, service)) return [];
      return [{ ...parent, fault: service === undefined ? noMeshParent(parent) : undefined }];
    }
    const status =
      kind === kinds.KubernetesGateway ? gatewayStatus : kind === kinds.ListenerSet ? setStatus : undefined;
    if (status === undefined) return [];
    const { listeners } = world.ask(status, `${namespace}/${name}`);
    const own = listeners.filter(({ owner }) => owner.kind === kind);
    return own.length === 0 ? [] : [{ ...parent, fault: bestFault(world, route, parent, own) }];
  });
}

function noMeshParent({ kind, namespace, name, path }: Omit<RouteParent, "fault">): Fault {
  return {
    reason: "NoMatchingParent",
    path: [...path, "name"],
    message: say("{0} {1} not found in namespace {2}", kind.slice(kind.indexOf("/") + 1), name, namespace),
    problem: problems.hostNotFound,
    missingIn: namespace,
    missingKind: kind,
  };
}

const useWaypoint = "istio.io/use-waypoint";

/** True if the service's waypoint is another controller's, which then judges the route. */
function isOfOtherWaypoint(world: World, service: WorldObject): boolean {
  const own = textMapAt(service.object.metadata, "labels");
  const labels = Object.hasOwn(own, useWaypoint) ? own : (labelsOfNamespace(world, service.namespace) ?? {});
  const name = labels[useWaypoint] ?? "";
  if (name === "" || name.toLowerCase() === "none") return false;
  const namespace = labels["istio.io/use-waypoint-namespace"] ?? service.namespace;
  const waypoint = world.get(kinds.KubernetesGateway, namespace, name);
  const controller = waypoint && controllerOfClass(world, classNameOf(waypoint));
  return (
    controller !== undefined &&
    controller !== "istio.io/mesh-controller" &&
    controller !== "istio.io/gateway-controller"
  );
}

/** The better the smaller: the best outcome of all listeners is the parent's. */
const ranks: ReadonlyMap<string, number> = new Map([
  ["NotAllowedByListeners", 1],
  ["NoMatchingListenerHostname", 2],
  ["NoMatchingParent", 4],
]);

function bestFault(
  world: World,
  route: WorldObject,
  parent: Omit<RouteParent, "fault">,
  listeners: readonly Listener[],
): Fault | undefined {
  let best: Fault | undefined;
  for (const listener of listeners) {
    const fault = faultWith(world, route, parent, listener);
    if (fault === undefined) return undefined;
    if (best === undefined || (ranks.get(fault.reason) ?? 0) < (ranks.get(best.reason) ?? 0)) best = fault;
  }
  return best;
}

function faultWith(
  world: World,
  route: WorldObject,
  { ref, path, name }: Omit<RouteParent, "fault">,
  listener: Listener,
): Fault | undefined {
  const reason = "NoMatchingParent";
  const related: readonly Related[] = [{ object: listener.owner, path: listener.path, message: say("The listener") }];
  const port = countAt(ref, "port");
  if (port !== undefined && port !== 0 && port !== listener.port) {
    return {
      reason,
      path: [...path, "port"],
      message: say("{0} has no listener on port {1}", name, port),
      problem: problems.portNotFound,
    };
  }
  const section = textAt(ref, "sectionName");
  if (section !== undefined && section !== listener.name) {
    return { reason, path: [...path, "sectionName"], message: say("{0} has no listener {1}", name, section) };
  }
  const hostnames = textsAt(fieldsAt(route.object, "spec"), "hostnames");
  const matches = hostnames.length === 0 || hostnames.some((host) => overlaps(listener.hostname, host));
  if (!matches) {
    return {
      reason: "NoMatchingListenerHostname",
      path: ["spec", "hostnames", 0],
      message: say("No host name of this route is among those of listener {0}: {1}", listener.name, listener.hostname),
      related,
    };
  }
  if (!admitsNamespace(world, listener, route.namespace)) {
    return {
      reason: "NotAllowedByListeners",
      path: [...path, "name"],
      message: say("Listener {0} takes no routes of namespace {1}", listener.name, route.namespace),
      problem: problems.gatewayNotFound,
      related: [{ object: listener.owner, path: [...listener.path, "allowedRoutes"], message: say("The listener") }],
      ...(labelsOfNamespace(world, route.namespace) === undefined && selects(listener)
        ? { missingIn: "", missingKind: kinds.Namespace }
        : {}),
    };
  }
  if (routeKindsOf(listener).kinds.includes(route.kind)) return undefined;
  return {
    reason: "NotAllowedByListeners",
    path,
    message: say("Listener {0} takes no {1}", listener.name, route.kind.slice(gatewayGroup.length + 1)),
    related,
  };
}

function selects({ value }: Listener): boolean {
  return textAt(fieldsAt(fieldsAt(value, "allowedRoutes"), "namespaces"), "from") === "Selector";
}
