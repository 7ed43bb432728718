import { say } from "../../message.ts";
import { countAt, fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Fault } from "./condition.ts";
import type { Listener } from "./listener.ts";
import { findHostname } from "./meshHosts.ts";

/** The hosts that serve a Gateway, and what is wrong with its addresses. */
export interface GatewayServices {
  /** True if istiod makes the Service itself, so that it is not in files. */
  readonly isManaged: boolean;
  readonly hosts: readonly { readonly host: string; readonly path: FieldPath }[];
  readonly fault: Fault | undefined;
}

/** As istiod reads `spec.addresses` (extractGatewayServices, IsManaged). */
export function servicesOf(gateway: WorldObject): GatewayServices {
  const addresses = listAt(fieldsAt(gateway.object, "spec"), "addresses");
  const first = textAt(addresses[0], "type") ?? "IPAddress";
  if (addresses.length === 0 || (addresses.length === 1 && first === "IPAddress")) {
    return { isManaged: true, hosts: [{ host: gateway.name, path: ["spec"] }], fault: undefined };
  }
  const placed = addresses.map((address, index) => ({ address, path: ["spec", "addresses", index] }));
  const isHost = ({ address }: { readonly address: unknown }) => (textAt(address, "type") ?? "Hostname") === "Hostname";
  const hosts = placed.filter(isHost).map(({ address, path }) => {
    return { host: textAt(address, "value") ?? "", path: [...path, "value"] };
  });
  const other = placed.find((one) => !isHost(one));
  if (other !== undefined) {
    const message = say("Istio serves addresses of type Hostname only, not {0}", textAt(other.address, "type") ?? "");
    return { isManaged: false, hosts, fault: { reason: "UnsupportedAddress", path: [...other.path, "type"], message } };
  }
  const annotation = "networking.istio.io/service-type";
  if (textMapAt(gateway.object.metadata, "annotations")[annotation] === undefined) {
    return { isManaged: false, hosts, fault: undefined };
  }
  const path = ["metadata", "annotations", annotation];
  const message = say("A Gateway with addresses of its own has no Service to set a type for");
  return { isManaged: false, hosts, fault: { reason: "DeprecatedField", path, at: "key", message } };
}

/** What is to be programmed: the listeners of an object on a Gateway's Services. */
export interface Program {
  readonly owner: WorldObject;
  readonly gateway: WorldObject;
  readonly listeners: readonly Listener[];
}

/** Why Services cannot serve listeners, as far as objects tell: whether pods run is not asked. */
export function programmedFault(world: World, services: GatewayServices, program: Program): Fault | undefined {
  const { owner, gateway, listeners } = program;
  if (services.isManaged) return undefined;
  const pathOf = (path: FieldPath): FieldPath => (owner === gateway ? path : ["spec", "parentRef", "name"]);
  if (services.hosts.length === 0) {
    const message = say("No address of the Gateway can be used");
    return { reason: "UnsupportedAddress", path: pathOf(["spec", "addresses"]), message };
  }
  const reason = "AddressNotUsable";
  for (const { host, path } of services.hosts) {
    const service = findHostname(world, host.includes(".") ? host : `${host}.${gateway.namespace}`, gateway.namespace);
    if (service === undefined) {
      return {
        reason,
        path: pathOf(path),
        message: say("Service {0} not found in namespace {1}", host, gateway.namespace),
        problem: problems.hostNotFound,
        missingIn: gateway.namespace,
      };
    }
    const ports = portsOf(service);
    const lost = listeners.find(({ port }) => !ports.includes(port));
    if (lost === undefined) continue;
    return {
      reason,
      path: lost.owner === owner ? [...lost.path, "port"] : pathOf(path),
      message: say("Service {0} has no port {1}", host, lost.port),
      problem: problems.portNotFound,
      related: [{ object: service, path: ["spec", "ports"], message: say("Ports: {0}", ports.join(", ")) }],
    };
  }
  return undefined;
}

function portsOf(service: WorldObject): readonly number[] {
  const name = service.kind === kinds.Service ? "port" : "number";
  return listAt(fieldsAt(service.object, "spec"), "ports").flatMap((port) => countAt(port, name) ?? []);
}
