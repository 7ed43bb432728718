import { restartedAt, restartsAt, rolledAt, rolloutAt } from "../cluster/rhythm.ts";
import { podCount } from "../objects/controllers.ts";
import type { Making } from "../objects/making.ts";
import { podNameOf } from "../objects/podNames.ts";
import { nodeOf } from "../objects/pods.ts";
import type { World, WorkloadPlan } from "../world/blueprint.ts";

/** A pod's place in the world, the same at all times. */
export interface PodPlace {
  readonly making: Making;
  readonly plan: WorkloadPlan;
  /** Which one of the workload's pods. */
  readonly index: number;
  readonly node: string;
  readonly isSick: boolean;
}

/** A pod as it is at a time. */
export interface PodRun extends PodPlace {
  readonly pod: string;
  /** Of its application's container. */
  readonly restarts: number;
  /** Since when the pod, and its application, run; time zero of the world for what is older. */
  readonly startedMillis: number;
  readonly appStartedMillis: number;
  /** Time zero of the world. */
  readonly startMillis: number;
}

const known = new WeakMap<World, readonly PodPlace[]>();

/** Every pod of the world's lasting workloads. Jobs come and go, and are left out. */
export function placesOf(world: World): readonly PodPlace[] {
  let places = known.get(world);
  if (!places) known.set(world, (places = [...allPlaces(world)]));
  return places;
}

function* allPlaces(world: World): Generator<PodPlace, void, undefined> {
  const makings = new Map(
    world.clusters.map((cluster): [string, Making] => [cluster.id, { seed: world.seed, cluster, startMillis: 0 }]),
  );
  for (const plan of world.workloads) {
    const making = makings.get(plan.cluster);
    if (!making) continue;
    for (let index = 0; index < podCount(making, plan); index++) {
      yield { making, plan, index, node: nodeOf(making, plan, index), isSick: isSick(plan, index) };
    }
  }
}

function isSick({ sickness }: WorkloadPlan, index: number): boolean {
  return sickness?.pod === index && sickness.isByNode !== true;
}

export function runOf(place: PodPlace, startMillis: number, atMillis: number): PodRun {
  const { plan, index, making, isSick } = place;
  const rollout = rolloutAt(plan, startMillis, atMillis);
  const startedMillis = rollout > 0 ? rolledAt(atMillis) : startMillis;
  return {
    ...place,
    pod: podNameOf(plan, index, making.seed, rollout),
    restarts: isSick ? restartsAt(startMillis, atMillis) : 0,
    startMillis,
    startedMillis,
    appStartedMillis: isSick ? Math.max(startMillis, restartedAt(atMillis)) : startedMillis,
  };
}

/** The last time that a pod's main container was ended because of its memory. */
export interface Kill {
  readonly restarts: number;
  /** When it was started again. */
  readonly restartedMillis: number;
}

/** undefined for pods whose containers never ended. */
export function lastKill({ plan, index, isSick, restarts, appStartedMillis, startMillis }: PodRun): Kill | undefined {
  if (isSick) return { restarts, restartedMillis: appStartedMillis };
  const { killed } = plan;
  return killed?.pod === index
    ? { restarts: killed.restarts, restartedMillis: startMillis - killed.secondsBefore * 1000 }
    : undefined;
}
