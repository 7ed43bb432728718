// Reading unchecked JSON: what is missing or of another type reads as absent, and nothing throws.

type Fields = Readonly<Record<string, unknown>>;

const noFields: Fields = Object.freeze({});
const noItems: readonly unknown[] = Object.freeze([]);

/** The value as an object; anything else reads as an empty one. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : noFields;
}

/** The field of an object as an object. */
export function fieldsAt(value: unknown, name: string): Fields {
  return fieldsOf(ownField(value, name));
}

/** The field as a list; anything else reads as an empty one. */
export function listAt(value: unknown, name: string): readonly unknown[] {
  const list = ownField(value, name);
  return Array.isArray(list) ? (list as readonly unknown[]) : noItems;
}

/** The field as a text that is not empty. */
export function textAt(value: unknown, name: string): string | undefined {
  const text = ownField(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The field as a whole number from 0 up, as replica counts and ports are. */
export function countAt(value: unknown, name: string): number | undefined {
  const count = ownField(value, name);
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

export function flagAt(value: unknown, name: string): boolean | undefined {
  const flag = ownField(value, name);
  return typeof flag === "boolean" ? flag : undefined;
}

/** The texts of a list field; what is no text is left out. */
export function textsAt(value: unknown, name: string): readonly string[] {
  return listAt(value, name).filter((item) => typeof item === "string");
}

/** The field as a map of texts, as labels and annotations are; other values are left out. */
export function textMapAt(value: unknown, name: string): Readonly<Record<string, string>> {
  const fields = fieldsAt(value, name);
  if (hasOnlyTexts(fields)) return fields;
  const entries = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  // fromEntries defines properties and never assigns, so a key "__proto__" stays a key.
  return Object.fromEntries(entries);
}

function hasOnlyTexts(fields: Fields): fields is Readonly<Record<string, string>> {
  for (const name in fields) if (typeof fields[name] !== "string") return false;
  return true;
}

// Own fields only: "constructor" as a label name must not find Object.prototype's.
function ownField(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
