import type { WorldObject } from "../../world/worldObject.ts";

/**
 * True if two objects surely apply together: both are live, or one file has them. Files of one workspace may be variants
 * of which one is applied.
 */
export function isTogether(a: WorldObject, b: WorldObject): boolean {
  if (a.origin.from === "file" && b.origin.from === "file") return a.origin.file === b.origin.file;
  return a.origin.from === "live" && b.origin.from === "live";
}
