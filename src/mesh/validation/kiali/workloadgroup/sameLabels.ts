import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namesOf, relatedTo } from "../related.ts";

const path = ["spec", "metadata", "labels"];

export const sameLabels: Rule = {
  name: "kialiGroupLabels",
  layer: "kiali",
  codes: [
    {
      code: "KIA1702",
      severity: "warning",
      title: "WorkloadGroups with the same labels",
      explanation:
        "Another WorkloadGroup of the namespace gives its machines the same labels, so nothing can tell them apart. Give each group labels of its own.",
      source: "networking.istio.io WorkloadGroup, metadata.labels; Kiali's workloadgroups/duplicate_labels_checker.go",
    },
  ],
  kinds: [kinds.WorkloadGroup],
  reads: [kinds.WorkloadGroup],
  *check(group, world) {
    const key = labelsOf(group);
    if (key === "") return;
    const others = (world.ask(groupsByLabels, group.namespace).get(key) ?? []).filter(({ id }) => id !== group.id);
    if (others.length === 0) return;
    yield {
      code: "KIA1702",
      path,
      message: say("{0} has the same labels", namesOf(others)),
      related: relatedTo(others, path, say("The same labels")),
    };
  },
};

const groupsByLabels = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world, namespace) => {
  const groups = new Map<string, WorldObject[]>();
  for (const group of world.inNamespace(kinds.WorkloadGroup, namespace)) {
    const key = labelsOf(group);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [group]);
    else list.push(group);
  }
  return groups;
});

/** The labels in one spelling; "" for none. */
function labelsOf({ object }: WorldObject): string {
  const labels = Object.entries(textMapAt(fieldsAt(fieldsAt(object, "spec"), "metadata"), "labels"));
  return labels.length === 0 ? "" : JSON.stringify(labels.sort(([a], [b]) => (a < b ? -1 : 1)));
}
