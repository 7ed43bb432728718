import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { namespaceExists } from "../registry/namespaces.ts";
import { textItems } from "../textItems.ts";
import { matchesText, sourcesOf } from "./ruleParts.ts";

export const sourceNamespaces: Rule = {
  name: "kialiSourceNamespaces",
  layer: "kiali",
  codes: [
    {
      code: "KIA0101",
      severity: "warning",
      title: "Source namespace not found",
      explanation:
        "No namespace matches what the rule takes as a source, so nothing comes from there. Names may be exact, a prefix (a*), a suffix (*a) or * for any.",
      source:
        "security.istio.io AuthorizationPolicy, Source.namespaces; Kiali's authorization/namespace_method_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [kinds.Namespace],
  *check({ object }, world) {
    for (const { value, path } of sourcesOf(object)) {
      for (const [index, name] of textItems(value, "namespaces")) {
        if (exists(world, name)) continue;
        yield {
          code: "KIA0101",
          path: [...path, "namespaces", index],
          problem: problems.namespaceNotFound,
          message: say("No namespace matches {0}", name),
          missingIn: name.includes("*") ? "*" : name,
          missingKind: kinds.Namespace,
        };
      }
    }
  },
};

function exists(world: World, name: string): boolean {
  if (!name.includes("*")) return namespaceExists(world, name);
  return name === "*" || world.clusters().some((cluster) => cluster.ask(anyMatches, name));
}

const anyMatches = defineQuery<boolean>((world, pattern) =>
  world.all(kinds.Namespace).some(({ name }) => matchesText(pattern, name)),
);
