import { say } from "../../../message.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podsWith, type PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { selectorLabels } from "../policyTargets.ts";
import { referenceNotFound } from "../referenceNotFound.ts";

/** Telemetries that select no pod, or the same pod as another. */
export const selector: Rule = {
  name: "telemetry.SelectorAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0159",
      severity: "error",
      title: "Several Telemetries select one workload",
      explanation: "Istio takes one of them, and nobody says which. Merge them, or make their selectors differ.",
      source: "spec.selector; Istio's analyzers/telemetry/selector.go",
    },
  ],
  kinds: [kinds.Telemetry],
  reads: [kinds.Telemetry, kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.Job, kinds.CronJob],
  *check(object, world) {
    const labels = selectorLabels(object);
    const [first] = Object.keys(labels);
    if (first === undefined) return;
    const path: FieldPath = ["spec", "selector", "matchLabels", first];
    const pods = podsWith(world, object.namespace, labels);
    if (pods.length === 0) {
      const text = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(",");
      yield {
        code: "IST0101",
        message: say("No workload of this namespace has the labels {0}", text),
        path,
        problem: problems.noWorkloads,
        missingIn: object.namespace,
        missingKind: kinds.Pod,
      };
    }
    yield* sharedPods(object, world, { pods, path });
  },
};

function* sharedPods(
  object: WorldObject,
  world: World,
  { pods, path }: { readonly pods: readonly PodLike[]; readonly path: FieldPath },
) {
  const byPod = world.ask(telemetriesByPod, object.namespace);
  const told = new Set<string>();
  for (const pod of pods) {
    const others = (byPod.get(pod.object) ?? []).filter(({ id }) => id !== object.id);
    const names = others
      .map(({ name }) => name)
      .sort()
      .join(", ");
    // Istio tells of every pod; the replicas of a workload are one matter.
    const key = world.settings.isExactlyIstio ? `${pod.name} ${names}` : names;
    if (others.length === 0 || told.has(key)) continue;
    told.add(key);
    yield {
      code: "IST0159",
      message: say("{0} is also selected by {1}", pod.name, names),
      path,
      problem: problems.selectedTwice,
      related: others.map((one) => ({ object: one, path: ["spec", "selector"], message: say("Selects it too") })),
    };
  }
}

const telemetriesByPod = defineQuery((world, namespace): ReadonlyMap<WorldObject, readonly WorldObject[]> => {
  const byPod = new Map<WorldObject, WorldObject[]>();
  for (const telemetry of world.inNamespace(kinds.Telemetry, namespace)) {
    const labels = selectorLabels(telemetry);
    if (Object.keys(labels).length === 0) continue;
    for (const { object } of podsWith(world, namespace, labels)) {
      const known = byPod.get(object);
      if (known === undefined) byPod.set(object, [telemetry]);
      else known.push(telemetry);
    }
  }
  return byPod;
});
