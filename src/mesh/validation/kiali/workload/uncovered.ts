import { say } from "../../../message.ts";
import { fieldsAt, listAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { policyLabels } from "../../../security/mtlsMode.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { PodLike } from "../../world/workloads.ts";
import { isOwned, podKinds, readWorkload } from "../registry/workloads.ts";

export const uncovered: Rule = {
  name: "kialiUncovered",
  layer: "kiali",
  codes: [
    {
      code: "KIA1301",
      severity: "warning",
      title: "Workload without an AuthorizationPolicy",
      explanation:
        "No AuthorizationPolicy of the namespace or the root namespace is for the workload, so everybody may call it. Add one, or a policy that denies by default.",
      source: "security.istio.io AuthorizationPolicy; Kiali's workloads/uncovered_workload_checker.go",
      isOffByDefault: true,
    },
  ],
  kinds: podKinds,
  reads: [kinds.AuthorizationPolicy, kinds.MeshConfig],
  *check(own, world) {
    if (isOwned(own)) return;
    const workload = readWorkload(own);
    if ([own.namespace, rootNamespaceOf(world)].some((namespace) => isCovered(world, workload, namespace))) return;
    yield {
      code: "KIA1301",
      path: ["metadata", "name"],
      message: say("No AuthorizationPolicy is for {0}", own.name),
      missingIn: own.namespace,
      missingKind: kinds.AuthorizationPolicy,
    };
  },
};

function isCovered(world: World, { labels }: PodLike, namespace: string): boolean {
  const selectors = world.ask(policySelectors, namespace);
  return [forAll, ...Object.entries(labels).map((pair) => pair.join("="))].some((label) =>
    (selectors.get(label) ?? []).some((selector) => hasLabels(labels, selector)),
  );
}

const forAll = "";

/**
 * What the policies of a namespace select, by the first label that they ask for; those with targets are for Services and
 * gateways and cover no workload.
 */
const policySelectors = defineQuery<ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>>(
  (world, namespace) => {
    const selectors = new Map<string, Readonly<Record<string, string>>[]>();
    for (const { object } of world.inNamespace(kinds.AuthorizationPolicy, namespace)) {
      const spec = fieldsAt(object, "spec");
      if (listAt(spec, "targetRefs").length > 0 || Object.keys(fieldsAt(spec, "targetRef")).length > 0) continue;
      const labels = policyLabels(object);
      const label = Object.entries(labels)[0]?.join("=") ?? forAll;
      const list = selectors.get(label);
      if (list === undefined) selectors.set(label, [labels]);
      else list.push(labels);
    }
    return selectors;
  },
);
