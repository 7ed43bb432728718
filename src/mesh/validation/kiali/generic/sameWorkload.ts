import { say } from "../../../message.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namesOf, relatedTo } from "../related.ts";
import { workloadReads, workloadsWith } from "../registry/workloads.ts";
import { selectorPath, workloadLabels } from "./severalWithoutSelector.ts";

export const sameWorkload: Rule = {
  name: "kialiSameWorkload",
  layer: "kiali",
  codes: [
    {
      code: "KIA0003",
      severity: "error",
      title: "Several objects for a workload",
      explanation:
        "More than one PeerAuthentication or Sidecar selects the same workload, and only one of them counts for it. Merge them, or make their selectors exclude each other.",
      source:
        "security.istio.io PeerAuthentication, networking.istio.io Sidecar; Kiali's common/multi_match_selector_checker.go",
    },
  ],
  kinds: [kinds.PeerAuthentication, kinds.Sidecar],
  reads: [kinds.PeerAuthentication, kinds.Sidecar, ...workloadReads],
  *check(own, world) {
    const selecting = world.ask(selectors, `${own.kind} ${own.namespace}`);
    const others = new Set<WorldObject>();
    let shared: WorldObject | undefined;
    for (const workload of selectedBy(own, world)) {
      for (const other of selecting.get(workload.id) ?? []) {
        if (other.id === own.id) continue;
        others.add(other);
        shared ??= workload;
      }
      if (others.size > 20) break;
    }
    if (shared === undefined) return;
    const path = selectorPath(own.kind, workloadLabels(own.kind, own.object));
    yield {
      code: "KIA0003",
      path,
      problem: problems.selectedTwice,
      message: say("Workload {0} is selected by {1} too", shared.name, namesOf([...others])),
      related: relatedTo([...others], path, say("Selects the same workload")),
    };
  },
};

/** The objects of a kind and namespace that select each workload, by the workload's id. */
const selectors = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world, key) => {
  const [kind, namespace = ""] = key.split(" ");
  const byWorkload = new Map<string, WorldObject[]>();
  for (const object of world.inNamespace(kind as KindName, namespace)) {
    for (const { id } of selectedBy(object, world)) {
      const list = byWorkload.get(id);
      if (list === undefined) byWorkload.set(id, [object]);
      else if (list.length <= mostSelectors) list.push(object);
    }
  }
  return byWorkload;
});

const mostSelectors = 20;

function selectedBy(own: WorldObject, world: World): readonly WorldObject[] {
  const labels = workloadLabels(own.kind, own.object);
  return Object.keys(labels).length === 0 ? [] : workloadsWith(world, own.namespace, labels);
}
