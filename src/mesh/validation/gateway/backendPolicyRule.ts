import { kinds } from "../kinds.ts";
import { conditionsOfObject } from "./conditions.ts";
import { routeKinds } from "./routeStatus.ts";
import { gatewayKinds } from "./references.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, faultsOf, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  TargetNotFound: "FY0317",
  Conflicted: "FY0318",
  InvalidKind: "FY0319",
  InvalidCACertificateRef: "FY0319",
  Invalid: "FY0319",
};

export const backendPolicies: Rule = {
  name: "backendPolicies",
  layer: "gateway",
  codes: [
    {
      code: "FY0317",
      severity: "error",
      title: "Target of a backend policy not found",
      explanation:
        "The policy applies to a Service or ServiceEntry of its own namespace, or to one of its ports by name; here it applies to nothing.",
      source: "targetRefs; reason TargetNotFound; Istio's pilot/pkg/config/kube/gateway/backend_policies.go",
    },
    {
      code: "FY0318",
      severity: "warning",
      title: "Backend policy overridden by an older one",
      explanation:
        "Of several policies for the same target and section the oldest applies, among equally old ones the first by name.",
      source: "targetRefs; reason Conflicted; Istio's pilot/pkg/config/kube/gateway/backend_policies.go",
    },
    {
      code: "FY0319",
      severity: "error",
      title: "CA certificate of a backend cannot be used",
      explanation:
        "The backend's certificate is checked by ca.crt of a ConfigMap in the policy's namespace, or by those of the system. Without it requests to the backend fail.",
      source:
        "spec.validation; reasons InvalidKind, InvalidCACertificateRef, Invalid; Istio's pilot/pkg/config/kube/gateway/backend_policies.go",
    },
  ],
  kinds: [kinds.BackendTLSPolicy, gatewayKinds.XBackendTrafficPolicy],
  reads: [...readByConditions, ...routeKinds, kinds.BackendTLSPolicy],
  *check(object, world) {
    yield* faultFindings(faultsOf(conditionsOfObject(world, object)), codes);
  },
};
