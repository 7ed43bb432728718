import type { PageModel } from "../pageModel.ts";

/** How old the drawn numbers are (milliseconds). */
export function ageOf(model: Pick<PageModel, "picture">, now: number): number {
  const at = model.picture?.snapshot.atMillis;
  return at === undefined ? NaN : Math.max(0, now - at);
}

/**
 * Numbers meant to be live that have missed two refreshes, or that a failed reading left standing. Without a refresh
 * they are what a person asked for, and only their time is shown.
 */
export function isStale(model: Pick<PageModel, "picture" | "failure" | "state">, now: number): boolean {
  const { state, picture } = model;
  if (!picture || state.atMillis !== null) return false;
  if (model.failure) return true;
  return state.refreshSeconds > 0 && ageOf(model, now) > Math.max(2 * state.refreshSeconds, 60) * 1000;
}
