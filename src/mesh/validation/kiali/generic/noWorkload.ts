import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { workloadReads, workloadsAnywhere, workloadsWith } from "../registry/workloads.ts";
import { selectorPath, workloadLabels } from "./severalWithoutSelector.ts";

export const noWorkload: Rule = {
  name: "kialiNoWorkload",
  layer: "kiali",
  codes: [
    {
      code: "KIA0004",
      severity: "warning",
      title: "Selector matches no workload",
      explanation:
        "No workload of the namespace (for policies of the root namespace: of the mesh) has the labels of the selector, so the object has no effect. Correct the labels, or deploy the workload.",
      source: "security.istio.io and Sidecar selectors; Kiali's common/workload_selector_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy, kinds.PeerAuthentication, kinds.RequestAuthentication, kinds.Sidecar],
  reads: workloadReads,
  *check(own, world) {
    const labels = workloadLabels(own.kind, own.object);
    const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    if (text.length === 0) return;
    const isMeshWide = own.kind !== kinds.Sidecar && own.namespace === rootNamespaceOf(world);
    const matching = isMeshWide ? workloadsAnywhere(world, labels) : workloadsWith(world, own.namespace, labels);
    if (matching.length > 0) return;
    yield {
      code: "KIA0004",
      path: selectorPath(own.kind, labels),
      problem: problems.noWorkloads,
      message: isMeshWide
        ? say("No workload has the labels {0}", text.join(", "))
        : say("No workload of namespace {0} has the labels {1}", own.namespace, text.join(", ")),
      missingIn: isMeshWide ? "*" : own.namespace,
    };
  },
};
