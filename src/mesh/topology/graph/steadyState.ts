import { isTrouble, worse } from "../../health/verdict.ts";
import type { NodeState } from "../../explorer/node.ts";

// What is judged anew at every reading would flicker: a service with one failed request now and then would turn from
// healthy to degraded and back at each poll.

/** A state that is shown, and how often in a row the readings have said something else. */
export interface SteadyState {
  readonly shown: NodeState;
  /** What the last readings said instead of what is shown; undefined where they agree. */
  readonly doubt: NodeState | undefined;
}

/** Fewer failed requests than this are believed when the next reading shows some, too. */
const smallShare = 0.01;

/** Most are: one object for all of them. */
const settled: Readonly<Record<NodeState, SteadyState>> = {
  healthy: { shown: "healthy", doubt: undefined },
  degraded: { shown: "degraded", doubt: undefined },
  failing: { shown: "failing", doubt: undefined },
  idle: { shown: "idle", doubt: undefined },
  unknown: { shown: "unknown", doubt: undefined },
};

/**
 * The state to show after one more reading:
 *
 * - Trouble shows at once. Only a share of less than 1 % failed requests, where all was well before, waits for a second
 *   reading in a row.
 * - Trouble ends, or becomes less, when two readings in a row say so.
 * - Silence shows when two readings in a row have it; what flows again shows at once.
 */
export function steadyState(before: SteadyState | undefined, said: NodeState, errorRate: number): SteadyState {
  if (!before || before.shown === said) return settled[said];
  const { shown, doubt } = before;
  const isWorse = worse(shown, said) === said;
  const isSmall = said === "degraded" && errorRate > 0 && errorRate < smallShare && !isTrouble(shown);
  if (isWorse && !isSmall) return settled[said];
  // Two readings that are both better end it, whatever each says; the last one shows.
  const isConfirmed = doubt !== undefined && (isWorse ? doubt === said : worse(shown, doubt) === shown);
  return isConfirmed ? settled[said] : { shown, doubt: said };
}
