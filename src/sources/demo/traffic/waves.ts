import { unit } from "../world/seed.ts";

interface Swing {
  readonly amplitude: number;
  readonly periodSeconds: number;
  readonly phase: number;
}

/** Requests come in two moods: at busy times more of them are slow and the sick pod fails more often. */
export const moods = ["calm", "busy"] as const;
export type Mood = 0 | 1;

export function moodOf(basis: number): Mood {
  return (basis % 2) as Mood;
}

/**
 * The demand of the world as a few waves around 1. Each is a pure function of the seed and of time since 1970, and each
 * has an exact integral: whatever flows is a linear combination of waves, so any rate over any window is exact too.
 */
export class Waves {
  readonly count: number;
  readonly #swings: readonly (readonly Swing[])[];

  constructor(seed: number, demands: number) {
    this.count = demands * moods.length;
    this.#swings = Array.from({ length: this.count }, (_, basis) => swingsOf(seed, basis));
  }

  /** Per wave, its value at a time. */
  at(millis: number): Float64Array {
    const out = new Float64Array(this.count);
    for (const [basis, swings] of this.#swings.entries()) {
      let value = 1;
      for (const swing of swings) value += swing.amplitude * Math.sin(angle(swing, millis));
      out[basis] = value;
    }
    return out;
  }

  /** Per wave, its integral over seconds; zeros where the window is empty. */
  integrals(fromMillis: number, toMillis: number): Float64Array {
    const out = new Float64Array(this.count);
    if (toMillis <= fromMillis) return out;
    for (const [basis, swings] of this.#swings.entries()) {
      let value = (toMillis - fromMillis) / 1000;
      for (const swing of swings) {
        const difference = Math.cos(angle(swing, fromMillis)) - Math.cos(angle(swing, toMillis));
        value += (swing.amplitude * swing.periodSeconds * difference) / (2 * Math.PI);
      }
      out[basis] = value;
    }
    return out;
  }
}

function swingsOf(seed: number, basis: number): readonly Swing[] {
  const strength = moodOf(basis) === 0 ? 0.6 : 1;
  return [
    { amplitude: 0.35 * strength, base: 1500 },
    { amplitude: 0.2 * strength, base: 310 },
    { amplitude: 0.1 * strength, base: 70 },
  ].map(({ amplitude, base }, i) => ({
    amplitude,
    periodSeconds: base * (0.75 + 0.5 * unit(`period/${basis}/${i}`, seed)),
    phase: 2 * Math.PI * unit(`phase/${basis}/${i}`, seed),
  }));
}

// The remainder first: a sine of billions of periods would lose digits.
function angle(swing: Swing, millis: number): number {
  const seconds = (millis / 1000) % swing.periodSeconds;
  return (2 * Math.PI * seconds) / swing.periodSeconds + swing.phase;
}
