import { say, type Message } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt } from "../../../model/fields.ts";
import { policyLabels } from "../../../security/mtlsMode.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { CodeInfo, Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { workloadReads } from "../registry/workloads.ts";
import { areWorkloadsEnrolled, isAmbientNamespace, isServiceEnrolled } from "./enrolment.ts";
import { isL7Policy } from "./l7.ts";

/** What differs between the kinds of policies that waypoints carry out. */
export interface AmbientPolicy {
  readonly name: string;
  readonly kind: KindName;
  /** Told where what the policy is for has no waypoint. */
  readonly notEnrolled: string;
  /** Told where the policy names no target, which waypoints ask for. */
  readonly noTarget: string;
  /** What the kind is called in a sentence: "An AuthorizationPolicy for requests". */
  readonly subject: string;
}

const source = "istio.io/use-waypoint, targetRefs; Kiali's ambient_policy_checker.go";

/** The rule that a policy for requests in an ambient namespace has a waypoint that carries it out. */
export function ambientPolicyRule(policy: AmbientPolicy): Rule {
  return {
    name: policy.name,
    layer: "kiali",
    codes: [notEnrolledCode(policy), noTargetCode(policy)],
    kinds: [policy.kind],
    reads: [kinds.Namespace, kinds.Service, kinds.KubernetesGateway, ...workloadReads],
    *check(own, world) {
      if (!isAmbientNamespace(world, own.namespace) || !isL7Policy(own.kind, own.object)) return;
      const targets = targetsOf(own);
      if (targets.length === 0) {
        yield {
          code: policy.noTarget,
          path: selectorOf(own),
          at: "key",
          problem: problems.ambientIneffective,
          message: say("In ambient this {0} needs targetRefs to a Service or Gateway", policy.subject),
        };
      }
      const lack = lackOfWaypoint(own, world, targets);
      if (lack !== undefined) yield { code: policy.notEnrolled, at: "key", problem: problems.noWaypoint, ...lack };
    },
  };
}

function notEnrolledCode({ notEnrolled, subject }: AmbientPolicy): CodeInfo {
  return {
    code: notEnrolled,
    severity: "warning",
    title: `${subject} without a waypoint in ambient`,
    explanation:
      "ztunnel knows of connections only. What looks into requests is carried out by a waypoint, and what the policy is for is not enrolled with one: label the Service or namespace istio.io/use-waypoint.",
    source,
  };
}

function noTargetCode({ noTarget, subject }: AmbientPolicy): CodeInfo {
  return {
    code: noTarget,
    severity: "warning",
    title: `${subject} without targetRefs in ambient`,
    explanation:
      "Waypoints ignore policies with a selector. Name the Service or Gateway that the policy is for in targetRefs.",
    source,
  };
}

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly path: FieldPath;
}

function targetsOf({ object }: WorldObject): readonly Target[] {
  const spec = fieldsAt(object, "spec");
  const many = listAt(spec, "targetRefs").map((ref, index) => ({ ref, path: ["spec", "targetRefs", index] }));
  const single =
    fieldsOf(spec)["targetRef"] == null ? [] : [{ ref: fieldsAt(spec, "targetRef"), path: ["spec", "targetRef"] }];
  return [...many, ...single].flatMap(({ ref, path }) => {
    const { kind, name } = fieldsOf(ref);
    return typeof kind === "string" && typeof name === "string" ? [{ kind, name, path }] : [];
  });
}

function selectorOf({ object }: WorldObject): FieldPath {
  return fieldsOf(fieldsAt(object, "spec"))["selector"] == null ? ["spec"] : ["spec", "selector"];
}

function lackOfWaypoint(
  own: WorldObject,
  world: World,
  targets: readonly Target[],
): { readonly path: FieldPath; readonly message: Message } | undefined {
  const { namespace } = own;
  if (targets.length === 0) {
    if (areWorkloadsEnrolled(world, namespace, policyLabels(own.object))) return undefined;
    return { path: selectorOf(own), message: say("Nothing enrols the workloads of {0} with a waypoint", namespace) };
  }
  for (const { kind, name, path } of targets) {
    // A Gateway or its class is the waypoint, or a gateway, itself.
    if (kind !== "Service") continue;
    const service = world.get(kinds.Service, namespace, name);
    if (service === undefined || isServiceEnrolled(world, service)) continue;
    return { path, message: say("Service {0} is not enrolled with a waypoint", name) };
  }
  return undefined;
}
