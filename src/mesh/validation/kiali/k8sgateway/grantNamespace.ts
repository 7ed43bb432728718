import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { namespaceExists } from "../registry/namespaces.ts";

/** Namespaces that ReferenceGrants name and nobody has. */
export const grantNamespace: Rule = {
  name: "kialiGrantNamespace",
  layer: "kiali",
  codes: [
    {
      code: "KIA1601",
      severity: "error",
      title: "Namespace of a ReferenceGrant not found",
      explanation: "The grant lets objects of a namespace in that does not exist, so it permits nothing.",
      source: "ReferenceGrant, from; Kiali's k8sreferencegrants/namespace_checker.go",
    },
  ],
  kinds: [kinds.ReferenceGrant],
  reads: [kinds.Namespace],
  *check({ object }, world) {
    for (const [index, from] of listAt(fieldsAt(object, "spec"), "from").entries()) {
      const namespace = textAt(from, "namespace");
      if (namespace === undefined || namespaceExists(world, namespace)) continue;
      yield {
        code: "KIA1601",
        message: say("Namespace {0} not found", namespace),
        path: ["spec", "from", index, "namespace"],
        problem: problems.namespaceNotFound,
        missingIn: "",
        missingKind: kinds.Namespace,
      };
    }
  },
};
