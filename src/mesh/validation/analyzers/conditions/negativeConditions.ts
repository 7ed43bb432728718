import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds, type KindName } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

const bound: ReadonlySet<string> = new Set(["istio.io/WaypointBound"]);
const policies: ReadonlySet<string> = new Set(["ZtunnelAccepted", "WaypointAccepted"]);
const gateways: ReadonlySet<string> = new Set(["Accepted", "Programmed", "ResolvedRefs"]);

const typesOf: ReadonlyMap<KindName, ReadonlySet<string>> = new Map<KindName, ReadonlySet<string>>([
  [kinds.Service, bound],
  [kinds.ServiceEntry, bound],
  [kinds.WorkloadEntry, bound],
  [kinds.AuthorizationPolicy, policies],
  [kinds.KubernetesGateway, gateways],
  [kinds.HTTPRoute, gateways],
  [kinds.GRPCRoute, gateways],
]);

/** Conditions with which Istio's controllers tell that they could not do what an object asks for. */
export const negativeConditions: Rule = {
  name: "conditions.ConditionAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0171",
      severity: "warning",
      title: "Negative condition in the status",
      explanation:
        "Istio wrote into the object's status that it could not take it, or not in full. The reason stands there.",
      source: "status.conditions; Istio's analyzers/conditions/conditions.go",
    },
  ],
  kinds: [...typesOf.keys()],
  reads: [],
  *check(object, world) {
    const types = typesOf.get(object.kind) ?? bound;
    const status = fieldsAt(object.object, "status");
    if (object.kind === kinds.HTTPRoute || object.kind === kinds.GRPCRoute) {
      for (const [at, parent] of listAt(status, "parents").entries()) {
        yield* negative(listAt(parent, "conditions"), types, ["status", "parents", at, "conditions"]);
      }
      return;
    }
    yield* negative(listAt(status, "conditions"), types, ["status", "conditions"]);
    if (object.kind !== kinds.KubernetesGateway || world.settings.isExactlyIstio) return;
    for (const [at, listener] of listAt(status, "listeners").entries()) {
      yield* negative(listAt(listener, "conditions"), types, ["status", "listeners", at, "conditions"]);
    }
  },
};

function* negative(
  conditions: readonly unknown[],
  types: ReadonlySet<string>,
  path: FieldPath,
): Generator<RuleFinding> {
  for (const [at, condition] of conditions.entries()) {
    const type = textAt(condition, "type") ?? "";
    if (!types.has(type)) continue;
    const reason = textAt(condition, "reason") ?? "";
    const isPartial = type === "WaypointAccepted" && reason === "PartiallyInvalid";
    if (textAt(condition, "status") !== "False" && !isPartial) continue;
    const why = textAt(condition, "message") ?? "";
    const message = isPartial
      ? say("{0} in part only, reason {1}: {2}", type, reason, why)
      : say("{0} is False, reason {1}: {2}", type, reason, why);
    yield { code: "IST0171", message, path: [...path, at, "status"] };
  }
}
