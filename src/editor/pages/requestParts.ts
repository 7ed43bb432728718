// A page is untrusted input: everything it sends is looked at, and of texts no more is taken than a person types.

export const longestName = 1_000;
export const mostNames = 20_000;
export const highestTime = 8.64e15;

export function nothing(): Record<string, never> {
  return {};
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unfit("an object");
  return value as Readonly<Record<string, unknown>>;
}

export function text(value: unknown, longest: number): string {
  if (typeof value !== "string" || value.length > longest) throw unfit("a text");
  return value;
}

export function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw unfit("a flag");
  return value;
}

export function number(value: unknown, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) throw unfit("a number in range");
  return value;
}

export function names(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > mostNames) throw unfit("a list of names");
  return value.map((each: unknown) => text(each, longestName));
}

export function oneOf<const T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw unfit("one of the known words");
  return found;
}

export function unfit(what: string): Error {
  return new Error(`the page did not send ${what} where it should`);
}
