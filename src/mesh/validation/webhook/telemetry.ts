import { parse, ParseError } from "@marcbachmann/cel-js";
import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";
import { checkNotEmpty, checkRange } from "./scalars.ts";
import { checkTargets } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.9. */
export const telemetry = webhookRule(kinds.Telemetry, (spec) => {
  checkTargets(spec);
  for (const metrics of spec.list("metrics")) checkMetrics(metrics);
  const tracing = spec.list("tracing");
  if (tracing.length > 1) tracing[1]?.warn(say("Only the first entry of tracing is used"));
  for (const one of tracing) checkTracing(one);
  for (const logging of spec.list("accessLogging")) {
    checkProviders(logging);
    const expression = logging.at("filter").at("expression");
    if (logging.has("filter") && !isCel(expression.text)) {
      expression.error(say("The filter is no CEL expression"), { problem: problems.badValue });
    }
  }
});

function checkProviders(part: Field): void {
  for (const provider of part.list("providers")) checkNotEmpty(provider.at("name"));
}

function checkMetrics(metrics: Field): void {
  checkProviders(metrics);
  for (const override of metrics.list("overrides")) {
    const match = override.at("match");
    if (match.has("customMetric")) checkNotEmpty(match.at("customMetric"));
    for (const [name, tag] of override.at("tagOverrides").entries) {
      if (name === "") tag.warn(say("A tag needs a name"), { at: "key" });
      const removes = tag.textAt("operation") === "REMOVE";
      const value = tag.at("value");
      if (removes && value.text !== "") {
        value.error(say("A tag that is removed has no value"), { at: "key", problem: problems.conflictingFields });
      } else if (!removes && value.text === "") {
        tag.error(say("A tag that is set needs a value"), { problem: problems.missingField });
      }
    }
  }
}

function checkTracing(tracing: Field): void {
  checkProviders(tracing);
  const providers = tracing.list("providers");
  if (providers.length > 1) providers[1]?.warn(say("Only the first provider is used"));
  checkRange(tracing.at("randomSamplingPercentage"), 0, 100);
  for (const [name, tag] of tracing.at("customTags").entries) {
    if (name === "") tag.error(say("A tag needs a name"), { at: "key", problem: problems.badName });
    for (const [kind, field] of [
      ["literal", "value"],
      ["header", "name"],
      ["environment", "name"],
    ] as const) {
      if (tag.has(kind)) checkNotEmpty(tag.at(kind).at(field));
    }
  }
}

function isCel(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof ParseError) return false;
    // Other complaints are of functions that Envoy knows and this parser does not.
    return true;
  }
}
