import type { Verdict } from "../health/verdict.ts";
import type { NodeView } from "../inventory/views.ts";
import { say } from "../message.ts";

/** What a node says of itself. */
export function nodeVerdict({ isReady, pressures }: NodeView): Verdict {
  if (isReady === false) return { state: "failing", reasons: [say("The node is not ready.")] };
  if (pressures.length > 0) {
    return { state: "degraded", reasons: pressures.map((pressure) => say("The node reports {0}.", pressure)) };
  }
  return { state: isReady ? "healthy" : "unknown", reasons: [] };
}
