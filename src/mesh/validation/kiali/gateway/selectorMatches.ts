import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import { workloadReads, workloadsAnywhere, workloadsWith } from "../registry/workloads.ts";

export const selectorMatches: Rule = {
  name: "kialiSelectorMatches",
  layer: "kiali",
  codes: [
    {
      code: "KIA0302",
      severity: "warning",
      title: "Gateway selects no workload",
      explanation:
        "No workload has the labels that the Gateway asks for, so nothing listens. Correct the selector, or deploy the gateway. With PILOT_SCOPE_GATEWAY_TO_NAMESPACE it must run in the Gateway's own namespace.",
      source: "networking.istio.io Gateway, selector; Kiali's gateways/selector_checker.go",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [...workloadReads, kinds.MeshConfig],
  *check({ object, namespace }, world) {
    const labels = textMapAt(fieldsAt(object, "spec"), "selector");
    const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    if (text.length === 0) return;
    const isScoped = world.ask(isGatewayScoped);
    const found = isScoped ? workloadsWith(world, namespace, labels) : workloadsAnywhere(world, labels);
    if (found.length > 0) return;
    yield {
      code: "KIA0302",
      path: ["spec", "selector", ...Object.keys(labels).slice(0, 1)],
      problem: problems.noWorkloads,
      message: isScoped
        ? say("No workload of namespace {0} has the labels {1}", namespace, text.join(", "))
        : say("No workload has the labels {0}", text.join(", ")),
      missingIn: isScoped ? namespace : "*",
    };
  },
};

/** True if istiod runs with PILOT_SCOPE_GATEWAY_TO_NAMESPACE. */
const isGatewayScoped = defineQuery<boolean>((world) =>
  world
    .inNamespace(kinds.Deployment, rootNamespaceOf(world))
    .filter(({ object }) => textMapAt(fieldsAt(object, "metadata"), "labels")["app"] === "istiod")
    .flatMap(({ object }) => listAt(fieldsAt(fieldsAt(fieldsAt(object, "spec"), "template"), "spec"), "containers"))
    .flatMap((container) => listAt(container, "env"))
    .some((env) => textAt(env, "name") === "PILOT_SCOPE_GATEWAY_TO_NAMESPACE" && textAt(env, "value") === "true"),
);
