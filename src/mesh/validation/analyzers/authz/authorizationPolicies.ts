import { say } from "../../../message.ts";
import { fieldsAt, listAt, textsAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { isAmbientNamespace, isAmbientPod, isInMesh } from "../../world/membership.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podsWith, type PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { hasSelector, hasTargets, selectorLabels } from "../policyTargets.ts";
import { referenceNotFound } from "../referenceNotFound.ts";
import { hasMachineWith } from "./machines.ts";

/** AuthorizationPolicies that apply to nothing, or that name namespaces that do not exist. */
export const authorizationPolicies: Rule = {
  name: "auth.AuthorizationPoliciesAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0127",
      severity: "warning",
      title: "Policy without workloads",
      explanation:
        "No workload of the mesh is selected, so the policy allows and denies nothing. Look at its selector.",
      source: "spec.selector; Istio's analyzers/authz/authorizationpolicies.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [
    ...[kinds.Namespace, kinds.ConfigMap, kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet],
    ...[kinds.ReplicaSet, kinds.Job, kinds.CronJob, kinds.WorkloadEntry, kinds.WorkloadGroup],
  ],
  *check(object, world) {
    yield* withoutWorkloads(object, world);
    yield* missingNamespaces(object, world);
  },
};

function* withoutWorkloads(object: WorldObject, world: World): Generator<RuleFinding> {
  if (!world.settings.isExactlyIstio && hasTargets(object)) return;
  const isForMesh = object.namespace === rootNamespaceOf(world);
  const isSelecting = hasSelector(object);
  if (isForMesh && !isSelecting) return;
  const labels = selectorLabels(object);
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const scope = isForMesh ? "*" : object.namespace;
  if (world.ask(hasMeshPod, JSON.stringify([scope, ...pairs.sort()]))) return;
  if (!world.settings.isExactlyIstio && hasMachineWith(world, scope, labels)) return;
  yield {
    code: "IST0127",
    message:
      pairs.length === 0
        ? say("No workload of this namespace is in the mesh")
        : say("No workload of the mesh has the labels {0}", pairs.join(",")),
    path: isSelecting ? ["spec", "selector"] : ["metadata", "name"],
    problem: problems.noWorkloads,
    missingIn: object.namespace,
    missingKind: kinds.Pod,
  };
}

/** Whether a pod of the mesh has labels, by [namespace, "key=value"...] as JSON; the namespace "*" is any. */
const hasMeshPod = defineQuery((world, key): boolean => {
  const [namespace = "", ...pairs] = JSON.parse(key) as string[];
  const labels = Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
  return podsWith(world, namespace, labels).some((pod) => isOfMesh(world, pod));
});

function isOfMesh(world: World, pod: PodLike): boolean {
  if (isInMesh(world, pod) || isAmbientPod(pod)) return true;
  // Only ztunnel's CNI plugin annotates a pod, once it runs.
  return !world.settings.isExactlyIstio && isAmbientNamespace(world, pod.namespace);
}

function* missingNamespaces({ object }: WorldObject, world: World): Generator<RuleFinding> {
  for (const { name, path } of namedNamespaces(object)) {
    if (isNamespace(world, name)) continue;
    yield {
      code: "IST0101",
      message: say("No namespace is named {0}", name),
      path,
      problem: problems.namespaceNotFound,
      missingIn: "",
      missingKind: kinds.Namespace,
    };
  }
}

function namedNamespaces(object: unknown): readonly { readonly name: string; readonly path: FieldPath }[] {
  return listAt(fieldsAt(object, "spec"), "rules").flatMap((rule, at) =>
    listAt(rule, "from").flatMap((from, nth) =>
      ["namespaces", "notNamespaces"].flatMap((field) =>
        textsAt(fieldsAt(from, "source"), field).map((name, place) => ({
          name,
          path: ["spec", "rules", at, "from", nth, "source", field, place],
        })),
      ),
    ),
  );
}

function isNamespace(world: World, pattern: string): boolean {
  if (world.ask(matchesNamespace, pattern)) return true;
  if (world.settings.isExactlyIstio) return false;
  // A namespace that files fill is there, even if no file declares it.
  return pattern === "*" || world.knowledge(pattern) === "files";
}

const namespaceNames = defineQuery((world): readonly string[] => world.all(kinds.Namespace).map(({ name }) => name));

const lowerNames = defineQuery(
  (world): ReadonlySet<string> => new Set(world.ask(namespaceNames).map((name) => name.toLowerCase())),
);

/** Whether some Namespace has the name, or matches "*", "*-suffix" or "prefix-*". */
const matchesNamespace = defineQuery((world, pattern): boolean => {
  if (pattern === "*") return world.ask(namespaceNames).length > 0;
  if (pattern.startsWith("*")) return world.ask(namespaceNames).some((name) => name.endsWith(pattern.slice(1)));
  if (pattern.endsWith("*")) return world.ask(namespaceNames).some((name) => name.startsWith(pattern.slice(0, -1)));
  return world.ask(lowerNames).has(pattern.toLowerCase());
});
