import { fieldsOf } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { SchemaNode, ValidationRule } from "../schema/schemaNode.ts";
import { schemaOf } from "../schema/schemaOf.ts";
import { structureFindings } from "../schema/structureFindings.ts";
import { celValue, longestIn, withDefaults } from "./celValue.ts";
import { celCodes } from "./codes.ts";
import { compileRule, firstLine } from "./compileRule.ts";

/** How many items nested loops of a rule may walk together. */
const mostSteps = 2_000_000;

/** What the API server refuses by the rules (CEL) of the kind's definition. */
export const definitionRules: Rule = {
  name: "definitionRules",
  layer: "cel",
  codes: Object.values(celCodes),
  kinds: ["*"],
  reads: [kinds.CustomResourceDefinition],
  runsOn: "declaration",
  *check({ object, kind, version }, world) {
    const schema = schemaOf(world, kind, version);
    // As the API server does: an object of another shape than the schema's is not given to rules.
    if (schema === undefined || !schema.hasRules || structureFindings(object, schema).length > 0) return;
    yield* checkRules(withDefaults(object, schema), schema, []);
  },
};

function* checkRules(value: unknown, node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  if (!node.hasRules || value === null || value === undefined) return;
  if (node.rules.length > 0) yield* checkOwnRules(value, node, path);
  if (Array.isArray(value)) {
    const { items } = node;
    if (items?.hasRules !== true) return;
    for (const [index, item] of value.entries()) yield* checkRules(item, items, [...path, index]);
    return;
  }
  if (typeof value !== "object") return;
  for (const [name, field] of Object.entries(fieldsOf(value))) {
    const child = node.properties.get(name) ?? node.additional;
    if (path.length === 0 && name === "status") continue;
    if (child?.hasRules === true) yield* checkRules(field, child, [...path, name]);
  }
}

function* checkOwnRules(value: unknown, node: SchemaNode, path: FieldPath): Generator<RuleFinding> {
  let self: unknown;
  for (const rule of node.rules) {
    // Rules of a change judge nothing that is new.
    if (/\boldSelf\b/u.test(rule.rule)) continue;
    const compiled = compileRule(rule.rule);
    if ("reason" in compiled) {
      const message = say("This rule was not checked ({0}): {1}", compiled.reason, rule.rule.slice(0, 200));
      yield { code: celCodes.notChecked.code, message, path };
    } else if ("quick" in compiled) {
      if (!compiled.quick(value)) yield broken(rule, path, undefined);
    } else if (compiled.loops > 0 && longestIn(value) ** compiled.loops > mostSteps) {
      const message = say(
        "This rule would take too long on so many items, so it was not run: {0}",
        rule.rule.slice(0, 200),
      );
      yield { code: celCodes.tooCostly.code, message, path };
    } else {
      self ??= celValue(value, node);
      yield* outcome(rule, compiled.run, { self, path });
    }
  }
}

function* outcome(
  rule: ValidationRule,
  run: (self: unknown) => unknown,
  { self, path }: { readonly self: unknown; readonly path: FieldPath },
): Generator<RuleFinding> {
  try {
    if (run(self) === true) return;
  } catch (error) {
    const told = rule.message ?? rule.rule.slice(0, 200);
    const message = say("{0} (the rule ends with an error here: {1})", told, firstLine(error));
    yield { code: celCodes.broken.code, message, path, problem: problems.badValue };
    return;
  }
  yield broken(rule, path, computedMessage(rule, self));
}

function computedMessage({ messageExpression }: ValidationRule, self: unknown): string | undefined {
  if (messageExpression === undefined) return undefined;
  const compiled = compileRule(messageExpression);
  if (!("run" in compiled) || compiled.loops > 0) return undefined;
  try {
    const text = compiled.run(self);
    return typeof text === "string" && text.trim() !== "" ? text : undefined;
  } catch {
    return undefined;
  }
}

function broken(rule: ValidationRule, path: FieldPath, computed: string | undefined): RuleFinding {
  const text = computed ?? rule.message;
  const message =
    text === undefined ? say("The rule of the kind is broken: {0}", rule.rule.slice(0, 200)) : say("{0}", text);
  const steps = /^(?:\.[A-Za-z_]\w*)+$/u.test(rule.fieldPath ?? "") ? rule.fieldPath?.slice(1).split(".") : undefined;
  return { code: celCodes.broken.code, message, path: [...path, ...(steps ?? [])], problem: problems.badValue };
}
