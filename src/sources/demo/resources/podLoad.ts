import { unit } from "../world/seed.ts";
import type { ContainerPlan } from "./containers.ts";
import type { PodPlace, PodRun } from "./podRun.ts";
import { integralOf, swingOf, type Swing } from "./swing.ts";

// What containers use. Keyed by the pod's place, not by its name, so that a roll-out changes no node's sum.

const mib = 1024 ** 2;
/** CPU periods of the kernel's quota per second (cpu.cfs_period_us is 100 ms). */
export const periodsPerSecond = 10;
/** How fast a sick application fills its memory after a start. */
const fillSeconds = 300;

const known = new WeakMap<PodPlace, Map<string, Swing>>();

/** Cores of a container over time. */
export function coresOf(place: PodPlace, container: ContainerPlan): Swing {
  let swings = known.get(place);
  if (!swings) known.set(place, (swings = new Map<string, Swing>()));
  let swing = swings.get(container.name);
  if (!swing) {
    const key = keyOf(place, container);
    const isSick = place.isSick && !container.isInit;
    const amplitude = isSick ? 0.03 : 0.3;
    swing = swingOf(meanCores(place, container, key), amplitude, key, place.making.seed);
    swings.set(container.name, swing);
  }
  return swing;
}

/** Seconds of CPU that a container used since it was started, as its cgroup counts them. */
export function cpuSeconds(run: PodRun, container: ContainerPlan, atMillis: number): number {
  return integralOf(coresOf(run, container), startOf(run, container), atMillis);
}

/** When the container's counters began. */
export function startOf(run: PodRun, container: ContainerPlan): number {
  return container.name === "app" ? run.appStartedMillis : run.startedMillis;
}

/** Working set in bytes. */
export function memoryOf(run: PodRun, container: ContainerPlan, atMillis: number): number {
  if (run.isSick && container.name === "app") {
    const seconds = (atMillis - run.appStartedMillis) / 1000;
    return Math.round(container.memoryLimit * Math.min(0.992, 0.72 + (0.272 * seconds) / fillSeconds));
  }
  const share = unit(`memory/${keyOf(run, container)}`, run.making.seed);
  if (container.isInit) return Math.round((46 + 50 * share) * mib);
  const asked = container.memoryLimit || container.memoryRequest || 64 * mib;
  return Math.round(asked * (0.2 + 0.45 * share));
}

/** Share of the CPU periods in which the kernel held it back; NaN without a limit. */
export function throttledShare(place: PodPlace, container: ContainerPlan): number {
  if (Number.isNaN(container.cpuLimit)) return NaN;
  const use = coresOf(place, container).mean / container.cpuLimit;
  return Math.min(0.9, Math.max(0, use - 0.7));
}

function meanCores({ isSick, making: { seed } }: PodPlace, container: ContainerPlan, key: string): number {
  if (container.isInit) return 0.004 + 0.03 * unit(`cpu/${key}`, seed);
  return isSick ? 0.93 : 0.02 + 0.2 * unit(`cpu/${key}`, seed);
}

function keyOf({ plan, index }: PodPlace, { name }: ContainerPlan): string {
  return `${plan.cluster}/${plan.namespace}/${plan.name}/${index}/${name}`;
}
