import type { Clock } from "./ports.ts";

/** Waits on the clock. Throws the signal's reason if it aborts first. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const give = () => {
      timer.dispose();
      reject(signal.reason as Error);
    };
    const timer = clock.after(milliseconds, () => {
      signal.removeEventListener("abort", give);
      resolve();
    });
    signal.addEventListener("abort", give, { once: true });
  });
}
