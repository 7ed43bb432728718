import { kinds } from "../kinds.ts";
import { conditionsOfObject } from "./conditions.ts";
import type { Rule } from "../rule.ts";
import { faultFindings, faultsOf, readByConditions } from "./faultFindings.ts";

const codes: Readonly<Record<string, string>> = {
  UnsupportedAddress: "FY0301",
  DeprecatedField: "FY0301",
  AddressNotUsable: "FY0301",
  InvalidParameters: "FY0302",
};

export const gatewayAddresses: Rule = {
  name: "gatewayAddresses",
  layer: "gateway",
  codes: [
    {
      code: "FY0301",
      severity: "error",
      title: "Gateway's addresses cannot be used",
      explanation:
        "Istio binds a Gateway that has addresses to the Services that they name, so they are of type Hostname, and the Services have the listeners' ports. Without addresses istiod makes a Service itself.",
      source:
        "Gateway spec.addresses; reasons UnsupportedAddress, DeprecatedField, AddressNotUsable; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
    {
      code: "FY0302",
      severity: "error",
      title: "Gateway's parameters not found",
      explanation:
        "The parameters of a Gateway's deployment are in a ConfigMap of its namespace. Without it the Gateway is not accepted.",
      source:
        "Gateway spec.infrastructure.parametersRef; reason InvalidParameters; Istio's pilot/pkg/config/kube/gateway/conversion.go",
    },
  ],
  kinds: [kinds.KubernetesGateway, kinds.ListenerSet],
  reads: readByConditions,
  *check(object, world) {
    yield* faultFindings(faultsOf(conditionsOfObject(world, object)), codes);
  },
};
