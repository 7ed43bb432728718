import { conditionsOfObject } from "./conditions.ts";
import { routeKinds } from "./routeStatus.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, faultsOf, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  NoMatchingParent: "FY0310",
  NoMatchingListenerHostname: "FY0311",
  NotAllowedByListeners: "FY0312",
};

export const routeParents: Rule = {
  name: "routeParents",
  layer: "gateway",
  codes: [
    {
      code: "FY0310",
      severity: "error",
      title: "Route's parent has no such listener or is missing",
      explanation:
        "No listener of the parent has this name or port, or the Service that the route is for is missing. The route applies to nothing.",
      source: "parentRefs; reason NoMatchingParent; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0311",
      severity: "error",
      title: "Route's host names match no listener",
      explanation:
        "A route is attached to listeners whose host name overlaps one of its own; here none does, so it gets no requests.",
      source: "hostnames; reason NoMatchingListenerHostname; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0312",
      severity: "error",
      title: "Listener does not take the route",
      explanation:
        "Listeners take routes of their own namespace unless allowedRoutes says more, and only kinds that fit their protocol.",
      source:
        "listeners[].allowedRoutes; reason NotAllowedByListeners; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
  ],
  kinds: routeKinds,
  reads: readByConditions,
  *check(object, world) {
    yield* faultFindings(faultsOf(conditionsOfObject(world, object)), codes);
  },
};
