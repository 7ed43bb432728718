import { fieldsOf } from "../../model/fields.ts";
import { say, type Message } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { problems } from "../problems.ts";
import { boundProblem } from "./bounds.ts";
import { schemaCodes } from "./codes.ts";
import type { SchemaNode } from "./schemaNode.ts";
import { matchesPattern, typeProblem } from "./valueProblems.ts";

/** What a value breaks of oneOf, anyOf, allOf and not, as protocol buffers' oneofs are told in schemas. */
export function* findConflicts(value: unknown, node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  const found: Message[] = [];
  if (node.oneOf.length > 0 && node.oneOf.filter((one) => meets(value, one)).length !== 1) {
    found.push(choiceMessage(value, node.oneOf));
  }
  if (!node.isIntOrString && node.anyOf.length > 0 && !node.anyOf.some((one) => meets(value, one))) {
    found.push(choiceMessage(value, node.anyOf));
  }
  for (const one of node.allOf) if (!meets(value, one)) found.push(choiceMessage(value, [one]));
  if (node.not !== undefined && meets(value, node.not)) found.push(choiceMessage(value, [node.not]));
  const conflict = schemaCodes.conflict.code;
  for (const message of found) yield { code: conflict, message, path, problem: problems.conflictingFields };
}

/** True if the value passes the value checks of a schema inside oneOf and its like, which know no types of fields. */
export function meets(value: unknown, node: SchemaNode): boolean {
  if (typeProblem(value, node) !== undefined || boundProblem(value, node) !== undefined) return false;
  if (node.enum !== undefined && !node.enum.includes(value)) return false;
  if (typeof value === "string" && node.pattern !== undefined && !matchesPattern(node.pattern, value)) return false;
  if (!node.allOf.every((one) => meets(value, one))) return false;
  if (node.anyOf.length > 0 && !node.anyOf.some((one) => meets(value, one))) return false;
  if (node.oneOf.length > 0 && node.oneOf.filter((one) => meets(value, one)).length !== 1) return false;
  if (node.not !== undefined && meets(value, node.not)) return false;
  if (Array.isArray(value)) {
    const { items } = node;
    return items === undefined || value.every((item) => meets(item, items));
  }
  if (typeof value !== "object" || value === null) return true;
  const fields = fieldsOf(value);
  if (!node.required.every((name) => Object.hasOwn(fields, name))) return false;
  for (const [name, child] of node.properties) {
    if (Object.hasOwn(fields, name) && !meets(fields[name], child)) return false;
  }
  return true;
}

function choiceMessage(value: unknown, choices: readonly SchemaNode[]): Message {
  const names = [...new Set(choices.flatMap(requiredIn))];
  const fields = fieldsOf(value);
  const set = names.filter((name) => Object.hasOwn(fields, name));
  if (names.length === 0) return say("The value has none of the forms that may stand here.");
  if (set.length > 1) return say("Set only one of {0}.", set.join(", "));
  return set.length === 0
    ? say("Set one of {0}.", names.join(", "))
    : say("The field {0} does not go with what stands here.", set.join(", "));
}

function requiredIn(node: SchemaNode): readonly string[] {
  const below = [...node.oneOf, ...node.anyOf, ...node.allOf, ...(node.not === undefined ? [] : [node.not])];
  return [...node.required, ...below.flatMap(requiredIn)];
}
