/**
 * How long to wait before the attempt after `failures` failures in a row: from half to all of 0.5 s doubled each time,
 * at most 30 s. `random` is from 0 to 1 and spreads clients that lost the same server.
 */
export function backoffMillis(failures: number, random: number): number {
  const most = Math.min(30_000, 500 * 2 ** Math.max(0, failures - 1));
  return Math.round(most / 2 + (most / 2) * random);
}
