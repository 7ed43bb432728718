import { say } from "../../../message.ts";
import { clientTlsModeOf } from "../../../security/mtlsMode.ts";
import { tlsScopeOf, widePeerMode } from "../../../security/mtlsPolicies.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { hasAutoMtls, rootNamespaceOf } from "../../world/meshConfig.ts";

const source = "networking.istio.io DestinationRule, trafficPolicy.tls; Kiali's destinationrules/";

export const tlsWithoutPeers: Rule = {
  name: "kialiTlsWithoutPeers",
  layer: "kiali",
  codes: [
    {
      code: "KIA0205",
      severity: "error",
      title: "No mesh-wide PeerAuthentication for mutual TLS",
      explanation:
        "The rule makes every client of the mesh use mutual TLS, automatic mutual TLS is off, and no PeerAuthentication of the root namespace makes servers accept it. Add one with mode STRICT or PERMISSIVE.",
      source: `${source}meshwide_mtls_checker.go`,
    },
    {
      code: "KIA0206",
      severity: "error",
      title: "No PeerAuthentication for a namespace's mutual TLS",
      explanation:
        "The rule makes clients use mutual TLS to the namespace, automatic mutual TLS is off, and no PeerAuthentication of the namespace or mesh makes servers accept it. Add one with mode STRICT or PERMISSIVE.",
      source: `${source}namespacewide_mtls_checker.go`,
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.PeerAuthentication, kinds.MeshConfig],
  *check(rule, world) {
    const scope = tlsScopeOf(rule);
    if (scope === undefined || clientTlsModeOf(rule.object) !== "ISTIO_MUTUAL" || hasAutoMtls(world)) return;
    const root = rootNamespaceOf(world);
    const isOn = (namespace: string) => {
      const mode = widePeerMode(world, namespace)?.mode;
      return mode === "STRICT" || mode === "PERMISSIVE";
    };
    if (isOn(root) || (scope !== "mesh" && isOn(scope.namespace))) return;
    const namespace = scope === "mesh" ? root : scope.namespace;
    yield {
      code: scope === "mesh" ? "KIA0205" : "KIA0206",
      path: ["spec", "trafficPolicy", "tls", "mode"],
      message: say("No PeerAuthentication for all of namespace {0} switches mutual TLS on", namespace),
      missingIn: namespace,
      missingKind: kinds.PeerAuthentication,
    };
  },
};
