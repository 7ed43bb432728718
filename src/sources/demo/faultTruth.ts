import type { LevelName } from "../../mesh/drilldown/level.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import { uidFor } from "./objects/making.ts";
import { podNameOf } from "./objects/podNames.ts";
import type { DemoMesh } from "./demoMesh.ts";
import type { PlantedFault } from "./world/faults.ts";

/** What was planted: the service that suffers, and the thing that is at fault. */
export interface FaultTruth {
  readonly namespace: string;
  readonly service: string;
  readonly level: LevelName | "rule" | "policy";
  readonly ref: ObjectRef;
}

/** undefined where nothing was planted. */
export function faultTruth({ history }: Pick<DemoMesh, "history">): FaultTruth | undefined {
  const { world } = history;
  const { fault } = world;
  const cluster = world.clusters[0];
  if (!fault || !cluster) return undefined;
  const making = { seed: world.seed, cluster, startMillis: history.startMillis };
  const { namespace, service } = fault;
  const plan = world.workloads.find(
    (one) => one.cluster === cluster.id && one.namespace === namespace && one.name === fault.workload,
  );
  const key = uidFor(making, "Namespace", "", "kube-system");
  const ref = (group: string, kind: string, name: string, within = namespace): ObjectRef => {
    return { cluster: key, group, kind, namespace: within, name };
  };
  const pod = plan?.sickness ? podNameOf(plan, plan.sickness.pod, world.seed) : "";
  const truths: Readonly<Record<PlantedFault["name"], Pick<FaultTruth, "level" | "ref">>> = {
    badVersion: { level: "workload", ref: ref("apps", plan?.kind ?? "", plan?.name ?? "") },
    oomKilled: { level: "pod", ref: ref("", "Pod", pod) },
    nodePressure: { level: "node", ref: ref("", "Node", cluster.nodes[fault.node]?.name ?? "", "") },
    misroutedRule: { level: "rule", ref: ref("networking.istio.io", "VirtualService", service) },
    mtlsMismatch: { level: "policy", ref: ref("networking.istio.io", "DestinationRule", service) },
    trippedBreaker: { level: "rule", ref: ref("networking.istio.io", "DestinationRule", service) },
  };
  return { namespace, service, ...truths[fault.name] };
}
