import type { WorkloadView } from "../../inventory/views.ts";
import { refId } from "../../model/refs.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";

/** istio-cni, ztunnel and whatever runs in the namespace of a control plane: nobody puts a sidecar there. */
export function isOfControlPlane({ ref }: WorkloadView, inventory: InventoryIndex): boolean {
  const known = inventory.clusters.get(ref.cluster)?.view;
  if (!known) return false;
  const agents = [known.cni, known.ztunnel];
  return (
    known.controlPlanes.some((plane) => plane.ref.namespace === ref.namespace) ||
    agents.some((agent) => agent !== undefined && refId(agent.ref) === refId(ref))
  );
}
