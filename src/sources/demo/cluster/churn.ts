import type { World, WorkloadPlan } from "../world/blueprint.ts";
import { podLazily, replicaSetOf } from "../objects/controllers.ts";
import type { Lazy, Making } from "../objects/making.ts";
import { restingPod } from "../objects/pods.ts";
import { eventObjects } from "../objects/events.ts";
import { jobObjects } from "../objects/jobs.ts";
import { isLive, jobMillis, jobRunMillis, restartedAt, restarts, restartsAt, rolledAt, rolloutAt } from "./rhythm.ts";

// What happens in a cluster by itself. The state at any time is a pure function of that time, so nothing has to run
// while nobody looks: who comes later sees the same.

/** An object with what tells its state from the state before. */
export interface LiveObject {
  readonly lazy: Lazy;
  readonly token: string;
}

export function liveObjects(making: Making, world: World, now: number): readonly LiveObject[] {
  const events = eventObjects(making, world, now).map((event) => ({ lazy: event, token: String(restartedAt(now)) }));
  const workloads = world.workloads.flatMap((plan) => {
    if (plan.cluster !== making.cluster.id || !isLive(plan)) return [];
    if (plan.kind === "CronJob")
      return jobObjects(making, plan, { now, everyMillis: jobMillis, runMillis: jobRunMillis });
    return restarts(plan) ? sickWorkload(making, plan, now) : rolledWorkload(making, plan, now);
  });
  return [...events, ...workloads];
}

function sickWorkload(making: Making, plan: WorkloadPlan, now: number): LiveObject[] {
  const count = restartsAt(making.startMillis, now);
  const sick = { ...restingPod, restarts: count, restartedMillis: restartedAt(now) };
  const pods = Array.from({ length: plan.replicas }, (_, pod): LiveObject => {
    const isSick = pod === plan.sickness?.pod;
    return { lazy: podLazily(making, plan, pod, isSick ? sick : restingPod), token: isSick ? String(count) : "" };
  });
  return [{ lazy: replicaSetOf(making, plan), token: "" }, ...pods];
}

function rolledWorkload(making: Making, plan: WorkloadPlan, now: number): LiveObject[] {
  const rollout = rolloutAt(plan, making.startMillis, now);
  const since = rolledAt(now);
  const state = { ...restingPod, rollout, createdMillis: rollout > 0 ? since : undefined };
  const sets = [rollout, rollout - 1, rollout - 2].filter((n) => n >= 0);
  return [
    ...sets.map((n): LiveObject => {
      const replicas = n === rollout ? plan.replicas : 0;
      return { lazy: replicaSetOf(making, plan, n, replicas), token: String(replicas) };
    }),
    ...Array.from({ length: plan.replicas }, (_, pod): LiveObject => {
      return { lazy: podLazily(making, plan, pod, state), token: "" };
    }),
  ];
}
