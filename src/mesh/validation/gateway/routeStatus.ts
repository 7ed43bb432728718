import { fieldsAt, listAt } from "../../model/fields.ts";
import { defineQuery } from "../world/query.ts";
import { kinds, type KindName } from "../kinds.ts";
import { goodOrBad } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { foreignConditions } from "./foreignConditions.ts";
import { parentsOfRoute, parentText } from "./routeParents.ts";
import { ruleFaults } from "./routeRules.ts";

export const routeKinds: readonly KindName[] = [kinds.HTTPRoute, kinds.GRPCRoute, kinds.TCPRoute, kinds.TLSRoute];

/** What istiod makes of a route. */
export interface RouteStatus {
  readonly conditions: readonly Condition[];
  /** All faults of its rules, also those that a condition does not name. */
  readonly ruleFaults: readonly Fault[];
}

/** The status of a route by "kind|namespace/name". */
export const routeStatus = defineQuery<RouteStatus>((world, key) => {
  const [kind = "", name = ""] = key.split("|");
  const at = name.indexOf("/");
  const route = world.get(kind as KindName, name.slice(0, at), name.slice(at + 1));
  if (route === undefined) return { conditions: [], ruleFaults: [] };
  const parents = parentsOfRoute(world, route);
  const has = (isMesh: boolean) => parents.some((parent) => parent.isMesh === isMesh);
  const mesh = has(true) ? ruleFaults(world, route, true) : undefined;
  const gateway = has(false) ? ruleFaults(world, route, false) : undefined;
  const conditions = parents.flatMap(({ ref, path, isMesh, fault }) => {
    const subject = { resource: route, parent: parentText(ref), path };
    return [goodOrBad(subject, "Accepted", fault), goodOrBad(subject, "ResolvedRefs", (isMesh ? mesh : gateway)?.told)];
  });
  const entries = listAt(fieldsAt(route.object, "status"), "parents");
  return {
    conditions: [...foreignConditions(route, entries, "parentRef"), ...conditions],
    ruleFaults: (gateway ?? mesh)?.all ?? [],
  };
});
