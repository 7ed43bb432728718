import { proxyVersion } from "../objects/proxies.ts";
import { placesOf, runOf, type PodRun } from "../resources/podRun.ts";
import type { World, WorkloadPlan } from "../world/blueprint.ts";

/** Every pod of the world's lasting workloads at a time. Jobs come and go, and are left out. */
export function podsIn(world: World, startMillis: number, atMillis: number): readonly PodRun[] {
  return placesOf(world).map((place) => runOf(place, startMillis, atMillis));
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
