import type { OwnerLink } from "./ownerLink.ts";

type Texts = Readonly<Record<string, string>>;

/** What a pod is called by `source_workload` and `destination_workload`. */
export interface NamedPod {
  readonly name: string;
  /** Set by controllers that let the API server make up the name's end. */
  readonly isGenerated: boolean;
  readonly labels: Texts;
  readonly controller: OwnerLink | undefined;
}

/**
 * Istio's rule (`GetWorkloadMetaFromPod` in its pkg/kube/util.go), which istiod uses for injected proxies and for
 * ztunnel alike: a label overrides; else the controller's name, with the ends removed that Deployments, Rollouts and
 * CronJobs add; else the pod's own name.
 */
export function telemetryNameOf(pod: NamedPod): string {
  const chosen = pod.labels["service.istio.io/workload-name"];
  if (chosen !== undefined && chosen !== "") return chosen;
  if (pod.controller === undefined || !pod.isGenerated) return pod.name;
  const owner = guessOwner(pod.controller, pod.labels) ?? pod.controller;
  return owner.name;
}

/**
 * Who owns a pod's controller, told from names and the pod's labels: a Deployment or Rollout of its ReplicaSet, a
 * CronJob of its Job, a DeploymentConfig of its ReplicationController.
 */
export function guessOwner(controller: OwnerLink, labels: Texts): OwnerLink | undefined {
  switch (controller.kind) {
    case "ReplicaSet":
      return (
        withoutHash(controller, labels["pod-template-hash"], { group: "apps", kind: "Deployment" }) ??
        withoutHash(controller, labels["rollouts-pod-template-hash"], { group: "argoproj.io", kind: "Rollout" })
      );
    case "ReplicationController": {
      const name = labels["deploymentconfig"];
      return name ? { group: "apps.openshift.io", kind: "DeploymentConfig", name } : undefined;
    }
    case "Job": {
      const name = /^(.+)-\d{8,10}$/.exec(controller.name)?.[1];
      return name === undefined ? undefined : { group: "batch", kind: "CronJob", name };
    }
    default:
      return undefined;
  }
}

function withoutHash(
  controller: OwnerLink,
  hash: string | undefined,
  owner: { group: string; kind: string },
): OwnerLink | undefined {
  const end = `-${hash ?? ""}`;
  if (!hash || !controller.name.endsWith(end) || controller.name.length === end.length) return undefined;
  return { ...owner, name: controller.name.slice(0, -end.length) };
}
