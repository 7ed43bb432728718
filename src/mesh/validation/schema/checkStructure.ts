import { fieldsOf } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { problems } from "../problems.ts";
import { boundProblem } from "./bounds.ts";
import { schemaCodes } from "./codes.ts";
import { findConflicts } from "./alternatives.ts";
import { nearest } from "./nearest.ts";
import { matchesPattern, typeProblem } from "./valueProblems.ts";
import type { SchemaNode } from "./schemaNode.ts";

const deepest = 200;

/** What the API server refuses in a value for its structure. Values are as kubectl reads them. */
export function* checkStructure(value: unknown, node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  if (path.length > deepest) return;
  const wrong = typeProblem(value, node);
  if (wrong !== undefined) {
    yield { code: schemaCodes.wrongType.code, message: wrong, path, problem: problems.badValue };
    return;
  }
  if (value === null) return;
  yield* checkValue(value, node, path);
  if (Array.isArray(value)) yield* checkList(value, node, path);
  else if (typeof value === "object") yield* checkFields(fieldsOf(value), node, path);
  yield* findConflicts(value, node, path);
}

function* checkValue(value: unknown, node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  if (node.enum !== undefined && typeof value !== "object" && !node.enum.includes(value)) {
    const allowed = node.enum.map(String);
    const meant = typeof value === "string" ? nearest(value, allowed) : undefined;
    const list = allowed.map((one) => JSON.stringify(one)).join(", ");
    const message =
      meant === undefined
        ? say("{0} is not allowed here; one of {1} is.", shown(value), list)
        : say("{0} is not allowed here; did you mean {1}? One of {2} is.", shown(value), meant, list);
    yield { code: schemaCodes.notAllowed.code, message, path, problem: problems.badValue };
  }
  const bound = boundProblem(value, node);
  if (bound !== undefined)
    yield { code: schemaCodes.outOfBounds.code, message: bound, path, problem: problems.badValue };
  if (typeof value === "string" && node.pattern !== undefined && !matchesPattern(node.pattern, value)) {
    const message = say("{0} does not match the pattern {1}.", shown(value), node.pattern);
    yield { code: schemaCodes.outOfBounds.code, message, path, problem: problems.badValue };
  }
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function* checkList(list: readonly unknown[], node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  const { items } = node;
  if (items !== undefined) {
    for (const [index, item] of list.entries()) yield* checkStructure(item, items, [...path, index]);
  }
  if (node.listType === "atomic") return;
  const seen = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const key = node.listType === "set" ? item : node.listKeys.map((name) => keyOf(item, name, items));
    const text = JSON.stringify(key, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
    const first = seen.get(text);
    if (first === undefined) seen.set(text, index);
    else {
      const message =
        node.listType === "set"
          ? say("{0} stands in this list already, as item {1}.", text, first)
          : say("Item {0} has the same {1} already: {2}.", first, node.listKeys.join(", "), text);
      yield { code: schemaCodes.duplicate.code, message, path: [...path, index], problem: problems.badValue };
    }
  }
}

function keyOf(item: unknown, name: string, items: SchemaNode | undefined): unknown {
  const fields = fieldsOf(item);
  return Object.hasOwn(fields, name) ? fields[name] : items?.properties.get(name)?.default;
}

// The API server drops the status of what is created before it looks at values.
const judgedElsewhere: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata", "status"]);

function* checkFields(
  fields: Readonly<Record<string, unknown>>,
  node: SchemaNode,
  path: FieldPath,
): Generator<RuleFinding> {
  const isTop = path.length === 0;
  for (const name of node.required) {
    if (isSet(fields, name, node) || node.properties.get(name)?.default !== undefined) continue;
    const message = say("The required field {0} is missing.", name);
    yield { code: schemaCodes.missing.code, message, path: [...path, name], problem: problems.missingField };
  }
  for (const name of Object.keys(fields)) {
    if (isTop && judgedElsewhere.has(name)) continue;
    const child = node.properties.get(name) ?? node.additional;
    // A null where none may be counts as absent: the API server drops it before it looks at values.
    if (child !== undefined) {
      if (fields[name] !== null) yield* checkStructure(fields[name], child, [...path, name]);
    } else if (!node.preservesUnknown) yield unknownField(name, node, [...path, name]);
  }
}

function isSet(fields: Readonly<Record<string, unknown>>, name: string, node: SchemaNode): boolean {
  if (!Object.hasOwn(fields, name)) return false;
  return fields[name] !== null || (node.properties.get(name)?.nullable ?? true);
}

function unknownField(name: string, node: SchemaNode, path: FieldPath): RuleFinding {
  const meant = nearest(name, node.properties.keys());
  const message =
    meant === undefined
      ? say("There is no field {0} here.", name)
      : say("There is no field {0} here; did you mean {1}?", name, meant);
  return { code: schemaCodes.unknownField.code, message, path, at: "key", problem: problems.unknownField };
}
