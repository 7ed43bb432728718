/** What a value in a kubeconfig must be; kubectl refuses a whole file for one value of another type. */
export type Shape =
  | "text"
  | "flag"
  | "base64"
  | "anything"
  | { readonly list: Shape }
  | { readonly map: Shape }
  | { readonly fields: Readonly<Record<string, Shape>> };

/** `path` is where in the file, e.g. "users[0].user.token"; the value itself is never named, it may be a secret. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
  readonly path: string;
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(`${path} must be ${expected}`);
    this.path = path;
    this.expected = expected;
  }
}

/** The value with what Go's decoder would drop left out: nulls, unknown fields, zero values. Throws ShapeErrors. */
export function conform(value: unknown, shape: Shape, path: string): unknown {
  if (value === null || value === undefined) return undefined;
  if (shape === "anything") return value;
  if (shape === "text") return textOf(value, path);
  if (shape === "base64") return base64Of(value, path);
  if (shape === "flag") {
    if (typeof value !== "boolean") throw new ShapeError(path, "true or false");
    return value ? true : undefined;
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) throw new ShapeError(path, "a list");
    const items = value.map((item, i) => conform(item, shape.list, `${path}[${String(i)}]`) ?? zeroOf(shape.list));
    return items.length > 0 ? items : undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) throw new ShapeError(path, "a mapping");
  const record = value as Readonly<Record<string, unknown>>;
  if ("map" in shape) {
    const entries = Object.keys(record).map(
      (key) => [key, conform(record[key], shape.map, `${path}.${key}`) ?? zeroOf(shape.map)] as const,
    );
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  return fieldsOf(record, shape.fields, path);
}

function textOf(value: unknown, path: string): string | undefined {
  if (typeof value !== "string") throw new ShapeError(path, "text (put it in quotes)");
  return value === "" ? undefined : value;
}

function base64Of(value: unknown, path: string): string | undefined {
  const text = textOf(value, path)?.replace(/[\r\n]/g, "");
  if (text === undefined || text === "") return undefined;
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new ShapeError(path, "base64");
  return text;
}

function fieldsOf(record: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, Shape>>, path: string) {
  const found: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(fields)) {
    if (!Object.hasOwn(record, name)) continue;
    const value = conform(record[name], shape, path === "" ? name : `${path}.${name}`);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function zeroOf(shape: Shape): unknown {
  if (shape === "text" || shape === "base64") return "";
  if (shape === "flag") return false;
  if (shape === "anything") return null;
  return "list" in shape ? [] : {};
}
