import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { meshConfigOf } from "../../world/meshConfig.ts";
import { deprecatedCode } from "../deprecation/deprecatedCode.ts";

/** Tracing by a provider of the type that Istio has given up. */
export const lightstep: Rule = {
  name: "telemetry.LightstepAnalyzer",
  layer: "analyzer",
  codes: [deprecatedCode],
  kinds: [kinds.Telemetry],
  reads: [kinds.ConfigMap],
  *check({ object }, world) {
    const tracing = listAt(fieldsAt(object, "spec"), "tracing");
    if (tracing.length === 0) return;
    const names = new Set(
      listAt(meshConfigOf(world), "extensionProviders")
        .filter((one) => (fieldsOf(one)["lightstep"] ?? null) !== null)
        .map((one) => textAt(one, "name")),
    );
    for (const [at, entry] of tracing.entries()) {
      for (const [nth, one] of listAt(entry, "providers").entries()) {
        const name = textAt(one, "name");
        if (name === undefined || !names.has(name)) continue;
        yield {
          code: "IST0002",
          message: say("The provider {0} is of the deprecated type lightstep; use opentelemetry", name),
          path: ["spec", "tracing", at, "providers", nth, "name"],
          tags: ["deprecated"],
        };
      }
    }
  },
};
