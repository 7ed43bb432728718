import { say } from "../../message.ts";
import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { bad, good, goodOrBad, type Subject } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { ownControllers } from "./gatewayClasses.ts";
import { gatewayKinds, kindOfReference } from "./references.ts";

/** HTTPRoutes by the InferencePools ("namespace/name") of their rules. */
const routesByPool = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const route of world.all(kinds.HTTPRoute)) {
    const refs = listAt(fieldsAt(route.object, "spec"), "rules").flatMap((rule) => listAt(rule, "backendRefs"));
    const pools = refs
      .filter((ref) => kindOfReference(ref, kinds.Service) === gatewayKinds.InferencePool)
      .map((ref) => `${textAt(ref, "namespace") ?? route.namespace}/${textAt(ref, "name") ?? ""}`);
    for (const pool of new Set(pools)) found.set(pool, [...(found.get(pool) ?? []), route]);
  }
  return found;
});

const routesOfPool = defineQuery((world, key): readonly WorldObject[] => world.ask(routesByPool).get(key) ?? []);

/**
 * The conditions of an InferencePool by "namespace/name", for each Gateway of the routes to it. istiod reads those from
 * the status of the routes, so there are none until the routes have one.
 */
export const poolStatus = defineQuery<readonly Condition[]>((world, key) => {
  const at = key.indexOf("/");
  const pool = world.get(gatewayKinds.InferencePool, key.slice(0, at), key.slice(at + 1));
  if (pool === undefined) return [];
  const resolved = pickerFault(world, pool);
  const told = new Map<string, readonly Condition[]>();
  for (const route of world.ask(routesOfPool, key)) {
    for (const entry of listAt(fieldsAt(route.object, "status"), "parents")) {
      if (!ownControllers.has(textAt(entry, "controllerName") ?? "")) continue;
      const ref = fieldsAt(entry, "parentRef");
      const parent = `Gateway/${textAt(ref, "namespace") ?? route.namespace}/${textAt(ref, "name") ?? ""}`;
      if (told.has(parent)) continue;
      const subject: Subject = { resource: pool, parent, path: ["spec"] };
      told.set(parent, [acceptedBy(subject, route, entry), goodOrBad(subject, "ResolvedRefs", resolved)]);
    }
  }
  return [...told.values()].flat();
});

function acceptedBy(subject: Subject, route: WorldObject, entry: unknown): Condition {
  const accepted = listAt(entry, "conditions").find((condition) => textAt(condition, "type") === "Accepted");
  if (accepted === undefined) return { ...good(subject, "Accepted"), status: "Unknown" };
  if (textAt(accepted, "status") === "True") return good(subject, "Accepted");
  return bad(subject, "Accepted", {
    reason: "HTTPRouteNotAccepted",
    path: ["spec"],
    message: say("The route {0} to it is not accepted", route.name),
    related: [{ object: route, path: ["status"], message: say("Its status") }],
  });
}

function pickerFault(world: World, { object, namespace }: WorldObject): Fault | undefined {
  const ref = fieldsAt(fieldsAt(object, "spec"), "endpointPickerRef");
  const reason = "InvalidExtensionRef";
  const path: FieldPath = ["spec", "endpointPickerRef"];
  const kind = textAt(ref, "kind") ?? "Service";
  if (kind !== "Service")
    return { reason, path: [...path, "kind"], message: say("The picker is a Service, not a {0}", kind) };
  const name = textAt(ref, "name");
  if (name === undefined) return { reason, path, message: say("The pool names no Service that picks endpoints") };
  if (world.get(kinds.Service, namespace, name) !== undefined) return undefined;
  return {
    reason,
    path: [...path, "name"],
    message: say("Service {0} not found in namespace {1}", name, namespace),
    problem: problems.hostNotFound,
    missingIn: namespace,
  };
}
