import type { ClusterScope, ClusterStatus, LiveMesh } from "./liveMesh.ts";

/**
 * Resolves when every cluster has failed, or has listed everything and has its numbers or is known to have none.
 * Rejects with the signal's reason. Somebody has to watch or refresh meanwhile.
 */
export function whenSettled(live: LiveMesh, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = () => {
      if (!live.clusters.every((status, i) => isSettled(status, live.scopes[i]))) return;
      finish();
      resolve();
    };
    const leave = () => {
      finish();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
      reject(signal.reason);
    };
    const listening = live.onChange(check);
    const finish = () => {
      listening.dispose();
      signal.removeEventListener("abort", leave);
    };
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    else check();
  });
}

/** This cluster will not say more by itself than it has. */
export function isSettled(status: ClusterStatus, scope: ClusterScope | undefined): boolean {
  if (["unauthorized", "unreachable", "otherCluster"].includes(status.state)) return true;
  if (status.state === "connecting" || !scope?.isComplete) return false;
  const { state, measuredAt } = status.telemetry;
  return measuredAt !== undefined || state === "none" || state === "error";
}
