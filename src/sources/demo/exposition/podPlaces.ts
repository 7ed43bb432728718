import { restartsAt, rolloutAt } from "../cluster/churn.ts";
import { nodeOf } from "../objects/pods.ts";
import { podNameOf } from "../objects/podNames.ts";
import { proxyVersion } from "../objects/proxies.ts";
import { podCount } from "../objects/controllers.ts";
import type { Making } from "../objects/making.ts";
import type { World, WorkloadPlan } from "../world/blueprint.ts";

/** A pod, and where it runs. */
export interface PodPlace {
  readonly plan: WorkloadPlan;
  readonly pod: string;
  readonly node: string;
  readonly isSick: boolean;
  readonly restarts: number;
}

/** Every pod of the world's lasting workloads at a time. Jobs come and go, and are left out. */
export function* podsIn(world: World, startMillis: number, atMillis: number): Generator<PodPlace, void, undefined> {
  const { seed } = world;
  const makings = new Map(
    world.clusters.map((cluster): [string, Making] => [cluster.id, { seed, cluster, startMillis }]),
  );
  for (const plan of world.workloads) {
    const making = makings.get(plan.cluster);
    if (!making) continue;
    const rollout = rolloutAt(plan, startMillis, atMillis);
    for (let pod = 0; pod < podCount(making, plan); pod++) {
      const isSick = plan.sickness?.pod === pod;
      const restarts = isSick ? restartsAt(startMillis, atMillis) : 0;
      const name = podNameOf(plan, pod, seed, rollout);
      yield { plan, pod: name, node: nodeOf(making, plan, pod), isSick, restarts };
    }
  }
}

/** What istio_build says of a pod: its component and version; undefined for pods without one of Istio's. */
export function istioBuild(world: World, plan: WorkloadPlan): { component: string; tag: string } | undefined {
  const cluster = world.clusters.find(({ id }) => id === plan.cluster);
  if (!cluster) return undefined;
  const tag = plan.image.slice(plan.image.lastIndexOf(":") + 1);
  if (plan.app === "istiod") return { component: "pilot", tag };
  if (plan.name === "ztunnel") return { component: "ztunnel", tag };
  if (plan.revision === "") return undefined;
  return { component: "proxy", tag: proxyVersion({ seed: world.seed, cluster, startMillis: 0 }, plan.revision) };
}
