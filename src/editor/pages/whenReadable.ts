import type { ClusterStatus, LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { Clock } from "../../mesh/ports.ts";

const failing: ReadonlySet<ClusterStatus["state"]> = new Set(["unauthorized", "unreachable", "otherCluster"]);

/** Whose cluster it is, is known, or that nobody answers. */
export function isNamed({ key, state }: ClusterStatus): boolean {
  return key !== undefined || failing.has(state);
}

/** Its objects are listed and its store was looked for, or the one or the other has failed. */
export function isReadable({ state, telemetry }: ClusterStatus): boolean {
  if (failing.has(state)) return true;
  return state !== "connecting" && telemetry.state !== "unknown";
}

/**
 * Resolves when it holds for every cluster, and at the latest after the limit: what is not there by then is said to be
 * missing. Rejects with the signal's reason. Somebody has to watch meanwhile.
 */
export function whenEvery(
  live: LiveMesh,
  holds: (status: ClusterStatus) => boolean,
  { clock, signal, limitMillis }: { readonly clock: Clock; readonly signal: AbortSignal; readonly limitMillis: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      listening.dispose();
      limit.dispose();
      signal.removeEventListener("abort", leave);
    };
    const finish = (): void => {
      done();
      resolve();
    };
    const leave = (): void => {
      done();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
      reject(signal.reason);
    };
    const check = (): void => (live.clusters.every(holds) ? finish() : undefined);
    const listening = live.onChange(check);
    const limit = clock.after(limitMillis, finish);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    else check();
  });
}
