import type { WorkloadView } from "../../inventory/views.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeObjects } from "./nodeObjects.ts";

/**
 * Whether silence at a node says that nothing flows there, because a proxy would report it. What has no proxy has no
 * numbers of its own. Requests through a gateway name the service behind it, never the gateway's own Service. A
 * waypoint's legs are folded away, and what an east-west gateway passes through (AUTO_PASSTHROUGH) is not reported.
 */
export function isSilenceTelling({ workloads, services }: NodeObjects, inventory: InventoryIndex): boolean {
  if (services.length === 0) return workloads.some((view) => reports(view, inventory));
  if (services.some(({ type }) => type === "ServiceEntry")) return true;
  const leadsToGateways = workloads.length > 0 && workloads.every((view) => gatewayOf(view, inventory) !== undefined);
  return !leadsToGateways && services.some(({ inMesh }) => inMesh === true);
}

function reports(view: WorkloadView, inventory: InventoryIndex): boolean {
  const role = gatewayOf(view, inventory)?.role;
  return view.inMesh === true && role !== "waypoint" && role !== "east-west";
}

function gatewayOf({ ref, telemetryName }: WorkloadView, inventory: InventoryIndex) {
  return inventory.gateway(ref.cluster, ref.namespace, telemetryName);
}
