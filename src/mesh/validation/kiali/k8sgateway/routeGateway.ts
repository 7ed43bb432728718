import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { admitsNamespace, listenersOf } from "../../gateway/listener.ts";
import { kindOfReference } from "../../gateway/references.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";

/** Gateways of routes that are missing or not open to the route's namespace. */
export const routeGateway: Rule = {
  name: "kialiRouteGateway",
  layer: "kiali",
  codes: [
    {
      code: "KIA1401",
      severity: "error",
      title: "Route's Gateway not found or not open to it",
      explanation:
        "The Gateway that the route names does not exist, or it is in another namespace and none of its listeners takes routes of this one. Check the name, or the listeners' allowedRoutes.",
      source: "HTTPRoute and GRPCRoute, parentRefs; Kiali's k8shttproutes/no_k8sgateway_checker.go",
    },
  ],
  kinds: [kinds.HTTPRoute, kinds.GRPCRoute],
  reads: [kinds.KubernetesGateway, kinds.Namespace],
  *check({ object, namespace: own }, world) {
    for (const [index, ref] of listAt(fieldsAt(object, "spec"), "parentRefs").entries()) {
      if (kindOfReference(ref, kinds.KubernetesGateway) !== kinds.KubernetesGateway) continue;
      const namespace = textAt(ref, "namespace") ?? own;
      const name = textAt(ref, "name") ?? "";
      const path: FieldPath = ["spec", "parentRefs", index, "name"];
      const gateway = world.get(kinds.KubernetesGateway, namespace, name);
      const problem = problems.gatewayNotFound;
      if (gateway === undefined) {
        const message = say("Gateway {0} not found in namespace {1}", name, namespace);
        yield { code: "KIA1401", message, path, problem, missingIn: namespace, missingKind: kinds.KubernetesGateway };
        continue;
      }
      if (namespace === own || listenersOf(gateway).some((one) => admitsNamespace(world, one, own))) continue;
      yield {
        code: "KIA1401",
        message: say("No listener of Gateway {0}/{1} takes routes of namespace {2}", namespace, name, own),
        path,
        problem,
        related: [{ object: gateway, path: ["spec", "listeners"], message: say("Its listeners") }],
      };
    }
  },
};
