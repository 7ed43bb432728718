import type { NodeState } from "../explorer/node.ts";
import type { Message } from "../message.ts";

/** healthy, degraded, failing; idle: known and nothing flows; unknown: no data to judge by. */
export type Health = NodeState;

/** What is thought of a thing, and why. Healthy needs no reason; one that it has tells of trouble below. */
export interface Verdict {
  readonly state: Health;
  readonly reasons: readonly Message[];
}

export const healthy: Verdict = { state: "healthy", reasons: [] };

// Kiali's order (Failure > Degraded > Healthy > N/A), with idle as a thing known between healthy and no data.
const weight: Readonly<Record<Health, number>> = { failing: 4, degraded: 3, healthy: 2, idle: 1, unknown: 0 };

/** The worse of two states. */
export function worse(a: Health, b: Health): Health {
  return weight[b] > weight[a] ? b : a;
}

/** True for what a person should look at. */
export function isTrouble(state: Health): boolean {
  return weight[state] >= weight.degraded;
}

/** Worst first: for sorting. */
export function compareHealth(a: Health, b: Health): number {
  return weight[b] - weight[a];
}

/**
 * The verdict on a whole (a namespace, a mesh service, a cluster) from those on its parts: the worst state, with the
 * reasons of trouble, worst first, and what healthy parts tell. Without trouble only the parts in the resulting state
 * speak. No parts: unknown.
 */
export function worstOf(parts: Iterable<Verdict>): Verdict {
  const all = [...parts].sort((a, b) => compareHealth(a.state, b.state));
  const [first] = all;
  if (!first) return { state: "unknown", reasons: [] };
  const speaking = all.filter(({ state }) => isTrouble(state) || state === "healthy" || state === first.state);
  return { state: first.state, reasons: distinct(speaking.flatMap(({ reasons }) => reasons)) };
}

/** The same state with more to say. */
export function withReasons({ state, reasons }: Verdict, more: readonly Message[]): Verdict {
  return { state, reasons: more.length === 0 ? reasons : distinct([...reasons, ...more]) };
}

function distinct(reasons: readonly Message[]): readonly Message[] {
  const seen = new Set<string>();
  return reasons.filter(({ text, args }) => {
    const key = JSON.stringify([text, args]);
    return !seen.has(key) && seen.add(key);
  });
}
