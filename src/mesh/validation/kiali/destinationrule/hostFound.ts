import { say } from "../../../message.ts";
import { fieldsAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { hostNamespace, isHostKnown } from "../registry/findHost.ts";
import { allowsAnyHost } from "../registry/meshSettings.ts";
import { serviceNameOf } from "../registry/serviceHost.ts";
import { workloadReads, workloadsWith } from "../registry/workloads.ts";

export const hostFound: Rule = {
  name: "kialiRuleHostFound",
  layer: "kiali",
  codes: [
    {
      code: "KIA0202",
      severity: "error",
      title: "DestinationRule for an unknown host",
      explanation:
        "No Service, ServiceEntry or workload that the rule's namespace sees stands for the host, so the rule has no effect. It is a warning where the mesh lets traffic to unknown hosts pass.",
      source: "networking.istio.io DestinationRule, host; Kiali's destinationrules/no_dest_checker.go",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.Service, kinds.ServiceEntry, kinds.Namespace, kinds.MeshConfig, ...workloadReads],
  *check(rule, world) {
    const host = textAt(fieldsAt(rule.object, "spec"), "host");
    if (host === undefined || host.includes("*") || isHostKnown(world, host, rule.namespace)) return;
    const service = serviceNameOf(world, host, rule.namespace);
    if (service?.namespace === rule.namespace) {
      if (workloadsWith(world, rule.namespace, { app: service.name }).length > 0) return;
    }
    yield {
      code: "KIA0202",
      path: ["spec", "host"],
      problem: problems.hostNotFound,
      severity: allowsAnyHost(world) ? "warning" : "error",
      message: say("No Service or ServiceEntry for host {0} is visible in namespace {1}", host, rule.namespace),
      missingIn: hostNamespace(world, host, rule.namespace),
      missingKind: kinds.Service,
    };
  },
};
