import type { Clock, Log } from "../../../src/mesh/ports.ts";

export const silentLog: Log = { debug: () => undefined, info: () => undefined, error: () => undefined };

/** The machine's own time, for tests against real servers. */
export const realClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};
