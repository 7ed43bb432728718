import { fieldsAt, textAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { good } from "./build.ts";
import type { Condition } from "./condition.ts";
import { roleOfController } from "./gatewayClasses.ts";
import { gatewayStatus, setStatus } from "./gatewayStatus.ts";
import { policyStatus } from "./policyStatus.ts";
import { poolStatus } from "./poolStatus.ts";
import { gatewayKinds } from "./references.ts";
import { routeKinds, routeStatus } from "./routeStatus.ts";

/** The conditions of one Gateway API object; none where istiod writes none. */
export function conditionsOfObject(world: World, object: WorldObject): readonly Condition[] {
  const key = `${object.namespace}/${object.name}`;
  switch (object.kind) {
    case kinds.GatewayClass: {
      const role = roleOfController(textAt(fieldsAt(object.object, "spec"), "controllerName"));
      return role === undefined ? [] : [good({ resource: object, path: ["spec"] }, "Accepted")];
    }
    case kinds.KubernetesGateway:
      return world.ask(gatewayStatus, key).conditions;
    case kinds.ListenerSet:
      return world.ask(setStatus, key).conditions;
    case kinds.BackendTLSPolicy:
    case gatewayKinds.XBackendTrafficPolicy:
      return world.ask(policyStatus, `${object.kind}|${key}`);
    case gatewayKinds.InferencePool:
      return world.ask(poolStatus, key);
    default:
      return routeKinds.includes(object.kind) ? world.ask(routeStatus, `${object.kind}|${key}`).conditions : [];
  }
}

/** The conditions of all Gateway API objects of a cluster. A Gateway's Programmed asks Services, never whether they run. */
export function conditionsOf(world: World): readonly Condition[] {
  return [
    kinds.GatewayClass,
    kinds.KubernetesGateway,
    kinds.ListenerSet,
    ...routeKinds,
    kinds.BackendTLSPolicy,
    gatewayKinds.XBackendTrafficPolicy,
    gatewayKinds.InferencePool,
  ].flatMap((kind) => world.all(kind).flatMap((object) => conditionsOfObject(world, object)));
}
