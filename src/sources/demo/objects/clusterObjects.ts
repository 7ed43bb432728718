import type { NamespacePlan, World, WorkloadPlan } from "../world/blueprint.ts";
import { controllerOf, podCount, podLazily, replicaSetOf } from "./controllers.ts";
import { istioConfig } from "./istioConfig.ts";
import { istioSystemObjects } from "./istioSystem.ts";
import type { Lazy, Making } from "./making.ts";
import { nodeObjects } from "./nodes.ts";
import { given, written } from "./plainObjects.ts";
import { serviceAccountOf } from "./pods.ts";
import { endpointSliceOf, serviceOf } from "./services.ts";

/** Everything in a cluster that stays as it is unless somebody changes it; `isLive` names the workloads that do not. */
export function* clusterObjects(
  making: Making,
  world: World,
  isLive: (plan: WorkloadPlan) => boolean,
): Generator<Lazy, void, undefined> {
  const { cluster } = making;
  for (const namespace of cluster.namespaces) yield namespaceOf(making, namespace);
  yield* nodeObjects(making);
  yield* istioSystemObjects(
    making,
    world.clusters.map(({ id }) => id).filter((id) => id !== cluster.id),
  );
  const byApp = new Map<string, WorkloadPlan[]>();
  const accounts = new Set<string>();
  for (const plan of world.workloads) {
    if (plan.cluster !== cluster.id) continue;
    const app = `${plan.namespace}/${plan.app}`;
    byApp.set(app, [...(byApp.get(app) ?? []), plan]);
    const account = `${plan.namespace}/${serviceAccountOf(plan)}`;
    if (!accounts.has(account)) yield accountOf(making, plan);
    accounts.add(account);
    yield* workloadObjects(making, plan, isLive(plan));
  }
  for (const plan of world.services) {
    if (plan.cluster !== cluster.id) continue;
    yield serviceOf(making, plan);
    const behind = byApp.get(`${plan.namespace}/${plan.app}`) ?? [];
    if (!behind.some(isLive)) yield endpointSliceOf(making, plan, behind);
  }
  for (const object of istioConfig(world, cluster.id)) {
    yield written(
      making,
      object,
      object.metadata.namespace === "payments" ? "argocd-controller" : "kubectl-client-side-apply",
    );
  }
  if (world.workloads.some((plan) => plan.plane === "waypoint")) yield waypointClass(making);
}

function* workloadObjects(making: Making, plan: WorkloadPlan, isLive: boolean): Generator<Lazy, void, undefined> {
  yield controllerOf(making, plan);
  if (isLive) return;
  if (plan.kind === "Deployment" || plan.kind === "Rollout") yield replicaSetOf(making, plan);
  for (let pod = 0; pod < podCount(making, plan); pod++) yield podLazily(making, plan, pod);
}

function namespaceOf(making: Making, { name, labels }: NamespacePlan): Lazy {
  const all = { "kubernetes.io/metadata.name": name, ...labels };
  const body = { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } };
  return given(making, { apiVersion: "v1", kind: "Namespace", name, labels: all }, body);
}

function accountOf(making: Making, plan: WorkloadPlan): Lazy {
  const { namespace } = plan;
  return given(making, { apiVersion: "v1", kind: "ServiceAccount", namespace, name: serviceAccountOf(plan) }, {});
}

function waypointClass(making: Making): Lazy {
  const spec = { controllerName: "istio.io/mesh-controller" };
  const names = { apiVersion: "gateway.networking.k8s.io/v1", kind: "GatewayClass", name: "istio-waypoint" };
  return given(making, { ...names, manager: "pilot-discovery" }, { spec });
}
