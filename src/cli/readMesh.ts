import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import { whenSettled } from "../mesh/live/whenSettled.ts";

/** Lists and one answer from the metrics have this long, all clusters together. */
export const limitSeconds = 60;

/**
 * Waits until everything was read once, and `more` with it; false when the time was up before. Rejects with the signal's
 * reason.
 */
export async function readMesh(
  live: LiveMesh,
  signal: AbortSignal,
  more: (signal: AbortSignal) => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const limit = new AbortController();
  // Other timers keep no process alive; this one stands for the work that is waited for.
  const timer = setTimeout(() => limit.abort(), limitSeconds * 1000);
  const watching = live.watch();
  try {
    const either = AbortSignal.any([signal, limit.signal]);
    await Promise.all([whenSettled(live, either), more(either)]);
    return true;
  } catch (e) {
    if (signal.aborted || !limit.signal.aborted) throw e;
    return false;
  } finally {
    clearTimeout(timer);
    watching.dispose();
  }
}
