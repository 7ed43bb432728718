import { setTimeout as pause } from "node:timers/promises";

export interface Patience {
  readonly seconds?: number;
  readonly everyMs?: number;
}

/** Waits until `check` gives something truthy and returns it; what it throws ends the wait. */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { seconds = 30, everyMs = 100 }: Patience = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await check();
    if (value) return value as Exclude<T, undefined | null | false>;
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await pause(everyMs);
  }
}
