/** Prints figures in columns, each beside the budget it is held to. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of several runs; the machine is shared, so the least says what the work takes and the median what one waits. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
  return { median: at(0.5), min: at(0), max: at(1) };
}

export type Unit = "ms" | "s" | "MB" | "KB" | "";

const digits: Readonly<Record<Unit, number>> = { ms: 1, s: 2, MB: 1, KB: 1, "": 0 };

export function figure(what: string, values: readonly number[], unit: Unit, budget?: number): void {
  const { median, min, max } = spreadOf(values);
  const text = (value: number) => value.toFixed(digits[unit]);
  const runs = values.length > 1 ? `  (${text(min)} to ${text(max)} in ${values.length} runs)` : "";
  const held = budget === undefined ? "" : `  budget ${budget}${median > budget ? "  MISSED" : ""}`;
  console.log(`${what.padEnd(58)} ${`${text(median)} ${unit}`.trimEnd().padStart(11)}${runs}${held}`);
}

export function heading(text: string): void {
  console.log(`\n${text}`);
}

/** In use after a collection. Needs `--expose-gc`. */
export function heapMegabytes(): number {
  if (!globalThis.gc) throw new Error("Run this with --expose-gc (npm run bench does).");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Milliseconds since 1970 with fractions, comparable between processes of one machine. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
