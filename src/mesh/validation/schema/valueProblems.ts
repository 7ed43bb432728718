import { RE2JS } from "re2js";
import { say, type Message } from "../../message.ts";
import type { SchemaNode } from "./schemaNode.ts";

/** Why a value has not the type of its schema. */
export function typeProblem(value: unknown, node: SchemaNode): Message | undefined {
  if (value === null && (node.nullable || node.type === undefined)) return undefined;
  if (node.isIntOrString) {
    return isInteger(value) || typeof value === "string"
      ? undefined
      : say("This must be a whole number or text, not {0}.", typeOf(value));
  }
  if (node.type === undefined || isOfType(value, node.type)) return undefined;
  return say("This must be {0}, not {1}.", typeNames[node.type] ?? node.type, typeOf(value));
}

const typeNames: Readonly<Record<string, string>> = {
  object: "an object",
  array: "a list",
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
};

function isInteger(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return isInteger(value);
  if (type === "number") return typeof value === "number" || typeof value === "bigint";
  return typeof value === type;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  const type = isInteger(value) ? "integer" : typeof value;
  return typeNames[type] ?? type;
}

const patterns = new Map<string, RE2JS | undefined>();

/** As Go's regexp finds it; a pattern that does not compile is met by all. */
export function matchesPattern(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (compiled === undefined && !patterns.has(pattern)) {
    try {
      compiled = RE2JS.compile(pattern);
    } catch {
      compiled = undefined;
    }
    if (patterns.size > 2000) patterns.clear();
    patterns.set(pattern, compiled);
  }
  return compiled === undefined || compiled.matcher(text).find();
}
