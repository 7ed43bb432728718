import { kinds } from "../kinds.ts";
import { conditionsOfObject } from "./conditions.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, faultsOf, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  NotAllowed: "FY0309",
};

export const listenerSets: Rule = {
  name: "listenerSets",
  layer: "gateway",
  codes: [
    {
      code: "FY0309",
      severity: "error",
      title: "ListenerSet not allowed by its Gateway",
      explanation:
        "A Gateway takes ListenerSets only from namespaces that its allowedListeners names; the default is none. Gateways of waypoint classes take none at all.",
      source:
        "Gateway spec.allowedListeners; reason NotAllowed; Istio's pilot/pkg/config/kube/gateway/gateway_collection.go",
    },
  ],
  kinds: [kinds.ListenerSet],
  reads: readByConditions,
  *check(object, world) {
    yield* faultFindings(faultsOf(conditionsOfObject(world, object)), codes);
  },
};
