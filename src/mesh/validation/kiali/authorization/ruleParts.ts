import { fieldsAt, listAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";

/** A part of an AuthorizationPolicy with its place. */
export interface RulePart {
  readonly value: unknown;
  readonly path: FieldPath;
}

/** Every `source` of the rules. */
export function* sourcesOf(object: KubeObject): Generator<RulePart> {
  yield* partsOf(object, "from", "source");
}

/** Every `operation` of the rules. */
export function* operationsOf(object: KubeObject): Generator<RulePart> {
  yield* partsOf(object, "to", "operation");
}

/** Every condition of the rules. */
export function* conditionsOf(object: KubeObject): Generator<RulePart> {
  for (const [rule, item] of listAt(fieldsAt(object, "spec"), "rules").entries()) {
    for (const [index, value] of listAt(item, "when").entries()) {
      yield { value, path: ["spec", "rules", rule, "when", index] };
    }
  }
}

function* partsOf(object: KubeObject, list: "from" | "to", field: "source" | "operation"): Generator<RulePart> {
  for (const [rule, item] of listAt(fieldsAt(object, "spec"), "rules").entries()) {
    for (const [index, part] of listAt(item, list).entries()) {
      yield { value: fieldsAt(part, field), path: ["spec", "rules", rule, list, index, field] };
    }
  }
}

/** Istio's matching of policy texts: exact, "prefix*", "*suffix", and "*" for anything that is there. */
export function matchesText(pattern: string, text: string): boolean {
  if (pattern === "*") return text !== "";
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}
