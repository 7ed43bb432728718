import { say } from "../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { programmedFault, servicesOf, type GatewayServices } from "./addresses.ts";
import { bad, good, goodOrBad, type Subject } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { conflictsOfGateway, parentOfSet, setsOfGateway } from "./conflicts.ts";
import { roleOfClass, type GatewayRole } from "./gatewayClasses.ts";
import { admitsListenerSets, listenersOf, type Listener } from "./listener.ts";
import { judgeListener, type JudgedListener } from "./listenerConditions.ts";
import { frontendOf, secretFault } from "./listenerTls.ts";
import { kindOfReference } from "./references.ts";

/** What istiod makes of a Gateway or ListenerSet. */
export interface ListenerStatus {
  readonly conditions: readonly Condition[];
  /** Those that routes can refer to. */
  readonly listeners: readonly Listener[];
}

const nothing: ListenerStatus = { conditions: [], listeners: [] };

function splitKey(key: string): readonly [string, string] {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
}

export function classNameOf(gateway: WorldObject): string {
  return textAt(fieldsAt(gateway.object, "spec"), "gatewayClassName") ?? "";
}

/** The status of a Gateway by "namespace/name" (istio pilot/pkg/config/kube/gateway/gateway_collection.go). */
export const gatewayStatus = defineQuery<ListenerStatus>((world, key) => {
  const gateway = world.get(kinds.KubernetesGateway, ...splitKey(key));
  const role = gateway && roleOfClass(world, classNameOf(gateway));
  if (gateway === undefined || role === undefined) return nothing;
  const subject: Subject = { resource: gateway, path: ["spec"] };
  if (role === "remote") {
    return { conditions: [good(subject, "Accepted"), good(subject, "Programmed")], listeners: [] };
  }
  const services = servicesOf(gateway);
  const resolved = goodOrBad(subject, "ResolvedRefs", clientCertificateFault(world, gateway));
  if (services.hosts.length === 0 && services.fault !== undefined) {
    const failed = programmedFault(world, services, { owner: gateway, gateway, listeners: [] });
    const conditions = [bad(subject, "Accepted", services.fault), goodOrBad(subject, "Programmed", failed), resolved];
    return { conditions: [...conditions, ...insecureMode(subject, gateway)], listeners: [] };
  }
  const conflicts = world.ask(conflictsOfGateway, key);
  const judged = listenersOf(gateway).map((one) => judgeListener(world, one, { gateway, role, conflicts }));
  const ofSets = role === "gateway" ? listenersOfSets(world, key) : [];
  const served = [...servedBy(judged), ...ofSets];
  return {
    conditions: [
      acceptedGateway(subject, judged, services.fault ?? parametersFault(world, gateway)),
      goodOrBad(
        subject,
        "Programmed",
        programmedFault(world, services, { owner: gateway, gateway, listeners: served }),
      ),
      resolved,
      ...insecureMode(subject, gateway),
      ...judged.flatMap(({ conditions }) => conditions),
    ],
    listeners: [...servedBy(judged).filter((one) => takesRoutes(one, role)), ...ofSets],
  };
});

function servedBy(judged: readonly JudgedListener[]): readonly Listener[] {
  return judged.filter(({ isServed }) => isServed).map(({ listener }) => listener);
}

/** Waypoints and tunnels of east-west gateways have no routes of their own. */
function takesRoutes({ port }: Listener, role: GatewayRole): boolean {
  return role === "gateway" || (role === "east-west" && port !== 15008);
}

function acceptedGateway(subject: Subject, judged: readonly JudgedListener[], fault: Fault | undefined): Condition {
  if (fault !== undefined) return bad(subject, "Accepted", fault);
  const valid = judged.filter(({ isValid }) => isValid).length;
  if (valid === judged.length) return good(subject, "Accepted");
  const reason = "ListenersNotValid";
  if (valid > 0) return good(subject, "Accepted", reason, say("Some listeners are not valid"));
  return bad(subject, "Accepted", { reason, path: ["spec", "listeners"], message: say("No listener is valid") });
}

function parametersFault(world: World, { object, namespace }: WorldObject): Fault | undefined {
  const { parametersRef } = fieldsAt(fieldsAt(object, "spec"), "infrastructure");
  if (parametersRef === undefined || parametersRef === null) return undefined;
  const reason = "InvalidParameters";
  const path = ["spec", "infrastructure", "parametersRef"];
  const kind = kindOfReference({ group: "", ...fieldsOf(parametersRef) }, "core/");
  if (kind !== kinds.ConfigMap) {
    return { reason, path: [...path, "kind"], message: say("Parameters are in a ConfigMap, not in a {0}", kind) };
  }
  const name = textAt(parametersRef, "name") ?? "";
  if (world.get(kinds.ConfigMap, namespace, name) !== undefined) return undefined;
  return {
    reason,
    path: [...path, "name"],
    message: say("ConfigMap {0} not found in namespace {1}", name, namespace),
    missingIn: namespace,
    missingKind: kinds.ConfigMap,
  };
}

function clientCertificateFault(world: World, gateway: WorldObject): Fault | undefined {
  const { clientCertificateRef } = fieldsAt(fieldsAt(fieldsAt(gateway.object, "spec"), "tls"), "backend");
  if (clientCertificateRef === undefined || clientCertificateRef === null) return undefined;
  return secretFault(world, {
    ref: clientCertificateRef,
    path: ["spec", "tls", "backend", "clientCertificateRef"],
    owner: gateway,
    reason: "InvalidClientCertificateRef",
  });
}

/** A warning, not a fault: client certificates are asked for and not enforced. */
function insecureMode(subject: Subject, gateway: WorldObject): readonly Condition[] {
  const frontend = fieldsAt(fieldsAt(fieldsAt(gateway.object, "spec"), "tls"), "frontend");
  const parts = [frontendOf(gateway, 0).value, ...listAt(frontend, "perPort").map((one) => fieldsAt(one, "tls"))];
  const isInsecure = [fieldsAt(frontend, "default"), ...parts].some(
    (part) => textAt(fieldsAt(part, "validation"), "mode") === "AllowInsecureFallback",
  );
  if (!isInsecure) return [];
  const message = say("Clients without a valid certificate are let in");
  return [good(subject, "InsecureFrontendValidationMode", "ConfigurationChanged", message)];
}

/** The valid listeners of the ListenerSets of a Gateway, by "namespace/name" of the Gateway. */
function listenersOfSets(world: World, key: string): readonly Listener[] {
  return world
    .ask(setsOfGateway, key)
    .flatMap(({ namespace, name }) => world.ask(setStatus, `${namespace}/${name}`).listeners);
}

/** The status of a ListenerSet by "namespace/name". Nothing where its Gateway is not known, or not Istio's. */
export const setStatus = defineQuery<ListenerStatus>((world, key) => {
  const set = world.get(kinds.ListenerSet, ...splitKey(key));
  const gateway = set && parentOfSet(world, set);
  const role = gateway && roleOfClass(world, classNameOf(gateway));
  if (set === undefined || gateway === undefined || role === undefined) return nothing;
  const subject: Subject = { resource: set, path: ["spec"] };
  const denied = setDenied(world, set, gateway, role);
  if (denied !== undefined) {
    return { conditions: [bad(subject, "Accepted", denied), bad(subject, "Programmed", denied)], listeners: [] };
  }
  const services = servicesOf(gateway);
  const ofParent = parentFault(services, gateway);
  if (services.hosts.length === 0 && ofParent !== undefined) {
    const failed = programmedFault(world, services, { owner: set, gateway, listeners: [] });
    return {
      conditions: [bad(subject, "Accepted", ofParent), goodOrBad(subject, "Programmed", failed)],
      listeners: [],
    };
  }
  const conflicts = world.ask(conflictsOfGateway, `${gateway.namespace}/${gateway.name}`);
  const judged = listenersOf(set).map((one) => judgeListener(world, one, { gateway, role, conflicts }));
  const valid = judged.filter(({ isValid, isServed }) => isValid && isServed);
  const invalid: Fault | undefined =
    valid.length > 0
      ? undefined
      : { reason: "ListenersNotValid", path: ["spec", "listeners"], message: say("No listener is valid") };
  const programmed = invalid ?? programmedFault(world, services, { owner: set, gateway, listeners: servedBy(judged) });
  return {
    conditions: [
      goodOrBad(subject, "Accepted", ofParent ?? invalid),
      goodOrBad(subject, "Programmed", programmed),
      ...judged.flatMap(({ conditions }) => conditions),
    ],
    listeners: valid.map(({ listener }) => listener),
  };
});

function setDenied(world: World, set: WorldObject, gateway: WorldObject, role: GatewayRole): Fault | undefined {
  const reason = "NotAllowed";
  const path = ["spec", "parentRef", "name"];
  if (role !== "gateway") {
    return { reason, path, message: say("Gateways of class {0} take no ListenerSets", classNameOf(gateway)) };
  }
  if (admitsListenerSets(world, gateway, set.namespace)) return undefined;
  const message = say(
    "Gateway {0}/{1} takes no ListenerSets of namespace {2}",
    gateway.namespace,
    gateway.name,
    set.namespace,
  );
  const related = { object: gateway, path: ["spec", "allowedListeners"], message: say("Without it, none is taken") };
  return { reason, path, message, related: [related] };
}

function parentFault({ fault }: GatewayServices, gateway: WorldObject): Fault | undefined {
  return (
    fault && {
      reason: fault.reason,
      path: ["spec", "parentRef", "name"],
      message: say("Gateway {0}/{1} is not accepted", gateway.namespace, gateway.name),
      related: [{ object: gateway, path: fault.path, message: fault.message }],
    }
  );
}

export function annotationsOf({ object }: WorldObject): Readonly<Record<string, string>> {
  return textMapAt(object.metadata, "annotations");
}
