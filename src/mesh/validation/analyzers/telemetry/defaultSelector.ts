import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { hasSelector, hasTargets } from "../policyTargets.ts";

/** Several Telemetries for all of a namespace. */
export const defaultSelector: Rule = {
  name: "telemetry.DefaultSelectorAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0160",
      severity: "error",
      title: "Several Telemetries for one namespace",
      explanation: "Istio takes one of them, and nobody says which. Merge them, or give all but one a selector.",
      source: "spec.selector; Istio's analyzers/telemetry/default_selector.go",
    },
  ],
  kinds: [kinds.Telemetry],
  reads: [kinds.Telemetry],
  *check(object, world) {
    const isOne = (one: WorldObject) => one.id === object.id;
    const all = world.ask(withoutSelector, object.namespace);
    if (all.length < 2 || !all.some(isOne)) return;
    const others = all.filter((one) => !isOne(one));
    yield {
      code: "IST0160",
      message: say("Without a selector it applies to the same workloads as {0}", names(others)),
      path: ["metadata", "name"],
      problem: problems.noSelectorTwice,
      related: others.map((one) => ({
        object: one,
        path: ["metadata", "name"],
        message: say("Has no selector either"),
      })),
    };
  },
};

const withoutSelector = defineQuery((world, namespace): readonly WorldObject[] =>
  world
    .inNamespace(kinds.Telemetry, namespace)
    .filter((one) => !hasSelector(one) && (world.settings.isExactlyIstio || !hasTargets(one))),
);

function names(objects: readonly WorldObject[]): string {
  return objects
    .map(({ name }) => name)
    .sort()
    .join(", ");
}
