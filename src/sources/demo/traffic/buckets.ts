/** Envoy's default histogram bounds, used for milliseconds and for bytes alike (telemetry of Istio's V2). */
export const envoyBounds: readonly number[] = [
  0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
  3_600_000,
];

/** Mixer's bounds for `istio_request_duration_seconds`, here in milliseconds; every one is a bound of Envoy's too. */
export const mixerBoundsMillis: readonly number[] = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** What large meshes keep of Envoy's bounds. */
export const trimmedBounds: readonly number[] = envoyBounds.filter((bound) => bound >= 1 && bound <= 10_000);

/**
 * A distribution as shares of 1 per bucket of {@link envoyBounds}, even within each bucket. So a quantile that a metrics
 * store interpolates from the histogram is the true one, not an approximation of something finer.
 */
export type Masses = Float64Array;

const cache = new Map<string, Masses>();

/** Log-normal around a median, cut into buckets. `sigma` is the spread in powers of e. */
export function logNormal(median: number, sigma: number): Masses {
  const key = `${median}/${sigma}`;
  let masses = cache.get(key);
  if (!masses) {
    masses = fromCumulative((bound) => normalCdf(Math.log(bound / median) / sigma));
    cache.set(key, masses);
  }
  return masses;
}

function fromCumulative(cumulative: (bound: number) => number): Masses {
  const masses = new Float64Array(envoyBounds.length);
  let before = 0;
  for (const [i, bound] of envoyBounds.entries()) {
    const share = i === envoyBounds.length - 1 ? 1 : cumulative(bound);
    masses[i] = Math.max(0, share - before);
    before = Math.max(before, share);
  }
  return masses;
}

// Abramowitz and Stegun 7.1.26; its error of 1.5e-7 only moves where the demo's truth lies.
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp(-x * x);
  return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}

/** The share at or below a value. */
export function cumulativeAt(masses: Masses, value: number): number {
  let sum = 0;
  let lower = 0;
  for (const [i, upper] of envoyBounds.entries()) {
    const mass = masses[i] ?? 0;
    if (value < upper) return sum + Math.max(0, (mass * (value - lower)) / (upper - lower));
    sum += mass;
    lower = upper;
  }
  return sum;
}

/** The distribution of "what it was, plus a fixed amount", cut into the same buckets again. */
export function shifted(masses: Masses, by: number): Masses {
  return fromCumulative((bound) => cumulativeAt(masses, bound - by));
}

/** A mixture; shares should add up to 1. */
export function mixed(parts: readonly { readonly masses: Masses; readonly share: number }[]): Masses {
  const out = new Float64Array(envoyBounds.length);
  for (const { masses, share } of parts)
    for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) + share * (masses[i] ?? 0);
  return out;
}

/** What `_sum` grows by per observation. */
export function meanOf(masses: Masses): number {
  let lower = 0;
  let sum = 0;
  for (const [i, upper] of envoyBounds.entries()) {
    sum += ((masses[i] ?? 0) * (lower + upper)) / 2;
    lower = upper;
  }
  return sum;
}

/** The value below which `q` of the counts lie, in the unit of the bounds; null where there are no counts. */
export function quantileOf(counts: Float64Array, q: number, bounds = envoyBounds): number | null {
  let total = 0;
  for (const count of counts) total += count;
  if (!(total > 0)) return null;
  let rank = q * total;
  let lower = 0;
  for (const [i, upper] of bounds.entries()) {
    const count = counts[i] ?? 0;
    if (rank <= count && count > 0) return lower + ((upper - lower) * rank) / count;
    rank -= count;
    lower = upper;
  }
  return lower;
}
