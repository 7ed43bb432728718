import { say } from "../../../message.ts";
import { roleOfClass } from "../../gateway/gatewayClasses.ts";
import { classNameOf } from "../../gateway/gatewayStatus.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

/** Gateways of a class that nobody knows. */
export const gatewayClass: Rule = {
  name: "kialiGatewayClass",
  layer: "kiali",
  codes: [
    {
      code: "KIA1504",
      severity: "error",
      title: "GatewayClass not found",
      explanation:
        "The cluster has no GatewayClass of this name, and it is none of those that Istio makes itself, so no controller serves the Gateway.",
      source: "Gateway, gatewayClassName; Kiali's k8sgateways/gatewayclass_checker.go",
    },
  ],
  kinds: [kinds.KubernetesGateway],
  reads: [kinds.GatewayClass],
  *check(gateway, world) {
    const name = classNameOf(gateway);
    if (name === "" || name.startsWith("istio") || roleOfClass(world, name) !== undefined) return;
    if (world.get(kinds.GatewayClass, "", name) !== undefined) return;
    yield {
      code: "KIA1504",
      message: say("GatewayClass {0} not found", name),
      path: ["spec", "gatewayClassName"],
      missingIn: "",
      missingKind: kinds.GatewayClass,
    };
  },
};
