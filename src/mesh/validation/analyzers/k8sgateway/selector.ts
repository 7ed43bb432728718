import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { podsWith } from "../../world/workloads.ts";
import { hasSelector, hasTargets, selectorLabels } from "../policyTargets.ts";

const gatewayLabel = "gateway.networking.k8s.io/gateway-name";

/** Policies that select the pods of a Kubernetes Gateway by labels, which Istio ignores there. */
export const gatewaySelector: Rule = {
  name: "k8sgateway.SelectorAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0166",
      severity: "warning",
      title: "Selector of a Kubernetes Gateway's pods",
      explanation:
        "Policies reach the pods of a Kubernetes Gateway by targetRefs only; a selector has no effect on them.",
      source: "spec.selector, spec.targetRefs; Istio's analyzers/k8sgateway/workloadselector.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy, kinds.RequestAuthentication, kinds.Telemetry, kinds.WasmPlugin],
  reads: [kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.Job, kinds.CronJob],
  *check(object, world) {
    if (!hasSelector(object)) return;
    const hasTarget = (fieldsOf(fieldsAt(object.object, "spec"))["targetRef"] ?? null) !== null;
    if (hasTarget || (!world.settings.isExactlyIstio && hasTargets(object))) return;
    const labels = selectorLabels(object);
    const gateways = new Set<string>();
    for (const pod of podsWith(world, object.namespace, labels)) {
      if (Object.hasOwn(pod.labels, gatewayLabel)) gateways.add(pod.labels[gatewayLabel] ?? "");
    }
    for (const name of [...gateways].sort()) {
      yield {
        code: "IST0166",
        message: say("The selector has no effect on the Kubernetes Gateway {0}; refer to it by targetRefs", name),
        path: ["spec", "selector"],
        at: "key",
      };
    }
  },
};
