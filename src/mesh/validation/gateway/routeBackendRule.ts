import { routeKinds, routeStatus } from "./routeStatus.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  BackendNotFound: "FY0313",
  RefNotPermitted: "FY0314",
  InvalidKind: "FY0315",
  InvalidDestination: "FY0315",
  InvalidFilter: "FY0316",
  InvalidConfiguration: "FY0316",
};

export const routeBackends: Rule = {
  name: "routeBackends",
  layer: "gateway",
  codes: [
    {
      code: "FY0313",
      severity: "error",
      title: "Route's backend not found",
      explanation: "Requests for a backend that does not exist are answered with status 500.",
      source: "backendRefs; reason BackendNotFound; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0314",
      severity: "error",
      title: "Backend of another namespace not permitted",
      explanation:
        "A route may use a backend of another namespace only if a ReferenceGrant there says so; requests get status 500 otherwise.",
      source: "ReferenceGrant; reason RefNotPermitted; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0315",
      severity: "error",
      title: "Backend cannot be used",
      explanation:
        "Istio routes to a Service, ServiceImport, Hostname (networking.istio.io) or InferencePool, by its plain name and with a port.",
      source:
        "backendRefs; reasons InvalidKind, InvalidDestination; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0316",
      severity: "error",
      title: "Filter or match not supported",
      explanation: "Istio does not implement this filter or match, so it uses none of the route's rules.",
      source: "reasons InvalidFilter, InvalidConfiguration; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
  ],
  kinds: routeKinds,
  reads: readByConditions,
  *check({ kind, namespace, name }, world) {
    // All faults, though a condition names only one.
    yield* faultFindings(world.ask(routeStatus, `${kind}|${namespace}/${name}`).ruleFaults, codes);
  },
};
