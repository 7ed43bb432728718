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
  if (typeof value !== "object" || value === null) return value;
  // Levels hold a hundred thousand parts, few of which change: what is copied is what must be.
  if (Array.isArray(value)) {
    const parts: readonly unknown[] = value;
    let changed: unknown[] | undefined;
    for (let i = 0; i < parts.length; i++) {
      const part = replace(parts[i]);
      if (!Object.is(part, parts[i])) (changed ??= [...parts])[i] = part;
    }
    return changed ?? value;
  }
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const fields = value as Readonly<Record<string, unknown>>;
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    const part = replace(fields[key]);
    if (!Object.is(part, fields[key])) (changed ??= { ...fields })[key] = part;
  }
  return changed ?? value;
}
