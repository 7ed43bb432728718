import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isDnsLabel } from "../values/names.ts";
import { checkHost, checkLabels } from "./scalars.ts";
import { checkExportTo, checkSelector } from "./selectors.ts";
import { checkTrafficPolicy } from "./trafficPolicy.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.2. */
export const destinationRule = webhookRule(kinds.DestinationRule, (spec, { namespace }) => {
  checkHost(spec.at("host"));
  checkTrafficPolicy(spec.at("trafficPolicy"), namespace);
  const names = new Set<string>();
  for (const subset of spec.list("subsets")) {
    const name = subset.at("name");
    if (names.has(name.text))
      name.error(say("The subset {0} is declared twice", name.text), { problem: problems.badName });
    names.add(name.text);
    if (!isDnsLabel(name.text)) name.error(say("{0} is no name of a subset", name.text), { problem: problems.badName });
    checkLabels(subset.at("labels"));
    checkTrafficPolicy(subset.at("trafficPolicy"), namespace);
  }
  checkExportTo(spec, namespace, false);
  if (spec.has("workloadSelector") && spec.list("exportTo").length > 0) {
    const entries = spec.list("exportTo");
    const own = entries.length === 1 && [".", namespace].includes(entries[0]?.text ?? "");
    if (!own) {
      spec.at("exportTo").error(say("With a workloadSelector a rule is exported to its own namespace only"), {
        problem: problems.conflictingFields,
      });
    }
  }
  checkSelector(spec.at("workloadSelector"));
});
