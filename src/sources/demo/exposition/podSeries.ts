import { podIp, hostIp } from "../objects/pods.ts";
import type { PodRun } from "../resources/podRun.ts";
import type { World } from "../world/blueprint.ts";
import { uidOf } from "../world/seed.ts";
import { familyOf, type Family, type Sampled } from "./family.ts";
import { istioBuild } from "./podPlaces.ts";
import type { Labels } from "./textFormat.ts";

/** Pods as istio_build and kube-state-metrics tell of them. */
export function podFamilies(world: World, runs: readonly PodRun[]): readonly Family[] {
  return [
    familyOf(runs, "istio_build", "Istio component build info", (run) => {
      const build = istioBuild(world, run.plan);
      return build ? [[[["component", build.component], ["tag", build.tag], ...podLabelsOf(run)], 1]] : [];
    }),
    familyOf(runs, "kube_pod_info", "Information about pod.", (run) => {
      const [kind, name] = createdBy(run);
      const more: Labels = [
        ["node", run.node],
        ["host_ip", hostIp(run.making, run.node)],
        ["pod_ip", podIp(run.making, `${run.plan.namespace}/${run.pod}`)],
        ["uid", podUid(run)],
        ["created_by_kind", kind],
        ["created_by_name", name],
        ["host_network", "false"],
      ];
      return [[[...podLabelsOf(run), ...more], 1]];
    }),
    familyOf(runs, "kube_pod_owner", "Information about the pod's owner.", (run) => {
      const [kind, name] = createdBy(run);
      const owner: Labels = [
        ["owner_kind", kind],
        ["owner_name", name],
        ["owner_is_controller", "true"],
      ];
      return [[[...podLabelsOf(run), ["uid", podUid(run)], ...owner], 1]];
    }),
    familyOf(runs, "kube_pod_status_phase", "The pod's current phase.", (run) =>
      oneHot(run, "phase", ["Pending", "Running", "Succeeded", "Failed", "Unknown"], "Running"),
    ),
    familyOf(runs, "kube_pod_status_ready", "Whether the pod is ready to serve requests.", (run) =>
      oneHot(run, "condition", ["true", "false", "unknown"], "true"),
    ),
    familyOf(runs, "kube_pod_status_reason", "Why the pod is in its phase.", (run) =>
      oneHot(run, "reason", ["Evicted", "NodeLost"], undefined),
    ),
  ];
}

export function podLabelsOf({ plan, pod }: PodRun): Labels {
  return [
    ["cluster", plan.cluster],
    ["namespace", plan.namespace],
    ["pod", pod],
  ];
}

export function podUid({ plan, pod, making }: PodRun): string {
  return uidOf(`${plan.cluster}/Pod/${plan.namespace}/${pod}`, making.seed);
}

function oneHot(run: PodRun, label: string, values: readonly string[], is: string | undefined): readonly Sampled[] {
  return values.map((value) => [[...podLabelsOf(run), ["uid", podUid(run)], [label, value]], value === is ? 1 : 0]);
}

function createdBy({ plan, pod }: PodRun): readonly [string, string] {
  if (plan.kind !== "Deployment" && plan.kind !== "Rollout") return [plan.kind, plan.name];
  return ["ReplicaSet", pod.slice(0, pod.lastIndexOf("-"))];
}
