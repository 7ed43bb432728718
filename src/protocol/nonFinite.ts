// JSON has no NaN and no Infinity: they would arrive as null, and null reads as 0 in sums and comparisons. So they cross
// as objects that nothing else looks like. Typed arrays hold them as they are.

const mark = "\u0000";
const words: ReadonlyMap<unknown, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/** The value with its numbers that JSON lacks replaced; the value itself where there are none. */
export function withoutNonFinite(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : { [mark]: String(value) };
  return mapped(value, withoutNonFinite);
}

/** What {@link withoutNonFinite} was given. */
export function withNonFinite(value: unknown): unknown {
  if (typeof value === "object" && value !== null && Object.hasOwn(value, mark)) {
    return words.get((value as Readonly<Record<string, unknown>>)[mark]) ?? value;
  }
  return mapped(value, withNonFinite);
}

/** Lists and plain objects with every part replaced; the same one where no part changed. Others as they are. */
function mapped(value: unknown, replace: (part: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    const parts: readonly unknown[] = value;
    const changed = parts.map(replace);
    return changed.every((part, i) => Object.is(part, parts[i])) ? value : changed;
  }
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const entries = Object.entries(value as object);
  const changed = entries.map(([key, part]): [string, unknown] => [key, replace(part)]);
  const isSame = changed.every(([, part], i) => Object.is(part, entries[i]?.[1]));
  return isSame ? value : Object.fromEntries(changed);
}
