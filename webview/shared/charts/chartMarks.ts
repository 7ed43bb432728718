import type { ChartMark } from "./chartValues.ts";

/** What marks say of the time at this index: those that are nearer to it than to any other. */
export function marksAt(marks: readonly ChartMark[], times: readonly number[], at: number): readonly string[] {
  const time = times[at];
  if (time === undefined) return [];
  const before = (time - (times[at - 1] ?? time)) / 2;
  const after = ((times[at + 1] ?? time) - time) / 2;
  return marks
    .filter(({ atMillis }) => atMillis / 1000 >= time - before && atMillis / 1000 < time + (after || 1))
    .map((mark) => mark.words);
}
