/** Frames of a stretch of the past. */
export interface Stretch {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepMillis: number;
}

/** Between two frames, by speed (milliseconds); a frame that is not read yet is waited for. */
export const speeds = [
  { id: "slow", milliseconds: 4000 },
  { id: "normal", milliseconds: 2000 },
  { id: "fast", milliseconds: 750 },
] as const;
export type Speed = (typeof speeds)[number]["id"];

/** How far back to replay (seconds). */
export const spans = [300, 900, 3600, 21_600] as const;

/** About 60 frames that end now; a step is never below 5 s, which few stores scrape faster than. */
export function stretchOf(spanSeconds: number, now: number): Stretch {
  const stepMillis = Math.max(5000, Math.round((spanSeconds * 1000) / 60 / 1000) * 1000);
  const toMillis = Math.floor(now / stepMillis) * stepMillis;
  return { fromMillis: toMillis - spanSeconds * 1000, toMillis, stepMillis };
}

export function frameCount({ fromMillis, toMillis, stepMillis }: Stretch): number {
  return Math.floor((toMillis - fromMillis) / stepMillis) + 1;
}

export function frameAt(stretch: Stretch, index: number): number {
  const within = Math.max(0, Math.min(frameCount(stretch) - 1, index));
  return stretch.fromMillis + within * stretch.stepMillis;
}
