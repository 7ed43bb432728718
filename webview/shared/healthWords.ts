import type { NodeState } from "../../src/mesh/explorer/node.ts";
import { say, type Message } from "../../src/mesh/message.ts";

export const stateWords: Readonly<Record<NodeState, Message>> = {
  healthy: say("healthy"),
  degraded: say("degraded"),
  failing: say("failing"),
  idle: say("idle"),
  unknown: say("health unknown"),
};

/** Codicons: another shape for each state. */
export const stateIcons: Readonly<Record<NodeState, string>> = {
  healthy: "pass",
  degraded: "warning",
  failing: "error",
  idle: "circle-large-outline",
  unknown: "question",
};
