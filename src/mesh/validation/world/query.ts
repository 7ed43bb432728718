import type { World } from "./world.ts";

/**
 * A derived fact of a cluster's world, computed when first asked for and kept until something that it read changes. What
 * it reads (through the world) is recorded, so an edit recomputes only what depends on it; a value that comes out the
 * same again stops there. Define each once, at module level.
 */
export interface Query<Value> {
  readonly compute: (world: World, key: string) => Value;
  /** True if two values are interchangeable. */
  readonly same: (a: Value, b: Value) => boolean;
}

/**
 * Defines a derived fact by key, e.g. the pods that a selector matches by namespace and selector text. A value of the
 * whole world has the key "". An expensive value of the whole world (a map of all hosts) is best asked by further
 * queries with keys, so that objects depend on their entry only.
 */
export function defineQuery<Value>(
  compute: (world: World, key: string) => Value,
  same: (a: Value, b: Value) => boolean = sameItems,
): Query<Value> {
  return { compute, same };
}

/** Equal values, or lists with the same items in the same order. */
export function sameItems(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((item, index) => Object.is(item, b[index]));
}
