import { refId, type ClusterKey, type ObjectRef } from "../../model/refs.ts";
import type { ServiceFacts } from "../facts/serviceFacts.ts";
import type { DataPlane, ServiceView } from "../views.ts";
import type { Member } from "./workloadRecord.ts";

export function serviceRef(cluster: ClusterKey, facts: ServiceFacts): ObjectRef {
  const { group, kind, namespace, name } = facts;
  return { cluster, group, kind, namespace, name };
}

/** `members` are all that it selects. Pods that have ended no longer count for or against membership. */
export function serviceView(ref: ObjectRef, facts: ServiceFacts, members: Iterable<Member>): ServiceView {
  const workloads = new Set<string>();
  const planes = new Set<DataPlane>();
  for (const { workload, dataPlane } of members) {
    workloads.add(workload.id);
    if (dataPlane !== undefined) planes.add(dataPlane);
  }
  const dataPlanes = [...planes].sort();
  return {
    id: refId(ref),
    ref,
    type: facts.type,
    hosts: facts.hosts,
    ports: facts.ports,
    labels: facts.labels.labels,
    workloads: [...workloads].sort(),
    inMesh: dataPlanes.length === 0 ? undefined : dataPlanes.some((plane) => plane !== "none"),
    dataPlanes,
    ...(facts.healthRate !== undefined && { healthRate: facts.healthRate }),
  };
}
