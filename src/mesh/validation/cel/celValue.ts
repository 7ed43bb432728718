import { fieldsOf } from "../../model/fields.ts";
import type { SchemaNode } from "../schema/schemaNode.ts";

/** A value as CEL rules see it: whole numbers are bigints, nulls that may not be are absent, reserved names escaped. */
export function celValue(value: unknown, node: SchemaNode | undefined): unknown {
  if (typeof value === "number") return isWhole(value, node) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => celValue(item, node?.items));
  if (typeof value !== "object" || value === null) return value;
  // Without a prototype: every name, "__proto__" too, is one of its own fields.
  const fields = Object.create(null) as Record<string, unknown>;
  for (const [name, field] of Object.entries(value)) {
    const child = node?.properties.get(name) ?? node?.additional;
    if (field === null && child?.nullable !== true) continue;
    const converted = celValue(field, child);
    fields[name] = converted;
    if (name === "namespace") fields["__namespace__"] = converted;
  }
  return fields;
}

function isWhole(value: number, node: SchemaNode | undefined): boolean {
  return Number.isInteger(value) && node?.type !== "number";
}

/** The value with the schema's defaults, as the API server sets them before it looks at rules. A copy where it differs. */
export function withDefaults(value: unknown, node: SchemaNode): unknown {
  if (!node.hasDefaults) return value;
  if (Array.isArray(value)) {
    const { items } = node;
    return items?.hasDefaults === true ? value.map((item) => withDefaults(item, items)) : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = new Map(Object.entries(fieldsOf(value)));
  for (const [name, child] of node.properties) {
    const field = fields.get(name);
    if (field === undefined || (field === null && !child.nullable)) {
      if (child.default !== undefined) fields.set(name, withDefaults(child.default, child));
    } else if (child.hasDefaults) fields.set(name, withDefaults(field, child));
  }
  const { additional } = node;
  if (additional?.hasDefaults === true) {
    for (const [name, field] of fields)
      if (!node.properties.has(name)) fields.set(name, withDefaults(field, additional));
  }
  return Object.fromEntries(fields);
}

/** The length of the longest list or object in a value. */
export function longestIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const items = Object.values(value);
  return items.reduce<number>((most, item) => Math.max(most, longestIn(item)), items.length);
}
