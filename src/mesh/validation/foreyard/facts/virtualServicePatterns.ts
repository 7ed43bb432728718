import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";

interface PlacedPattern {
  readonly pattern: string;
  readonly path: FieldPath;
}

/** Every pattern of a VirtualService's HTTP rules. */
export function patternsOfVirtualService(object: KubeObject): readonly PlacedPattern[] {
  return listAt(fieldsAt(object, "spec"), "http").flatMap((rule, at) => {
    const path: FieldPath = ["spec", "http", at];
    return [
      ...listAt(rule, "match").flatMap((match, index) => patternsOfMatch(match, [...path, "match", index])),
      ...listAt(fieldsAt(rule, "corsPolicy"), "allowOrigins").flatMap((origin, index) =>
        regexOf(origin, [...path, "corsPolicy", "allowOrigins", index]),
      ),
      ...rewritePattern(rule, path),
    ];
  });
}

function patternsOfMatch(match: unknown, path: FieldPath): readonly PlacedPattern[] {
  const single = ["uri", "scheme", "method", "authority"].flatMap((field) =>
    regexOf(fieldsOf(match)[field], [...path, field]),
  );
  const named = ["headers", "withoutHeaders", "queryParams"].flatMap((field) =>
    Object.entries(fieldsAt(match, field)).flatMap(([name, condition]) => regexOf(condition, [...path, field, name])),
  );
  return [...single, ...named];
}

function regexOf(condition: unknown, path: FieldPath): readonly PlacedPattern[] {
  const pattern = textAt(condition, "regex");
  return pattern === undefined ? [] : [{ pattern, path: [...path, "regex"] }];
}

function rewritePattern(rule: unknown, path: FieldPath): readonly PlacedPattern[] {
  const pattern = textAt(fieldsAt(fieldsAt(rule, "rewrite"), "uriRegexRewrite"), "match");
  return pattern === undefined ? [] : [{ pattern, path: [...path, "rewrite", "uriRegexRewrite", "match"] }];
}
