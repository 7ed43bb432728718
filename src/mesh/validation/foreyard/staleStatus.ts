import { countAt, fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** Conditions that Istio's analyzer does not read: of listeners and other kinds, and those of an older generation. */
export const staleStatus: Rule = {
  name: "staleStatus",
  layer: "foreyard",
  codes: [
    {
      code: "FY1130",
      severity: "warning",
      title: "Negative condition",
      explanation:
        "The controller says in the object's status that a listener, route or policy does not work. The condition's reason " +
        "says why.",
      source:
        "status of Gateway listeners, TCPRoute, TLSRoute, ListenerSet, BackendTLSPolicy; IST0171 does not read them",
    },
    {
      code: "FY1131",
      severity: "hint",
      title: "Status of an older generation",
      explanation:
        "The condition is about the object before its last change. The controller may be busy, or it no longer looks after " +
        "the object.",
      source: "observedGeneration of conditions, metadata.generation",
    },
  ],
  kinds: [
    kinds.KubernetesGateway,
    kinds.HTTPRoute,
    kinds.GRPCRoute,
    kinds.TCPRoute,
    kinds.TLSRoute,
    kinds.ListenerSet,
    kinds.BackendTLSPolicy,
  ],
  reads: [],
  *check(object) {
    // A status in a file is a copy of some day.
    if (object.origin.from !== "live") return;
    const generation = countAt(fieldsAt(object.object, "metadata"), "generation");
    let isStaleTold = false;
    for (const { condition, path, isJudged } of conditionsOf(object)) {
      const observed = countAt(condition, "observedGeneration");
      if (generation !== undefined && observed !== undefined && observed < generation) {
        if (!isStaleTold) {
          yield {
            code: "FY1131",
            message: say("This status is of generation {0}; the object is at {1}", observed, generation),
            path,
          };
        }
        isStaleTold = true;
      } else if (isJudged && isNegative(condition)) yield negative(condition, path);
    }
  },
};

function negative(condition: unknown, path: FieldPath): RuleFinding {
  return {
    code: "FY1130",
    message: say(
      "{0} is {1}: {2}",
      textAt(condition, "type") ?? "",
      textAt(condition, "status") ?? "",
      textAt(condition, "reason") ?? "",
    ),
    path,
  };
}

const positive = new Set(["Accepted", "Programmed", "ResolvedRefs"]);

function isNegative(condition: unknown): boolean {
  const type = textAt(condition, "type") ?? "";
  const status = textAt(condition, "status");
  return positive.has(type) ? status === "False" : type === "Conflicted" && status === "True";
}

interface PlacedCondition {
  readonly condition: unknown;
  readonly path: FieldPath;
  /** Not one that IST0171 judges. */
  readonly isJudged: boolean;
}

function conditionsOf({ object, kind }: WorldObject): readonly PlacedCondition[] {
  const status = fieldsAt(object, "status");
  const isNew = kind !== kinds.KubernetesGateway && kind !== kinds.HTTPRoute && kind !== kinds.GRPCRoute;
  const lists = (["parents", "ancestors", "listeners"] as const).flatMap((list) =>
    listAt(status, list).flatMap((entry, at) => placed(entry, ["status", list, at], isNew || list === "listeners")),
  );
  return [...placed(status, ["status"], isNew), ...lists];
}

function placed(holder: unknown, path: FieldPath, isJudged: boolean): readonly PlacedCondition[] {
  return listAt(holder, "conditions").map((condition, at) => ({
    condition,
    path: [...path, "conditions", at],
    isJudged,
  }));
}
