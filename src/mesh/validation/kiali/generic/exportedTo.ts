import { say } from "../../../message.ts";
import { fieldsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { isAmbientNamespace } from "../ambient/enrolment.ts";
import { namespaceExists } from "../registry/namespaces.ts";
import { textItems } from "../textItems.ts";

export const exportedTo: Rule = {
  name: "kialiExportedTo",
  layer: "kiali",
  codes: [
    {
      code: "KIA0005",
      severity: "error",
      title: "Exported to a namespace that is not there",
      explanation: "exportTo names a namespace that does not exist, so nobody there sees the object. Correct the name.",
      source: "networking.istio.io exportTo; Kiali's common/export_to_namespace_checker.go",
    },
  ],
  kinds: [kinds.VirtualService, kinds.DestinationRule, kinds.ServiceEntry],
  reads: [kinds.Namespace],
  *check(own, world) {
    const names = textItems(fieldsAt(own.object, "spec"), "exportTo");
    if (names.length === 0 || isAmbientNamespace(world, own.namespace)) return;
    for (const [index, name] of names) {
      if (name === "." || name === "*" || name === "~" || namespaceExists(world, name)) continue;
      yield {
        code: "KIA0005",
        path: ["spec", "exportTo", index],
        problem: problems.namespaceNotFound,
        message: say("There is no namespace {0} to export to", name),
        missingIn: name,
        missingKind: kinds.Namespace,
      };
    }
  },
};
