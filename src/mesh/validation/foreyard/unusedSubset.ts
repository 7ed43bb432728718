import { hostOf } from "../../inventory/facts/hostNames.ts";
import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import { subsetsRouted } from "./facts/virtualServices.ts";

/** Subsets that no VirtualService sends to. */
export const unusedSubset: Rule = {
  name: "unusedSubset",
  layer: "foreyard",
  codes: [
    {
      code: "FY1020",
      severity: "hint",
      title: "Subset never routed to",
      explanation:
        "No route or mirror of a known VirtualService names this subset, so its policy has no effect. That is fine before " +
        "a canary begins; otherwise the subset may be left over, or a route names it wrongly.",
      source: "DestinationRule spec.subsets, VirtualService destination.subset",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.VirtualService],
  *check(object, world) {
    const spec = fieldsAt(object.object, "spec");
    const host = hostOf(textAt(spec, "host") ?? "", object.namespace).toLowerCase();
    if (host === "") return;
    const routed = world.ask(subsetsRouted, host);
    for (const [at, subset] of listAt(spec, "subsets").entries()) {
      const name = textAt(subset, "name");
      if (name === undefined || routed.includes(name)) continue;
      yield {
        code: "FY1020",
        message: say("No VirtualService sends to subset {0} of {1}", name, host),
        path: ["spec", "subsets", at, "name"],
        tags: ["unnecessary"],
      };
    }
  },
};
