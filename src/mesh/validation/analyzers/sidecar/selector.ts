import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { isAmbientNamespace, isAmbientPod } from "../../world/membership.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { podsWith } from "../../world/workloads.ts";
import { referenceNotFound } from "../referenceNotFound.ts";

const withoutSelector = defineQuery<readonly WorldObject[]>((world, namespace) =>
  world.inNamespace(kinds.Sidecar, namespace).filter((object) => Object.keys(labelsOf(object)).length === 0),
);

const withSelector = defineQuery<readonly WorldObject[]>((world, namespace) =>
  world.inNamespace(kinds.Sidecar, namespace).filter((object) => Object.keys(labelsOf(object)).length > 0),
);

/** Sidecars that select nothing, the same, or what has no sidecar (istio-analysis, 3.25). */
export const selector: Rule = {
  name: "sidecar.SelectorAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0110",
      severity: "error",
      title: "Several Sidecars select the same pod",
      explanation: "Which of them counts for the pod is undefined. Make their selectors exclude each other.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, ConflictingSidecarWorkloadSelectors",
    },
    {
      code: "IST0111",
      severity: "error",
      title: "Several Sidecars of a namespace without a selector",
      explanation: "Only one Sidecar of a namespace may be without a selector; which of them counts is undefined.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, MultipleSidecarsWithoutWorkloadSelectors",
    },
    {
      code: "IST0167",
      severity: "warning",
      title: "Policy without effect",
      explanation: "What it selects is in the ambient mode, where there are no sidecars to configure.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, IneffectivePolicy",
    },
  ],
  kinds: [kinds.Sidecar],
  reads: [kinds.Pod, kinds.Namespace, kinds.Sidecar],
  *check(object, world) {
    const labels = labelsOf(object);
    const [first] = Object.keys(labels);
    if (first !== undefined) yield* selecting(object, world, labels, ["spec", "workloadSelector", "labels", first]);
    else yield* wide(object, world);
  },
};

function* selecting(
  object: WorldObject,
  world: World,
  labels: Readonly<Record<string, string>>,
  path: readonly string[],
): Generator<RuleFinding> {
  const pods = podsWith(world, object.namespace, labels);
  if (pods.length === 0) {
    yield {
      code: "IST0101",
      message: say("No pod of the namespace has these labels"),
      path,
      problem: problems.noWorkloads,
      missingIn: object.namespace,
      missingKind: kinds.Pod,
    };
    return;
  }
  if (pods.some(isAmbientPod)) {
    const message = say("A pod that this selects is in the ambient mode and has no sidecar");
    yield { code: "IST0167", message, path, problem: problems.ambientIneffective };
  }
  const others = world.ask(withSelector, object.namespace).filter((other) => other !== object);
  for (const pod of pods) {
    if (isAmbientPod(pod)) continue;
    const rivals = others.filter((other) => hasLabels(pod.labels, labelsOf(other)));
    if (rivals.length === 0) continue;
    yield {
      code: "IST0110",
      message: say(
        "The pod {0} is selected by {1}, too",
        pod.name,
        rivals
          .map(({ name }) => name)
          .sort()
          .join(", "),
      ),
      path,
      problem: problems.selectedTwice,
      related: rivals.map((other) => ({
        object: other,
        path: ["spec", "workloadSelector"],
        message: say("Selects it, too"),
      })),
    };
  }
}

function* wide(object: WorldObject, world: World): Generator<RuleFinding> {
  if (isAmbientNamespace(world, object.namespace)) {
    const message = say("The namespace is in the ambient mode, where there are no sidecars");
    yield { code: "IST0167", message, path: ["metadata", "name"], problem: problems.ambientIneffective };
    return;
  }
  const others = world.ask(withoutSelector, object.namespace).filter((other) => other !== object);
  if (others.length === 0) return;
  yield {
    code: "IST0111",
    message: say(
      "{0} of this namespace has no selector either",
      others
        .map(({ name }) => name)
        .sort()
        .join(", "),
    ),
    path: ["metadata", "name"],
    problem: problems.noSelectorTwice,
    related: others.map((other) => ({ object: other, path: ["metadata", "name"], message: say("Has no selector") })),
  };
}

function labelsOf({ object }: WorldObject): Readonly<Record<string, string>> {
  return textMapAt(fieldsAt(fieldsAt(object, "spec"), "workloadSelector"), "labels");
}
