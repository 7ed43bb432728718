import type { MeshError } from "./meshError.ts";
import type { Clock } from "./ports.ts";

/** Runs `work` with a signal that also ends it after `milliseconds`; then it fails with `late()`. Aborts cross as they are. */
export async function withTimeLimit<T>(
  limit: { readonly clock: Clock; readonly milliseconds: number; readonly late: () => MeshError },
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const expired = new AbortController();
  const timer = limit.clock.after(limit.milliseconds, () => expired.abort());
  try {
    return await work(AbortSignal.any([signal, expired.signal]));
  } catch (e) {
    signal.throwIfAborted();
    if (expired.signal.aborted) throw limit.late();
    throw e;
  } finally {
    timer.dispose();
  }
}
