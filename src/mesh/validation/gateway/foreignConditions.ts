import { say } from "../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Condition } from "./condition.ts";
import { ownControllers } from "./gatewayClasses.ts";
import { parentText } from "./routeParents.ts";

/** The conditions of entries of a status that other controllers wrote: istiod keeps them as they are. */
export function foreignConditions(
  resource: WorldObject,
  entries: readonly unknown[],
  refName: "parentRef" | "ancestorRef",
): readonly Condition[] {
  return entries.flatMap((entry) => {
    const controller = textAt(entry, "controllerName") ?? "";
    if (ownControllers.has(controller)) return [];
    return listAt(entry, "conditions").flatMap((condition): readonly Condition[] => {
      const { status } = fieldsOf(condition);
      if (status !== "True" && status !== "False" && status !== "Unknown") return [];
      return [
        {
          resource,
          parent: parentText(fieldsAt(entry, refName)),
          type: textAt(condition, "type") ?? "",
          status,
          reason: textAt(condition, "reason") ?? "",
          path: ["status"],
          message: say("Written by {0}", controller),
        },
      ];
    });
  });
}
