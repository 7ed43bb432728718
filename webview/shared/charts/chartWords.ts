import { say, type Message } from "../../../src/mesh/message.ts";
import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";

export const groupingWords: Readonly<Record<Grouping, Message>> = {
  none: say("in all"),
  version: say("by version"),
  source: say("by source"),
  destination: say("by destination"),
  code: say("by response code"),
  flags: say("by response flags"),
  cluster: say("by cluster"),
  protocol: say("by protocol"),
  pod: say("by pod"),
  namespace: say("by namespace"),
};
