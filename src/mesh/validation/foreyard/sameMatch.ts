import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";

/** Matches of a Gateway API route that an earlier rule of it has already. */
export const sameMatch: Rule = {
  name: "sameMatch",
  layer: "foreyard",
  codes: [
    {
      code: "FY1012",
      severity: "warning",
      title: "Same match in two rules",
      explanation:
        "Matches of the Gateway API are ordered by how much they ask for and not by their place. Of two that ask for the same " +
        "the first rule takes all requests, and the later one gets none.",
      source: "Gateway API, precedence of HTTPRouteMatch and GRPCRouteMatch; corpus/routing facts 47 to 49",
    },
  ],
  kinds: [kinds.HTTPRoute, kinds.GRPCRoute],
  reads: [],
  *check(object) {
    const first = new Map<string, { readonly rule: number; readonly path: FieldPath }>();
    for (const [rule, value] of listAt(fieldsAt(object.object, "spec"), "rules").entries()) {
      const matches = listAt(value, "matches");
      const path: FieldPath = ["spec", "rules", rule];
      const places = matches.map((match, at) => ({ match, path: [...path, "matches", at] }));
      for (const place of matches.length === 0 ? [{ match: {}, path }] : places) {
        const key = object.kind === kinds.HTTPRoute ? httpKey(place.match) : grpcKey(place.match);
        const other = first.get(key);
        if (other === undefined) first.set(key, { rule, path: place.path });
        // Within a rule both go the same way.
        else if (other.rule !== rule) {
          yield {
            code: "FY1012",
            message: say("rules[{0}] has the same match and takes all its requests", other.rule),
            path: place.path,
            related: [{ object, path: other.path, message: say("The same match") }],
            problem: problems.unreachableRoute,
            tags: ["unnecessary"],
          };
        }
      }
    }
  },
};

function httpKey(match: unknown): string {
  const path = fieldsAt(match, "path");
  const type = textAt(path, "type") ?? "PathPrefix";
  const value = textAt(path, "value") ?? "/";
  // PathPrefix goes by segments: "/foo/" is "/foo".
  const normal = type === "PathPrefix" && value !== "/" ? value.replace(/\/$/u, "") : value;
  return JSON.stringify([
    type,
    normal,
    textAt(match, "method") ?? "",
    conditions(match, "headers", (name) => name.toLowerCase()),
    conditions(match, "queryParams", (name) => name),
  ]);
}

function grpcKey(match: unknown): string {
  const method = fieldsAt(match, "method");
  const parts = [textAt(method, "type") ?? "Exact", textAt(method, "service") ?? "", textAt(method, "method") ?? ""];
  return JSON.stringify([parts, conditions(match, "headers", (name) => name.toLowerCase())]);
}

/** As texts in order; of several conditions on one name the first counts. */
function conditions(match: unknown, field: string, normal: (name: string) => string): readonly string[] {
  const byName = new Map<string, string>();
  for (const condition of listAt(match, field)) {
    const name = normal(textAt(condition, "name") ?? "");
    if (!byName.has(name)) {
      byName.set(name, JSON.stringify([name, textAt(condition, "type") ?? "Exact", textAt(condition, "value") ?? ""]));
    }
  }
  return [...byName.values()].sort();
}
