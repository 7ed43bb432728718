import { fieldsAt, textMapAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { rootNamespaceOf } from "../world/meshConfig.ts";
import { namespacesSelected } from "./facts/gatewayPods.ts";

/** Wasm plugins that no pod gets. */
export const wasmSelector: Rule = {
  name: "wasmSelector",
  layer: "foreyard",
  codes: [
    {
      code: "FY1120",
      severity: "warning",
      title: "Wasm plugin for no workload",
      explanation:
        "No pod of the plugin's namespace has the labels that its selector asks for (in the root namespace: no pod at all), so " +
        "nobody loads it.",
      source: "WasmPlugin and TrafficExtension spec.selector",
    },
  ],
  kinds: [kinds.WasmPlugin, kinds.TrafficExtension],
  reads: [kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet],
  *check(object, world) {
    const labels = textMapAt(fieldsAt(fieldsAt(object.object, "spec"), "selector"), "matchLabels");
    if (Object.keys(labels).length === 0) return;
    const namespaces = namespacesSelected(world, labels);
    const isRoot = object.namespace === rootNamespaceOf(world);
    if (isRoot ? namespaces.length > 0 : namespaces.includes(object.namespace)) return;
    yield {
      code: "FY1120",
      message: say(
        "No workload in {0} has the labels {1}",
        object.namespace,
        Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(","),
      ),
      path: ["spec", "selector", "matchLabels"],
      problem: problems.noWorkloads,
      missingIn: object.namespace,
    };
  },
};
