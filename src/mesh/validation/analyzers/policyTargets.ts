import { fieldsAt, fieldsOf, listAt, textMapAt } from "../../model/fields.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** The labels of the pods that a policy selects; none where it has no selector. */
export function selectorLabels({ object }: WorldObject): Readonly<Record<string, string>> {
  return textMapAt(fieldsAt(fieldsAt(object, "spec"), "selector"), "matchLabels");
}

/** False only where the field is absent: `selector: {}` is one. */
export function hasSelector({ object }: WorldObject): boolean {
  const selector = fieldsOf(fieldsAt(object, "spec"))["selector"];
  return selector !== undefined && selector !== null;
}

/** True for a policy that is attached to a Gateway, Service or the like, and not to pods. */
export function hasTargets({ object }: WorldObject): boolean {
  const spec = fieldsAt(object, "spec");
  return listAt(spec, "targetRefs").length > 0 || Object.keys(fieldsAt(spec, "targetRef")).length > 0;
}
