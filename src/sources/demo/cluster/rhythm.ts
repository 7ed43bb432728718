import type { WorkloadPlan } from "../world/blueprint.ts";

// When what happens in a cluster by itself happens: pure functions of the time.

const restartMillis = 420_000;
const rolloutMillis = 600_000;
export const jobMillis = 300_000;
/** A job is seen when it is done, this long after its scheduled minute. */
export const jobRunMillis = 21_000;

/** The workload that is rolled out again and again; nothing calls it, so no counters are reset by it. */
const rolled = "banner";

export function isLive(plan: WorkloadPlan): boolean {
  return restarts(plan) || plan.kind === "CronJob" || isRolled(plan);
}

/** A pod that runs out of memory is restarted; one that suffers from its node is not. */
export function restarts({ sickness }: WorkloadPlan): boolean {
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

/** Restarts of the sick pod's application. */
export function restartsAt(startMillis: number, now: number): number {
  return Math.max(0, Math.floor(now / restartMillis) - Math.floor(startMillis / restartMillis)) + 11;
}
