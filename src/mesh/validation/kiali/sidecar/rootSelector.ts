import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";

export const rootSelector: Rule = {
  name: "kialiRootSelector",
  layer: "kiali",
  codes: [
    {
      code: "KIA1006",
      severity: "warning",
      title: "Mesh-wide Sidecar with a selector",
      explanation:
        "A Sidecar of the root namespace is the default of the mesh, which has no workloadSelector. With one it is for some workloads of the root namespace only.",
      source: "networking.istio.io Sidecar, workloadSelector; Kiali's sidecars/global_checker.go",
    },
  ],
  kinds: [kinds.Sidecar],
  reads: [kinds.MeshConfig],
  *check({ object, namespace }, world) {
    if (namespace !== rootNamespaceOf(world)) return;
    if (Object.keys(textMapAt(fieldsAt(fieldsAt(object, "spec"), "workloadSelector"), "labels")).length === 0) return;
    yield {
      code: "KIA1006",
      path: ["spec", "workloadSelector"],
      at: "key",
      message: say("A Sidecar of the root namespace {0} should be for all workloads", namespace),
    };
  },
};
