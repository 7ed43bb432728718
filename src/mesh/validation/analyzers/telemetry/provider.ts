import { say } from "../../../message.ts";
import { fieldsAt, flagAt, listAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { meshConfigOf, rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { hasSelector, hasTargets } from "../policyTargets.ts";

/** Access logging without anything that would log. */
export const provider: Rule = {
  name: "telemetry.ProviderAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0157",
      severity: "warning",
      title: "Access logging without a provider",
      explanation:
        "The entry names no provider, and the mesh has no default one for access logs, so that nothing is logged. Name a " +
        "provider of the mesh configuration.",
      source: "accessLogging[].providers, meshConfig.defaultProviders; Istio's analyzers/telemetry/provider.go",
    },
  ],
  kinds: [kinds.Telemetry],
  reads: [kinds.Telemetry, kinds.ConfigMap],
  *check(object, world) {
    if (listAt(fieldsAt(meshConfigOf(world), "defaultProviders"), "accessLogging").length > 0) return;
    if (!world.settings.isExactlyIstio) {
      // A Telemetry inherits the providers of the namespace's and the mesh's.
      const above = [object.namespace, rootNamespaceOf(world)];
      if (above.some((namespace) => world.ask(hasDefaultProvider, namespace))) return;
    }
    for (const [at, entry] of accessLogging(object).entries()) {
      if (listAt(entry, "providers").length > 0 || flagAt(entry, "disabled") === true) continue;
      yield {
        code: "IST0157",
        message: say("Without providers this access logging has no effect: the mesh has no default provider"),
        path: ["spec", "accessLogging", at],
      };
    }
  },
};

const hasDefaultProvider = defineQuery((world, namespace): boolean =>
  world
    .inNamespace(kinds.Telemetry, namespace)
    .some(
      (one) =>
        !hasSelector(one) &&
        !hasTargets(one) &&
        accessLogging(one).some((entry) => listAt(entry, "providers").length > 0),
    ),
);

function accessLogging({ object }: WorldObject): readonly unknown[] {
  return listAt(fieldsAt(object, "spec"), "accessLogging");
}
