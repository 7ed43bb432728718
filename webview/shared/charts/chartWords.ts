import type { Format } from "../../../src/mesh/format/format.ts";
import { say, type Message } from "../../../src/mesh/message.ts";
import type { Grouping, Unit } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { unitText } from "../unitText.ts";

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

/** How a threshold reads: shares exactly, since "from <0.1%" would say nothing. */
export function thresholdText(format: Format): (value: number, unit: Unit) => string {
  const write = unitText(format);
  const share = new Intl.NumberFormat(format.locale, { style: "percent", maximumSignificantDigits: 3 });
  return (value, unit) => (unit === "share" ? share.format(value) : write(value, unit));
}
