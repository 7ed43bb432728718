import { say } from "../../../message.ts";
import { fieldsAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { serviceAccountExists } from "../registry/serviceAccounts.ts";
import { workloadReads } from "../registry/workloads.ts";

export const serviceAccount: Rule = {
  name: "kialiGroupServiceAccount",
  layer: "kiali",
  codes: [
    {
      code: "KIA1701",
      severity: "warning",
      title: "Service account of a WorkloadGroup not found",
      explanation:
        "The machines of the group are to run as a service account that is not in the namespace, so they get no identity. Create it, or correct the name.",
      source:
        "networking.istio.io WorkloadGroup, template.serviceAccount; Kiali's workloadgroups/service_accounts_checker.go",
    },
  ],
  kinds: [kinds.WorkloadGroup],
  reads: [kinds.ServiceAccount, ...workloadReads],
  *check({ object, namespace }, world) {
    const name = textAt(fieldsAt(fieldsAt(object, "spec"), "template"), "serviceAccount");
    // Kubernetes makes the account "default" in every namespace.
    if (name === undefined || name === "default" || serviceAccountExists(world, namespace, name)) return;
    yield {
      code: "KIA1701",
      path: ["spec", "template", "serviceAccount"],
      problem: problems.serviceAccountNotFound,
      message: say("There is no service account {0} in namespace {1}", name, namespace),
      missingIn: namespace,
      missingKind: kinds.ServiceAccount,
    };
  },
};
