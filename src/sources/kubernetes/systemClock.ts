import type { Clock } from "../../mesh/ports.ts";

/** The computer's own time. A pending callback keeps the process alive, so dispose what is no longer wanted. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};
