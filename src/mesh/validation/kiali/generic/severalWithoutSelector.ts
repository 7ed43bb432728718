import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namesOf, relatedTo } from "../related.ts";

// RequestAuthentications without a selector are merged by istiod, so several of them are no conflict.
export const severalWithoutSelector: Rule = {
  name: "kialiSeveralWithoutSelector",
  layer: "kiali",
  codes: [
    {
      code: "KIA0002",
      severity: "error",
      title: "Several objects for a whole namespace",
      explanation:
        "More than one PeerAuthentication or Sidecar of this namespace has no selector. Only one of them counts. Merge them, or give all but one a selector.",
      source:
        "security.istio.io PeerAuthentication, networking.istio.io Sidecar; Kiali's common/multi_match_selector_checker.go",
    },
  ],
  kinds: [kinds.PeerAuthentication, kinds.Sidecar],
  reads: [kinds.PeerAuthentication, kinds.Sidecar],
  *check(own, world) {
    if (Object.keys(workloadLabels(own.kind, own.object)).length > 0) return;
    const all = world.ask(withoutSelector, `${own.kind} ${own.namespace}`);
    if (all.length < 2) return;
    const others = all.filter(({ id }) => id !== own.id);
    // Istio's own analysis of Sidecars points at the name.
    const path = own.kind === kinds.Sidecar ? ["metadata", "name"] : ["spec", "selector"];
    yield {
      code: "KIA0002",
      path,
      problem: problems.noSelectorTwice,
      message: say("{0} is for the whole namespace too", namesOf(others)),
      related: relatedTo(others, path, say("Also without a selector")),
    };
  },
};

const withoutSelector = defineQuery<readonly WorldObject[]>((world, key) => {
  const [kind, namespace = ""] = key.split(" ");
  return world
    .inNamespace(kind as KindName, namespace)
    .filter(({ object }) => Object.keys(workloadLabels(kind as KindName, object)).length === 0);
});

/** The labels of the workloads that a policy or Sidecar is for; none: all. */
export function workloadLabels(kind: KindName, object: KubeObject): Readonly<Record<string, string>> {
  const spec = fieldsAt(object, "spec");
  if (kind === kinds.Sidecar) return textMapAt(fieldsAt(spec, "workloadSelector"), "labels");
  return textMapAt(fieldsAt(spec, "selector"), "matchLabels");
}

/** Where those labels' selector stands; of a Sidecar the first label, as in Istio's analysis. */
export function selectorPath(kind: KindName, labels: Readonly<Record<string, string>>): FieldPath {
  if (kind !== kinds.Sidecar) return ["spec", "selector"];
  return ["spec", "workloadSelector", "labels", ...Object.keys(labels).slice(0, 1)];
}
