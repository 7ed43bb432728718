/**
 * `after`, with every part that equals its counterpart in `before` replaced by that counterpart. Equal values therefore
 * come back as `before` itself, and `===` tells what changed. Compares plain objects and arrays; anything else (an
 * Error in a list of what could not be read) by identity.
 */
export function keepUnchanged<T>(before: T | undefined, after: T): T {
  if (before === undefined || Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) return keepItems(before, after) as T;
  if (isPlain(before) && isPlain(after)) return keepFields(before, after) as T;
  return after;
}

function keepItems(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  let isSame = before.length === after.length;
  const kept = after.map((item, index) => {
    const keptItem = keepUnchanged(before[index], item);
    if (!Object.is(keptItem, before[index])) isSame = false;
    return keptItem;
  });
  return isSame ? before : kept;
}

function keepFields(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(after);
  let isSame = names.length === Object.keys(before).length;
  const kept = names.map((name): [string, unknown] => {
    const known = Object.hasOwn(before, name);
    const value = known ? keepUnchanged(before[name], after[name]) : after[name];
    if (!known || !Object.is(value, before[name])) isSame = false;
    return [name, value];
  });
  return isSame ? before : Object.fromEntries(kept);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
