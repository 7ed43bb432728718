import type { KubeObject, OwnerReference } from "../../../mesh/model/kubeObject.ts";
import type { WorkloadPlan } from "../world/blueprint.ts";
import { hash32 } from "../world/seed.ts";
import { bornMillis, metaOf, timestamp, uidFor, type Making } from "./making.ts";
import { podNameOf } from "./podNames.ts";
import { systemContainer } from "./systemContainers.ts";
import { podAnnotations, podLabels, proxyContainer } from "./proxies.ts";

/** What changes about a pod while the world runs. */
export interface PodState {
  readonly rollout: number;
  readonly createdMillis: number | undefined;
  /** Restarts of the application's container, and when the last one was. */
  readonly restarts: number;
  readonly restartedMillis: number | undefined;
}

export const restingPod: PodState = { rollout: 0, createdMillis: undefined, restarts: 0, restartedMillis: undefined };

export function nodeOf(making: Making, plan: WorkloadPlan, pod: number): string {
  const { nodes } = making.cluster;
  if (plan.kind === "DaemonSet") return nodes[pod]?.name ?? "";
  const pressed = nodes.findIndex((node) => node.isUnderMemoryPressure);
  if (plan.sickness?.pod === pod) return nodes[Math.max(0, pressed)]?.name ?? "";
  // Pods of a workload go to different nodes, and nothing else of this workload to the one under pressure.
  const first = hash32(`${plan.namespace}/${plan.name}/node`, making.seed);
  const allowed = plan.sickness ? nodes.filter((node) => !node.isUnderMemoryPressure) : nodes;
  return allowed[(first + pod) % allowed.length]?.name ?? "";
}

export function podIp(making: Making, name: string): string {
  const h = hash32(`ip/${making.cluster.id}/${name}`, making.seed);
  const cluster = making.cluster.id === "eu" ? 8 : 64;
  return `10.${cluster + (h % 8)}.${(h >>> 8) % 256}.${1 + ((h >>> 16) % 254)}`;
}

export function hostIp(making: Making, node: string): string {
  const i = making.cluster.nodes.findIndex((candidate) => candidate.name === node);
  return `192.168.${making.cluster.id === "eu" ? 10 : 20}.${10 + i}`;
}

/** Memory and ports of the application's container; Istio's own components have theirs. */
export function appContainer(making: Making, plan: WorkloadPlan): Record<string, unknown> {
  const system = plan.namespace === "istio-system" ? systemContainer(making, plan) : undefined;
  if (system) return system;
  return {
    name: "app",
    image: plan.image,
    imagePullPolicy: "IfNotPresent",
    ports: plan.ports.map(({ name, port, protocol }) => ({
      name: `${protocol}-${port}`.slice(0, 15),
      containerPort: port,
      protocol: name === "udp" ? "UDP" : "TCP",
    })),
    resources: { limits: { cpu: "1", memory: "512Mi" }, requests: { cpu: "100m", memory: "256Mi" } },
  };
}

/** The pod's spec as the template has it, without a node. */
export function podSpec(making: Making, plan: WorkloadPlan): Record<string, unknown> {
  const isProxyOnly = plan.plane === "gateway" || plan.plane === "waypoint";
  const validation = { name: "istio-validation", image: proxyContainer(making, plan)["image"] };
  return {
    serviceAccountName: serviceAccountOf(plan),
    ...(plan.plane === "sidecar" ? { initContainers: [validation, proxyContainer(making, plan)] } : {}),
    containers: [isProxyOnly ? proxyContainer(making, plan) : appContainer(making, plan)],
    restartPolicy: plan.kind === "CronJob" ? "Never" : "Always",
    terminationGracePeriodSeconds: 30,
  };
}

export function serviceAccountOf(plan: WorkloadPlan): string {
  return plan.plane === "gateway" || plan.plane === "waypoint" ? plan.name : plan.app;
}

export function podOf(
  making: Making,
  plan: WorkloadPlan,
  which: { readonly pod: number; readonly owner: OwnerReference; readonly state: PodState },
): KubeObject {
  const { pod, owner } = which;
  const state = { ...which.state, ...pastState(making, plan, pod) };
  const name = podNameOf(plan, pod, making.seed, state.rollout);
  const node = nodeOf(making, plan, pod);
  const created = state.createdMillis ?? bornMillis(making, `pod/${plan.namespace}/${plan.name}/${pod}`, [0.2, 2]);
  const spec = { ...podSpec(making, plan), nodeName: node };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      generateName: name.replace(/[^-]+$/, ""),
      ...metaOf(making, "Pod", name, {
        namespace: plan.namespace,
        labels: labelsOfPod(making, plan, pod, state),
        annotations: podAnnotations(plan),
        owner,
        createdMillis: created,
      }),
    },
    spec,
    status: statusOf(making, spec, { name, node, created, state, plan, main: mainOf(spec) }),
  };
}

function mainOf(spec: Record<string, unknown>): unknown {
  return (spec["containers"] as readonly Record<string, unknown>[])[0]?.["name"];
}

function pastState({ startMillis }: Making, { killed }: WorkloadPlan, pod: number): Partial<PodState> {
  if (killed?.pod !== pod) return {};
  return { restarts: killed.restarts, restartedMillis: startMillis - killed.secondsBefore * 1000 };
}

export function labelsOfPod(
  making: Making,
  plan: WorkloadPlan,
  pod: number,
  { rollout }: PodState,
): Readonly<Record<string, string>> {
  const labels = podLabels(making, plan, rollout);
  if (plan.kind === "StatefulSet") {
    labels["apps.kubernetes.io/pod-index"] = String(pod);
    labels["statefulset.kubernetes.io/pod-name"] = podNameOf(plan, pod, making.seed, rollout);
  }
  return labels;
}

interface StatusParts {
  readonly name: string;
  readonly node: string;
  readonly created: number;
  readonly state: PodState;
  readonly plan: WorkloadPlan;
  /** The first of its containers. */
  readonly main: unknown;
}

function statusOf(making: Making, spec: Record<string, unknown>, parts: StatusParts): Record<string, unknown> {
  const { node, created, state, plan } = parts;
  const ip = podIp(making, `${plan.namespace}/${parts.name}`);
  const since = timestamp(created + 9000);
  const ready = timestamp(Math.max(created, state.restartedMillis ?? 0) + 12_000);
  const condition = (type: string, at: string) => ({ type, status: "True", lastTransitionTime: at });
  const containers = (spec["containers"] ?? []) as readonly Record<string, unknown>[];
  const inits = (spec["initContainers"] ?? []) as readonly Record<string, unknown>[];
  const statuses = (list: readonly Record<string, unknown>[]) =>
    list.map((container) => containerStatus(making, container, parts));
  return {
    phase: "Running",
    conditions: [
      condition("PodReadyToStartContainers", since),
      condition("Initialized", since),
      condition("Ready", ready),
      condition("ContainersReady", ready),
      condition("PodScheduled", timestamp(created)),
    ],
    hostIP: hostIp(making, node),
    hostIPs: [{ ip: hostIp(making, node) }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: timestamp(created),
    qosClass: "Burstable",
    ...(inits.length > 0 ? { initContainerStatuses: statuses(inits) } : {}),
    containerStatuses: statuses(containers),
  };
}

function containerStatus(
  making: Making,
  container: Record<string, unknown>,
  parts: StatusParts,
): Record<string, unknown> {
  const { name, created, state, plan } = parts;
  const isMain = container["name"] === parts.main;
  const restarted = isMain ? state.restartedMillis : undefined;
  const id = (round: number) =>
    `containerd://${uidFor(making, "container", plan.namespace, `${name}/${String(container["name"])}/${round}`).replaceAll("-", "")}`;
  const restarts = isMain ? state.restarts : 0;
  const isDone = container["name"] === "istio-validation";
  const done = {
    exitCode: 0,
    reason: "Completed",
    startedAt: timestamp(created + 1000),
    finishedAt: timestamp(created + 2000),
  };
  return {
    name: container["name"],
    image: container["image"],
    imageID: `${String(container["image"])}@sha256:${uidFor(making, "image", "", String(container["image"])).replaceAll("-", "")}`,
    containerID: id(restarts),
    ready: true,
    started: !isDone,
    restartCount: restarts,
    state: isDone ? { terminated: done } : { running: { startedAt: timestamp(restarted ?? created + 3000) } },
    lastState: restarted === undefined ? {} : { terminated: killedBefore(restarted, id(restarts - 1)) },
  };
}

function killedBefore(restarted: number, containerID: string): Record<string, unknown> {
  return {
    exitCode: 137,
    reason: "OOMKilled",
    startedAt: timestamp(restarted - 400_000),
    finishedAt: timestamp(restarted - 2000),
    containerID,
  };
}
