import type { Clock } from "../../../src/mesh/ports.ts";

/** A clock that stands until it is moved; what was to happen meanwhile happens in order. */
export class DemoClock implements Clock {
  #now: number;
  #alarms: { at: number; callback: () => void }[] = [];

  constructor(now = Date.UTC(2026, 10, 23, 12, 0, 5)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void) {
    const alarm = { at: this.#now + milliseconds, callback };
    this.#alarms.push(alarm);
    return { dispose: () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm)) };
  }

  get waiting(): number {
    return this.#alarms.length;
  }

  move(seconds: number): void {
    const end = this.#now + seconds * 1000;
    for (;;) {
      const [next] = this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }
}
