import type { Log } from "../../../src/mesh/ports.ts";

export interface LogLine {
  readonly what: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines for the test to read. */
export function quietLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const add = (what: string, facts: Readonly<Record<string, unknown>> = {}) => void lines.push({ what, facts });
  return { lines, debug: add, info: add, error: (what, error, facts) => add(what, { ...facts, error }) };
}
