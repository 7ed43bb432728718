import { fieldsAt, textAt } from "../../../model/fields.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/**
 * When the API server created an object, Unix milliseconds: what the object itself says, else its live declaration, which
 * a file may lie over. undefined where neither tells.
 */
export function createdAt(world: World, object: WorldObject): number | undefined {
  const own = timeOf(object);
  if (own !== undefined) return own;
  const live = world
    .declarations(object.kind, object.namespace, object.name)
    .find(({ origin }) => origin.from === "live");
  return live === undefined ? undefined : timeOf(live);
}

function timeOf({ object }: WorldObject): number | undefined {
  const time = Date.parse(textAt(fieldsAt(object, "metadata"), "creationTimestamp") ?? "");
  return Number.isNaN(time) ? undefined : time;
}
