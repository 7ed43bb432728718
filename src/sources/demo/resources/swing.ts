import { unit } from "../world/seed.ts";

/** A use that goes up and down around its mean, as a pure function of time with an exact integral. */
export interface Swing {
  readonly mean: number;
  /** Of the mean, at most. */
  readonly amplitude: number;
  readonly periodSeconds: number;
  readonly phase: number;
}

export function swingOf(mean: number, amplitude: number, key: string, seed: number): Swing {
  return {
    mean,
    amplitude,
    periodSeconds: 240 + 600 * unit(`swing/period/${key}`, seed),
    phase: 2 * Math.PI * unit(`swing/phase/${key}`, seed),
  };
}

export function valueAt(swing: Swing, millis: number): number {
  return swing.mean * (1 + swing.amplitude * Math.sin(angle(swing, millis)));
}

/** Over seconds; 0 where the time is empty. */
export function integralOf(swing: Swing, fromMillis: number, toMillis: number): number {
  if (toMillis <= fromMillis) return 0;
  const difference = Math.cos(angle(swing, fromMillis)) - Math.cos(angle(swing, toMillis));
  const seconds = (toMillis - fromMillis) / 1000;
  return swing.mean * (seconds + (swing.amplitude * swing.periodSeconds * difference) / (2 * Math.PI));
}

// The remainder first: a sine of billions of periods would lose digits.
function angle({ periodSeconds, phase }: Swing, millis: number): number {
  return (2 * Math.PI * ((millis / 1000) % periodSeconds)) / periodSeconds + phase;
}
