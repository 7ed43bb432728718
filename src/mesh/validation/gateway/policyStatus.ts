import { say } from "../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { createdAt } from "../foreyard/facts/createdAt.ts";
import { kinds, type KindName } from "../kinds.ts";
import { problems } from "../problems.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { goodOrBad } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { foreignConditions } from "./foreignConditions.ts";
import { hasCaValue } from "./keyPairs.ts";
import { kindOfReference } from "./references.ts";
import { parentText } from "./routeParents.ts";
import { routeKinds } from "./routeStatus.ts";

/** More ancestors than these are not reported. */
const mostAncestors = 16;

/** The conditions of a policy for backends by "kind|namespace/name" (istio .../gateway/backend_policies.go). */
export const policyStatus = defineQuery<readonly Condition[]>((world, key) => {
  const [kind = "", id = ""] = key.split("|");
  const at = id.indexOf("/");
  const policy = world.get(kind as KindName, id.slice(0, at), id.slice(at + 1));
  if (policy === undefined) return [];
  const spec = fieldsAt(policy.object, "spec");
  const isTls = policy.kind === kinds.BackendTLSPolicy;
  const entries = listAt(fieldsAt(policy.object, "status"), "ancestors");
  const kept = foreignConditions(policy, entries, "ancestorRef");
  const ignored = ignoredFault(policy);
  const ca = isTls && ignored === undefined ? caFaults(world, policy) : undefined;
  const resolved = ca?.resolved;
  let accepted = ignored ?? ca?.accepted;
  const gateways = new Set<string>();
  const groups: (readonly Condition[])[] = [];
  const add = (parent: string, path: FieldPath) => {
    const subject = { resource: policy, parent, path };
    const first = goodOrBad(subject, "Accepted", accepted);
    groups.push(isTls && ignored === undefined ? [first, goodOrBad(subject, "ResolvedRefs", resolved)] : [first]);
  };
  for (const [index, ref] of listAt(spec, "targetRefs").entries()) {
    const path: FieldPath = ["spec", "targetRefs", index];
    if (ignored === undefined) {
      const fault = targetFault(world, policy, ref, path);
      // What one target lacks is told of those after it, too.
      accepted = fault ?? (isTls ? conflictFault(world, policy, ref, path) : undefined) ?? accepted;
      if (fault === undefined && isTls) for (const name of gatewaysOf(world, policy, ref)) gateways.add(name);
    }
    add(parentText(ref), path);
  }
  for (const name of [...gateways].sort()) add(`Gateway/${name.slice(name.indexOf("/") + 1)}`, ["spec"]);
  return [...kept, ...groups.slice(0, mostAncestors).flat()];
});

const ignoreAnnotation = "istio.io/ignore-policy-attachment";

function ignoredFault({ object }: WorldObject): Fault | undefined {
  if ((textMapAt(object.metadata, "annotations")[ignoreAnnotation] ?? "").toLowerCase() !== "true") return undefined;
  const path: FieldPath = ["metadata", "annotations", ignoreAnnotation];
  return { reason: "IgnoredByIstio", path, message: say("Istio ignores this policy, as the annotation asks") };
}

function targetFault(world: World, policy: WorldObject, ref: unknown, path: FieldPath): Fault | undefined {
  const reason = "TargetNotFound";
  const kind = kindOfReference({ group: "", ...asFields(ref) }, "core/");
  const isTls = policy.kind === kinds.BackendTLSPolicy;
  if (kind !== kinds.Service && !(isTls && kind === kinds.ServiceEntry)) {
    return { reason, path: [...path, "kind"], message: say("The policy applies to no {0}", kind) };
  }
  const name = textAt(ref, "name") ?? "";
  const target = world.get(kind, policy.namespace, name);
  if (target === undefined) {
    return {
      reason,
      path: [...path, "name"],
      message: say("{0} {1} not found in namespace {2}", kind.slice(kind.indexOf("/") + 1), name, policy.namespace),
      problem: problems.hostNotFound,
      missingIn: policy.namespace,
      missingKind: kind,
    };
  }
  const section = isTls ? textAt(ref, "sectionName") : undefined;
  const ports = listAt(fieldsAt(target.object, "spec"), "ports");
  if (section === undefined || ports.some((port) => textAt(port, "name") === section)) return undefined;
  return {
    reason,
    path: [...path, "sectionName"],
    message: say("{0} has no port named {1}", name, section),
    problem: problems.portNotFound,
    related: [{ object: target, path: ["spec", "ports"], message: say("Its ports") }],
  };
}

function asFields(ref: unknown): Record<string, unknown> {
  return typeof ref === "object" && ref !== null ? { ...ref } : {};
}

function targetKey(namespace: string, ref: unknown): string {
  return JSON.stringify([
    namespace,
    textAt(ref, "group") ?? "",
    textAt(ref, "kind") ?? "",
    textAt(ref, "name") ?? "",
    textAt(ref, "sectionName") ?? "",
  ]);
}

/** BackendTLSPolicies that are not ignored by what they target. */
const policiesByTarget = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const policy of world.all(kinds.BackendTLSPolicy)) {
    if (ignoredFault(policy) !== undefined) continue;
    const keys = listAt(fieldsAt(policy.object, "spec"), "targetRefs").map((ref) => targetKey(policy.namespace, ref));
    for (const key of new Set(keys)) found.set(key, [...(found.get(key) ?? []), policy]);
  }
  return found;
});

/** The policy that wins a target: the oldest, of the same age the first by name. */
const winnerOf = defineQuery((world, key): WorldObject | undefined => {
  let winner: { readonly policy: WorldObject; readonly age: number } | undefined;
  for (const policy of world.ask(policiesByTarget).get(key) ?? []) {
    const age = createdAt(world, policy) ?? Number.MAX_SAFE_INTEGER;
    const isFirst =
      winner === undefined || age < winner.age || (age === winner.age && policy.name < winner.policy.name);
    if (isFirst) winner = { policy, age };
  }
  return winner?.policy;
});

function conflictFault(world: World, policy: WorldObject, ref: unknown, path: FieldPath): Fault | undefined {
  const winner = world.ask(winnerOf, targetKey(policy.namespace, ref));
  if (winner === undefined || winner.id === policy.id) return undefined;
  return {
    reason: "Conflicted",
    path: [...path, "name"],
    message: say("BackendTLSPolicy {0} has this target already", winner.name),
    related: [{ object: winner, path: ["spec", "targetRefs"], message: say("The policy that applies") }],
  };
}

function caFaults(world: World, policy: WorldObject): { accepted: Fault | undefined; resolved: Fault | undefined } {
  const validation = fieldsAt(fieldsAt(policy.object, "spec"), "validation");
  const path: FieldPath = ["spec", "validation"];
  const wellKnown = textAt(validation, "wellKnownCACertificates");
  if (wellKnown !== undefined) {
    if (wellKnown === "System") return { accepted: undefined, resolved: undefined };
    const message = say("Istio knows no CA certificates {0}, only System", wellKnown);
    return {
      accepted: { reason: "Invalid", path: [...path, "wellKnownCACertificates"], message },
      resolved: undefined,
    };
  }
  const [ref] = listAt(validation, "caCertificateRefs");
  const resolved = ref === undefined ? undefined : caFault(world, policy, ref, [...path, "caCertificateRefs", 0]);
  return { accepted: resolved && { ...resolved, reason: "NoValidCACertificate" }, resolved };
}

function caFault(world: World, policy: WorldObject, ref: unknown, path: FieldPath): Fault | undefined {
  const kind = kindOfReference({ group: "", ...asFields(ref) }, "core/");
  const name = textAt(ref, "name") ?? "";
  const known: readonly KindName[] = [kinds.Service, kinds.ServiceEntry, kinds.ConfigMap, kinds.Secret];
  const found = known.includes(kind) ? world.get(kind, policy.namespace, name) : undefined;
  const wrongKind = say("CA certificates are in a ConfigMap, not in a {0}", kind);
  if (!known.includes(kind) || (found !== undefined && kind !== kinds.ConfigMap)) {
    return { reason: "InvalidKind", path: [...path, "kind"], message: wrongKind };
  }
  const reason = "InvalidCACertificateRef";
  if (found === undefined) {
    const message = say(
      "{0} {1} not found in namespace {2}",
      kind.slice(kind.indexOf("/") + 1),
      name,
      policy.namespace,
    );
    return { reason, path: [...path, "name"], message, missingIn: policy.namespace, missingKind: kind };
  }
  if (hasCaValue(found)) return undefined;
  const message = say("ConfigMap {0} has no value ca.crt", name);
  return { reason, path: [...path, "name"], message, related: [{ object: found, path: ["data"], message }] };
}

/** The Gateways of routes to a backend, by "kind|namespace/name" of the backend. */
const gatewaysByBackend = defineQuery<ReadonlyMap<string, ReadonlySet<string>>>((world) => {
  const found = new Map<string, Set<string>>();
  for (const route of routeKinds.flatMap((kind) => world.all(kind))) {
    const spec = fieldsAt(route.object, "spec");
    const gateways = listAt(spec, "parentRefs")
      .filter((ref) => kindOfReference(ref, kinds.KubernetesGateway) === kinds.KubernetesGateway)
      .map((ref) => `${textAt(ref, "namespace") ?? route.namespace}/${textAt(ref, "name") ?? ""}`);
    if (gateways.length === 0) continue;
    for (const ref of listAt(spec, "rules").flatMap((rule) => listAt(rule, "backendRefs"))) {
      const namespace = textAt(ref, "namespace") ?? route.namespace;
      const key = `${kindOfReference(ref, kinds.Service)}|${namespace}/${textAt(ref, "name") ?? ""}`;
      const names = found.get(key) ?? new Set<string>();
      for (const name of gateways) names.add(name);
      found.set(key, names);
    }
  }
  return found;
});

const gatewaysOfBackend = defineQuery((world, key): readonly string[] => [
  ...(world.ask(gatewaysByBackend).get(key) ?? []),
]);

function gatewaysOf(world: World, policy: WorldObject, ref: unknown): readonly string[] {
  const kind = kindOfReference({ group: "", ...asFields(ref) }, "core/");
  return world.ask(gatewaysOfBackend, `${kind}|${policy.namespace}/${textAt(ref, "name") ?? ""}`);
}
