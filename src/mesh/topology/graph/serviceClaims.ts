import type { Call, ServiceEnd, WorkloadEnd } from "../../telemetry/edges/calls.ts";
import { isServiceName } from "../../telemetry/specialValues.ts";
import { only, type InventoryIndex } from "./inventoryIndex.ts";
import { isUnknown, type Claims } from "./nodeDrafts.ts";

/** By what makes a service one (all hosts of a ServiceEntry are), one end that stands for it. */
type Services = Map<string, ServiceEnd>;

/**
 * By workload, the one service that it can be folded into: the one that the inventory and the calls of this reading name.
 * A workload behind several services stays itself, since nothing tells which of them its own calls belong to.
 */
export function serviceClaims(calls: readonly Call[], inventory: InventoryIndex): Claims {
  const claimed = new Map<WorkloadEnd, Services>();
  const byName = new Map<string, Services>();
  const claimsOf = (end: WorkloadEnd): Services => {
    const known = claimed.get(end);
    if (known) return known;
    const name = `${end.place.key ?? ""}\0${end.place.label}\0${end.namespace}\0${end.workload}`;
    const services = byName.get(name) ?? ofInventory(end, inventory);
    byName.set(name, services);
    claimed.set(end, services);
    return services;
  };
  for (const { service, destination } of calls) {
    if (!destination || !service || isUnknown(destination) || !isServiceName(service.name)) continue;
    claimsOf(destination).set(identityOf(service, inventory), service);
  }
  return (end) => {
    const services = claimsOf(end);
    if (services.size !== 1) return undefined;
    for (const service of services.values()) return service;
    return undefined;
  };
}

function ofInventory(end: WorkloadEnd, inventory: InventoryIndex): Services {
  const services: Services = new Map();
  const view = only(inventory.workloads(end.place.key, end.namespace, end.workload));
  if (!view) return services;
  for (const id of view.services) {
    const service = inventory.service(id);
    if (!service) continue;
    const name = service.type === "ServiceEntry" ? (service.hosts[0] ?? service.ref.name) : service.ref.name;
    const found = { place: end.place, namespace: service.ref.namespace, name };
    services.set(identityOf(found, inventory), found);
  }
  return services;
}

function identityOf({ place, namespace, name }: ServiceEnd, inventory: InventoryIndex): string {
  const view = only(inventory.services(place.key, namespace, name));
  return view?.id ?? `${place.key ?? ""}\0${place.label}\0${namespace}\0${name}`;
}
