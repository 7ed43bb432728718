import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { bad, good, goodOrBad, type Subject } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { conflictKey, type Conflict } from "./conflicts.ts";
import type { GatewayRole } from "./gatewayClasses.ts";
import { routeKindsOf, supportedKinds, type Listener } from "./listener.ts";
import { tlsFault } from "./listenerTls.ts";

/** A listener as istiod judges it (istio pilot/pkg/config/kube/gateway/conversion.go, buildListener). */
export interface JudgedListener {
  readonly listener: Listener;
  readonly conditions: readonly Condition[];
  readonly isValid: boolean;
  /** True if routes can refer to it, and its port is opened. */
  readonly isServed: boolean;
}

/** Where a listener belongs. */
export interface ListenerPlace {
  readonly gateway: WorldObject;
  readonly role: GatewayRole;
  readonly conflicts: ReadonlyMap<string, Conflict>;
}

export function judgeListener(world: World, listener: Listener, place: ListenerPlace): JudgedListener {
  const { owner: resource, name, path } = listener;
  const subject: Subject = { resource, listener: name, path };
  const kindsFault = routeKindsFault(listener);
  const conflict = place.conflicts.get(conflictKey(listener));
  if (conflict !== undefined) {
    const fault = conflictFault(listener, conflict);
    const types = ["Accepted", "Conflicted", "Programmed"];
    const conditions = types.map((type) => bad(subject, type, fault));
    return {
      listener,
      conditions: kindsFault === undefined ? conditions : [...conditions, bad(subject, "ResolvedRefs", kindsFault)],
      isValid: false,
      isServed: false,
    };
  }
  const ofTls = tlsFault(world, listener, place.gateway);
  const ofProtocol = protocolFault(listener, place.role);
  const ofRole = roleFault(listener, place.role);
  const needsTls = (listener.protocol === "HTTPS" || listener.protocol === "TLS") && listener.tls === undefined;
  const withoutTls = needsTls && resource.kind === kinds.ListenerSet ? withoutTlsFault(listener) : undefined;
  const accepted = withoutTls ?? ofRole ?? ofProtocol ?? (ofTls && acceptedFault(ofTls));
  const programmed = ofTls ?? withoutTls;
  return {
    listener,
    conditions: [
      goodOrBad(subject, "Accepted", accepted),
      good(subject, "Conflicted", "NoConflicts"),
      goodOrBad(subject, "Programmed", programmed && { ...programmed, reason: "Invalid" }),
      goodOrBad(subject, "ResolvedRefs", kindsFault ?? ofTls),
    ],
    isValid: ofTls === undefined && ofProtocol === undefined && withoutTls === undefined,
    isServed: !needsTls,
  };
}

const deniedByCa = new Set(["InvalidCACertificateRef", "InvalidCACertificateKind", "RefNotPermitted"]);

function acceptedFault(fault: Fault): Fault | undefined {
  return deniedByCa.has(fault.reason) ? { ...fault, reason: "NoValidCACertificate" } : undefined;
}

function conflictFault({ path, protocol, port }: Listener, { reason, winner }: Conflict): Fault {
  const isProtocol = reason === "ProtocolConflict";
  return {
    reason,
    path: [...path, isProtocol ? "protocol" : "hostname"],
    message: isProtocol
      ? say("{0} on port {1} conflicts with listener {2}, which is {3}", protocol, port, winner.name, winner.protocol)
      : say("Listener {0} has this host on port {1} already", winner.name, port),
    problem: isProtocol ? problems.protocolConflict : problems.sameHostTwice,
    related: [{ object: winner.owner, path: winner.path, message: say("Listener {0} comes first", winner.name) }],
  };
}

function routeKindsFault(listener: Listener): Fault | undefined {
  if (routeKindsOf(listener).isValid) return undefined;
  const { protocol, tlsMode, path } = listener;
  const names = supportedKinds(protocol, tlsMode).map((kind) => kind.slice(kind.indexOf("/") + 1));
  return {
    reason: "InvalidRouteKinds",
    path: [...path, "allowedRoutes", "kinds"],
    message:
      names.length === 0
        ? say("A listener of protocol {0} takes no routes", protocol)
        : say("A listener of protocol {0} takes only {1}", protocol, names.join(", ")),
  };
}

const supportedProtocols = ["HTTP", "HTTPS", "TLS", "TCP"];

function protocolFault({ owner, port, protocol, path }: Listener, role: GatewayRole): Fault | undefined {
  const reason = "UnsupportedProtocol";
  const isTunnel = role === "waypoint" || role === "east-west";
  if (supportedProtocols.includes(protocol) || (isTunnel && protocol === "HBONE")) {
    if (port !== 0 || owner.kind !== kinds.ListenerSet) return undefined;
    return { reason, path: [...path, "port"], message: say("A listener of protocol {0} needs a port", protocol) };
  }
  const upper = protocol.toUpperCase();
  if (protocol === "HBONE") {
    return { reason, path: [...path, "protocol"], message: say("Only waypoints and east-west gateways speak HBONE") };
  }
  return {
    reason,
    path: [...path, "protocol"],
    message: [...supportedProtocols, "HBONE"].includes(upper)
      ? say("Protocol {0} is written {1}", protocol, upper)
      : say("Istio does not serve protocol {0}: expected one of {1}", protocol, supportedProtocols.join(", ")),
  };
}

/** What only waypoints and east-west gateways ask. It makes a listener not accepted, yet it is served. */
function roleFault({ port, protocol, tlsMode, path }: Listener, role: GatewayRole): Fault | undefined {
  const reason = "UnsupportedProtocol";
  if (role === "waypoint" && (port !== 15008 || protocol !== "HBONE")) {
    return { reason, path, message: say("A waypoint's only listener has port 15008 and protocol HBONE") };
  }
  if (role !== "east-west") return undefined;
  const isTunnel = port === 15008 && protocol === "HBONE" && tlsMode === "Terminate";
  const isPassthrough = port !== 15008 && protocol === "TLS" && tlsMode === "Passthrough";
  if (isTunnel || isPassthrough) return undefined;
  return {
    reason,
    path,
    message: say("An east-west gateway's listener has port 15008, HBONE and TLS Terminate, or TLS Passthrough"),
  };
}

function withoutTlsFault({ path, protocol }: Listener): Fault {
  return {
    reason: "UnsupportedProtocol",
    path: [...path, "tls"],
    message: say("A listener of protocol {0} needs tls", protocol),
    problem: problems.missingField,
  };
}
