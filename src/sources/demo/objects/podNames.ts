import type { WorkloadPlan } from "../world/blueprint.ts";
import { suffixOf } from "../world/seed.ts";

/** The pod-template-hash: new for each roll-out of the workload. */
export function templateHash(plan: WorkloadPlan, seed: number, rollout = 0): string {
  return suffixOf(`${plan.cluster}/${plan.namespace}/${plan.name}/template/${rollout}`, seed, 10);
}

/** The name a controller of the workload's kind gives its pod. */
export function podNameOf(plan: WorkloadPlan, pod: number, seed: number, rollout = 0): string {
  if (plan.kind === "StatefulSet") return `${plan.name}-${pod}`;
  const suffix = suffixOf(`${plan.cluster}/${plan.namespace}/${plan.name}/pod/${rollout}/${pod}`, seed, 5);
  return plan.kind === "DaemonSet"
    ? `${plan.name}-${suffix}`
    : `${plan.name}-${templateHash(plan, seed, rollout)}-${suffix}`;
}
