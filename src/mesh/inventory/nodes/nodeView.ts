import { fieldsAt, flagAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { parseQuantity } from "../../model/quantity.ts";
import { refId, type ClusterKey, type ObjectRef } from "../../model/refs.ts";
import type { NodePressure, NodeView } from "../views.ts";

const pressures: readonly NodePressure[] = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"];
/** The second is what it was called before Kubernetes 1.17. */
const zoneLabels = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
const addressTypes = new Set(["InternalIP", "ExternalIP", "Hostname"]);

export function nodeRef(cluster: ClusterKey, name: string): ObjectRef {
  return { cluster, group: "", kind: "Node", namespace: "", name };
}

/** Reads a v1 Node. */
export function readNode(object: KubeObject, cluster: ClusterKey): NodeView {
  const metadata = fieldsAt(object, "metadata");
  const status = fieldsAt(object, "status");
  const ref = nodeRef(cluster, textAt(metadata, "name") ?? "");
  const labels = textMapAt(metadata, "labels");
  const conditions = new Map(
    listAt(status, "conditions").map((condition) => [textAt(condition, "type"), textAt(condition, "status")]),
  );
  const ready = conditions.get("Ready");
  const allocatable = fieldsAt(status, "allocatable");
  return {
    id: refId(ref),
    ref,
    isReady: ready === undefined ? undefined : ready === "True",
    pressures: pressures.filter((pressure) => conditions.get(pressure) === "True"),
    isUnschedulable: flagAt(fieldsAt(object, "spec"), "unschedulable") ?? false,
    allocatableCores: parseQuantity(allocatable["cpu"]),
    allocatableBytes: parseQuantity(allocatable["memory"]),
    zone: zoneLabels.map((name) => textAt(labels, name)).find((zone) => zone !== undefined),
    addresses: addressesOf(status),
  };
}

function addressesOf(status: unknown): readonly string[] {
  const addresses = listAt(status, "addresses")
    .filter((entry) => addressTypes.has(textAt(entry, "type") ?? ""))
    .map((entry) => textAt(entry, "address"));
  return [...new Set(addresses.filter((address) => address !== undefined))];
}
