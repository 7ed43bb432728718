import type { TrafficReading } from "../../explorer/join/traffic.ts";
import { chanceLimit, latencyThresholds, leastErrorShare, leastFailed } from "../thresholds.ts";

/** Requests and failed ones per second. */
export interface Failures {
  readonly rps: number;
  readonly errorsPerSecond: number;
}

/** Enough requests fail, and enough of them, for what fails to have a cause. */
export function isFailing({ rps, errorsPerSecond }: Failures, windowSeconds: number): boolean {
  return hasErrorShare({ rps, errorsPerSecond }) && errorsPerSecond * windowSeconds >= leastFailed;
}

export function hasErrorShare({ rps, errorsPerSecond }: Failures): boolean {
  return rps > 0 && errorsPerSecond / rps >= leastErrorShare;
}

/** Whether some requests took so long that a chart of them is at least orange. */
export function isLaggy({ latency }: Pick<TrafficReading, "latency">): boolean {
  return (latency?.p99 ?? NaN) >= latencyThresholds[0];
}

/** Whether errors gather in a part of a whole more than they would by chance, be they ever so few. */
export function isGathered(part: Failures, whole: Failures, windowSeconds: number): boolean {
  const all = Math.round(whole.errorsPerSecond * windowSeconds);
  const here = Math.round(part.errorsPerSecond * windowSeconds);
  if (here < 1 || !(whole.rps > 0) || !(part.rps < whole.rps)) return false;
  return tailOf(all, here, part.rps / whole.rps) < chanceLimit;
}

/** How probable so many hits or more are in so many trials (the upper tail of the binomial distribution). */
function tailOf(trials: number, hits: number, probability: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let k = 0; k <= trials; k++) {
    if (k > 0) logChoose += Math.log((trials - k + 1) / k);
    if (k < hits) continue;
    sum += Math.exp(logChoose + k * Math.log(probability) + (trials - k) * Math.log1p(-probability));
  }
  return sum;
}
