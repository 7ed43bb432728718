import type { WorkloadPlan } from "../world/blueprint.ts";
import { lazy, metaOf, ownerOf, type Lazy, type Making } from "./making.ts";
import { podNameOf, templateHash } from "./podNames.ts";
import { labelsOfPod, podOf, podSpec, restingPod, type PodState } from "./pods.ts";
import { podAnnotations, templateLabels } from "./proxies.ts";

// A workload's controllers and pods as the API server has them: templates as a person wrote them, pods as injected.

const apiVersions = {
  Deployment: "apps/v1",
  StatefulSet: "apps/v1",
  DaemonSet: "apps/v1",
  Rollout: "argoproj.io/v1alpha1",
  CronJob: "batch/v1",
} as const;

/** How many pods the workload has in its cluster. */
export function podCount(making: Making, plan: WorkloadPlan): number {
  if (plan.kind === "DaemonSet") return making.cluster.nodes.length;
  return plan.kind === "CronJob" ? 0 : plan.replicas;
}

export function controllerOf(making: Making, plan: WorkloadPlan): Lazy {
  const manager = plan.namespace === "payments" ? "argocd-controller" : "kubectl-client-side-apply";
  const names = { apiVersion: apiVersions[plan.kind], kind: plan.kind, namespace: plan.namespace, name: plan.name };
  return lazy(making, { ...names, manager }, () => {
    const metadata = metaOf(making, plan.kind, plan.name, {
      namespace: plan.namespace,
      labels: controllerLabels(plan),
      generation: 1,
    });
    return { metadata, ...controllerBody(making, plan) };
  });
}

function controllerLabels(plan: WorkloadPlan): Record<string, string> {
  const labels = templateLabels(plan);
  if (plan.namespace === "payments") labels["argocd.argoproj.io/instance"] = "payments";
  return labels;
}

/** What pods are selected by; a gateway's own API selects waypoints by its name label. */
export function selectorOf(plan: WorkloadPlan): Record<string, string> {
  if (plan.plane === "waypoint") return { "gateway.networking.k8s.io/gateway-name": plan.name };
  // Two revisions of istiod side by side are told apart by the revision.
  const revision = plan.app === "istiod" ? plan.labels["istio.io/rev"] : undefined;
  if (revision !== undefined) return { app: plan.app, "istio.io/rev": revision };
  return { app: plan.app, ...(plan.version === undefined ? {} : { version: plan.version }) };
}

/** The template as it is in the cluster. Waypoints are deployed by istiod with their proxy in it. */
export function templateOf(making: Making, plan: WorkloadPlan): Record<string, unknown> {
  const isWaypoint = plan.plane === "waypoint";
  const written = isWaypoint ? plan : { ...plan, plane: "none" as const };
  const spec = podSpec(making, written);
  // The gateway template is filled in by the injector: until then its image is "auto".
  const gateway = { ...spec, containers: [{ name: "istio-proxy", image: "auto" }], serviceAccountName: plan.name };
  const annotations = plan.plane === "gateway" ? { "inject.istio.io/templates": "gateway" } : podAnnotations(written);
  return {
    metadata: {
      labels: templateLabels(plan),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: plan.plane === "gateway" ? gateway : spec,
  };
}

function controllerBody(making: Making, plan: WorkloadPlan): Record<string, unknown> {
  const selector = { matchLabels: selectorOf(plan) };
  const template = templateOf(making, plan);
  const { replicas } = plan;
  const counted = { observedGeneration: 1, replicas, readyReplicas: replicas, updatedReplicas: replicas };
  switch (plan.kind) {
    case "Deployment":
      return {
        spec: { replicas, selector, template, strategy: { type: "RollingUpdate" }, revisionHistoryLimit: 10 },
        status: {
          ...counted,
          availableReplicas: replicas,
          conditions: [condition("Available"), condition("Progressing")],
        },
      };
    case "Rollout":
      return {
        spec: { replicas, selector, template, strategy: { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } } },
        status: {
          ...counted,
          availableReplicas: replicas,
          phase: "Healthy",
          stableRS: templateHash(plan, making.seed),
        },
      };
    case "StatefulSet":
      return {
        spec: { replicas, selector, template, serviceName: plan.app, podManagementPolicy: "OrderedReady" },
        status: { ...counted, availableReplicas: replicas, currentReplicas: replicas },
      };
    case "DaemonSet": {
      const nodes = podCount(making, plan);
      return {
        spec: { selector, template, updateStrategy: { type: "RollingUpdate" } },
        status: {
          observedGeneration: 1,
          currentNumberScheduled: nodes,
          desiredNumberScheduled: nodes,
          numberAvailable: nodes,
          numberMisscheduled: 0,
          numberReady: nodes,
          updatedNumberScheduled: nodes,
        },
      };
    }
    case "CronJob":
      return {
        spec: {
          schedule: plan.schedule,
          concurrencyPolicy: "Forbid",
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
          suspend: false,
          jobTemplate: { spec: { template } },
        },
        status: {},
      };
  }
}

function condition(type: string): Record<string, unknown> {
  return { type, status: "True", reason: type === "Available" ? "MinimumReplicasAvailable" : "NewReplicaSetAvailable" };
}

/** The ReplicaSet of one roll-out; without pods once it was replaced. */
export function replicaSetOf(making: Making, plan: WorkloadPlan, rollout = 0, replicas = plan.replicas): Lazy {
  const name = `${plan.name}-${templateHash(plan, making.seed, rollout)}`;
  const names = { apiVersion: "apps/v1", kind: "ReplicaSet", namespace: plan.namespace, name };
  return lazy(making, names, () => {
    const owner = ownerOf(making, {
      apiVersion: apiVersions[plan.kind],
      kind: plan.kind,
      namespace: plan.namespace,
      name: plan.name,
    });
    const labels = replicaSetLabels(making, plan, rollout);
    return {
      metadata: metaOf(making, "ReplicaSet", name, { namespace: plan.namespace, labels, owner, generation: 1 }),
      spec: { replicas, selector: { matchLabels: labels }, template: templateOf(making, plan) },
      status: { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas },
    };
  });
}

function replicaSetLabels(making: Making, plan: WorkloadPlan, rollout: number): Record<string, string> {
  const hash = plan.kind === "Rollout" ? "rollouts-pod-template-hash" : "pod-template-hash";
  return { ...templateLabels(plan), [hash]: templateHash(plan, making.seed, rollout) };
}

export function podLazily(making: Making, plan: WorkloadPlan, pod: number, state: PodState = restingPod): Lazy {
  const name = podNameOf(plan, pod, making.seed, state.rollout);
  const names = { apiVersion: "v1", kind: "Pod", namespace: plan.namespace, name };
  const made = lazy(making, names, () => {
    const isBehindReplicaSet = plan.kind === "Deployment" || plan.kind === "Rollout";
    const owner = isBehindReplicaSet
      ? {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${plan.name}-${templateHash(plan, making.seed, state.rollout)}`,
        }
      : { apiVersion: apiVersions[plan.kind], kind: plan.kind, name: plan.name };
    return podOf(making, plan, { pod, owner: ownerOf(making, { ...owner, namespace: plan.namespace }), state });
  });
  return { ...made, labels: () => labelsOfPod(making, plan, pod, state) };
}
