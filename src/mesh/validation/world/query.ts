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

/**
 * Equal values, lists of equal items, and plain records of equal fields, a few levels deep. Objects of a world are equal
 * only if they are the same; maps and sets count as changed.
 */
export function sameItems(a: unknown, b: unknown): boolean {
  return isSame(a, b, 0);
}

/** Facts are lists of small records; what is deeper is not worth the comparison. */
const deepest = 3;

function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (Object.is(a, b)) return true;
  if (depth > deepest || typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSame(item, b[index], depth + 1));
  }
  // What declares itself is an object of the world, and stays the same while its content does.
  if (!isRecord(a) || !isRecord(b) || "origin" in a) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name], depth + 1))
  );
}

function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
