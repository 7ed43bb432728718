import { fieldsAt, textAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import type { World } from "../world/world.ts";

/** What Istio does with Gateways of a class (istio pilot/pkg/config/kube/gatewaycommon/classinfo.go). */
export type GatewayRole = "gateway" | "remote" | "waypoint" | "east-west";

const controllers: ReadonlyMap<string, GatewayRole> = new Map([
  ["istio.io/gateway-controller", "gateway"],
  ["istio.io/unmanaged-gateway", "remote"],
  ["istio.io/mesh-controller", "waypoint"],
  ["istio.io/eastwest-controller", "east-west"],
]);

const builtIn: ReadonlyMap<string, GatewayRole> = new Map([
  ["istio", "gateway"],
  ["istio-remote", "remote"],
  ["istio-waypoint", "waypoint"],
  ["istio-east-west", "east-west"],
]);

/** Classes that another code path of istiod serves. */
const agentGateways: ReadonlySet<string> = new Set(["istio-agentgateway", "istio-agentgateway-waypoint"]);

/** Controllers whose entries in a status are istiod's. */
export const ownControllers: ReadonlySet<string> = new Set([...controllers.keys()]);

export function roleOfController(name: string | undefined): GatewayRole | undefined {
  return name === undefined ? undefined : controllers.get(name);
}

export function controllerOfClass(world: World, className: string): string | undefined {
  const declared = world.get(kinds.GatewayClass, "", className);
  return declared && textAt(fieldsAt(declared.object, "spec"), "controllerName");
}

/** The role of a class; undefined for one of another controller, or one that nobody declares. */
export function roleOfClass(world: World, className: string): GatewayRole | undefined {
  if (agentGateways.has(className)) return undefined;
  if (world.get(kinds.GatewayClass, "", className) === undefined) return builtIn.get(className);
  return roleOfController(controllerOfClass(world, className));
}
