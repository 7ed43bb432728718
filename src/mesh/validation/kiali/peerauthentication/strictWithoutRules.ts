import { say } from "../../../message.ts";
import { peerModeOf, policyLabels } from "../../../security/mtlsMode.ts";
import { meshTlsRules, namespaceTlsRules } from "../../../security/mtlsPolicies.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { hasAutoMtls, rootNamespaceOf } from "../../world/meshConfig.ts";

export const strictWithoutRules: Rule = {
  name: "kialiStrictWithoutRules",
  layer: "kiali",
  codes: [
    {
      code: "KIA0401",
      severity: "error",
      title: "No mesh-wide DestinationRule for mutual TLS",
      explanation:
        "Servers of the mesh only accept mutual TLS, automatic mutual TLS is off, and no DestinationRule for *.local makes clients use it. Add one with mode ISTIO_MUTUAL.",
      source: "security.istio.io PeerAuthentication, mtls; Kiali's peerauthentications/mesh_mtls_checker.go",
    },
    {
      code: "KIA0501",
      severity: "error",
      title: "No DestinationRule for a namespace's mutual TLS",
      explanation:
        "Servers of the namespace only accept mutual TLS, automatic mutual TLS is off, and no DestinationRule for all its hosts or *.local makes clients use it. Add one with mode ISTIO_MUTUAL.",
      source: "security.istio.io PeerAuthentication, mtls; Kiali's peerauthentications/namespace_mtls_checker.go",
    },
  ],
  kinds: [kinds.PeerAuthentication],
  reads: [kinds.DestinationRule, kinds.MeshConfig],
  *check({ object, namespace }, world) {
    if (Object.keys(policyLabels(object)).length > 0 || peerModeOf(object) !== "STRICT" || hasAutoMtls(world)) return;
    const isRoot = namespace === rootNamespaceOf(world);
    const rules = [...meshTlsRules(world), ...(isRoot ? [] : namespaceTlsRules(world, namespace))];
    if (rules.some(({ mode }) => mode === "ISTIO_MUTUAL")) return;
    yield {
      code: isRoot ? "KIA0401" : "KIA0501",
      path: ["spec", "mtls"],
      message: isRoot
        ? say("No DestinationRule for {0} has tls mode ISTIO_MUTUAL", "*.local")
        : say(
            "No DestinationRule for {0} or {1} has tls mode ISTIO_MUTUAL",
            `*.${namespace}.svc.cluster.local`,
            "*.local",
          ),
      missingIn: namespace,
      missingKind: kinds.DestinationRule,
    };
  },
};
