import type { Clock } from "../mesh/ports.ts";

/** The editor's own timers, for drawing only; sources bring their own. */
export const editorClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};
