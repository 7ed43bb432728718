import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** A condition that istiod would write into an object's status. */
export interface Condition {
  readonly resource: WorldObject;
  /** For routes, the parent that it is about. */
  readonly parent?: string;
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
}

/** The conditions of all Gateway API objects of a cluster. */
export function conditionsOf(_world: World): readonly Condition[] {
  return [];
}
