import type { World, WorkloadPlan } from "../world/blueprint.ts";
import { podLazily, replicaSetOf } from "../objects/controllers.ts";
import type { Lazy, Making } from "../objects/making.ts";
import { restingPod } from "../objects/pods.ts";
import { eventObjects } from "../objects/events.ts";
import { jobObjects } from "../objects/jobs.ts";

// What happens in a cluster by itself. The state at any time is a pure function of that time, so nothing has to run
// while nobody looks: who comes later sees the same.

const restartMillis = 420_000;
const rolloutMillis = 600_000;
const jobMillis = 300_000;
/** A job is seen when it is done, this long after its scheduled minute. */
const jobRunMillis = 21_000;

/** An object with what tells its state from the state before. */
export interface LiveObject {
  readonly lazy: Lazy;
  readonly token: string;
}

/** The workload that is rolled out again and again; nothing calls it, so no counters are reset by it. */
const rolled = "banner";

export function isLive(plan: WorkloadPlan): boolean {
  return restarts(plan) || plan.kind === "CronJob" || isRolled(plan);
}

/** A pod that runs out of memory is restarted; one that suffers from its node is not. */
function restarts({ sickness }: WorkloadPlan): boolean {
  return sickness !== undefined && sickness.isByNode !== true;
}

function isRolled(plan: WorkloadPlan): boolean {
  return plan.namespace === "shop" && plan.name === rolled;
}

/** How often a workload was rolled out since time zero. */
export function rolloutAt(plan: WorkloadPlan, startMillis: number, now: number): number {
  if (!isRolled(plan)) return 0;
  return Math.max(0, Math.floor(now / rolloutMillis) - Math.floor(startMillis / rolloutMillis));
}

/** When the present roll-out began, of a workload that is rolled out again and again. */
export function rolledAt(now: number): number {
  return Math.floor(now / rolloutMillis) * rolloutMillis;
}

/** When the sick pod's application was started last. */
export function restartedAt(now: number): number {
  return Math.floor(now / restartMillis) * restartMillis;
}

/** The first time after `now` at which something may be different. */
export function nextChange(now: number): number {
  const next = (period: number, offset = 0) => (Math.floor((now - offset) / period) + 1) * period + offset;
  return Math.min(next(restartMillis), next(rolloutMillis), next(jobMillis, jobRunMillis));
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

/** Restarts of the sick pod's application. */
export function restartsAt(startMillis: number, now: number): number {
  return Math.max(0, Math.floor(now / restartMillis) - Math.floor(startMillis / restartMillis)) + 11;
}

function sickWorkload(making: Making, plan: WorkloadPlan, now: number): LiveObject[] {
  const restarts = restartsAt(making.startMillis, now);
  const sick = { ...restingPod, restarts, restartedMillis: restartedAt(now) };
  const pods = Array.from({ length: plan.replicas }, (_, pod): LiveObject => {
    const isSick = pod === plan.sickness?.pod;
    return { lazy: podLazily(making, plan, pod, isSick ? sick : restingPod), token: isSick ? String(restarts) : "" };
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
