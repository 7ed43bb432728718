// What the editor sends is looked at before it is drawn: a host of another version must give an error, not nonsense.

export type Fields = Readonly<Record<string, unknown>>;

export function nothing(): null {
  return null;
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null) throw new TypeError("not an object");
  return value as Fields;
}

export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw new TypeError(`${name} is no text`);
  return value;
}

/** NaN is a number here: it means "no data". */
export function numberIn(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw new TypeError(`${name} is no number`);
  return value;
}

export function flagIn(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== "boolean") throw new TypeError(`${name} is neither true nor false`);
  return value;
}

export function listIn(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
  return value;
}

export function textsIn(fields: Fields, name: string): readonly string[] {
  return listIn(fields, name).map((value) => {
    if (typeof value !== "string") throw new TypeError(`${name} holds something that is no text`);
    return value;
  });
}

export function columnIn(fields: Fields, name: string): Float64Array {
  const value = fields[name];
  if (!(value instanceof Float64Array)) throw new TypeError(`${name} is no column of numbers`);
  return value;
}

export function wordsIn<const N extends string>(fields: Fields, names: readonly N[]): Record<N, string> {
  const read: Record<string, string> = {};
  for (const name of names) read[name] = textIn(fields, name);
  return read;
}

export function numbersIn<const N extends string>(fields: Fields, names: readonly N[]): Record<N, number> {
  const read: Record<string, number> = {};
  for (const name of names) read[name] = numberIn(fields, name);
  return read;
}

export function textsByName(value: unknown): Readonly<Record<string, string>> {
  const fields = fieldsOf(value);
  return Object.fromEntries(Object.keys(fields).map((name) => [name, textIn(fields, name)]));
}

export function oneOf<const T extends readonly string[]>(choices: T, value: unknown, name: string): T[number] {
  if (typeof value !== "string" || !choices.includes(value)) throw new TypeError(`${name} is none of those known`);
  return value;
}
