import { say } from "../../../message.ts";
import { clientTlsModeOf, type PeerMode } from "../../../security/mtlsMode.ts";
import { tlsScopeOf, widePeerMode, type Decided } from "../../../security/mtlsPolicies.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";

const source = "networking.istio.io DestinationRule, trafficPolicy.tls; Kiali's destinationrules/";

export const tlsDisabled: Rule = {
  name: "kialiTlsDisabled",
  layer: "kiali",
  codes: [
    {
      code: "KIA0207",
      severity: "error",
      title: "Plain text to a namespace that wants mutual TLS",
      explanation:
        "The rule makes clients send plain text to the namespace, whose PeerAuthentication is STRICT, so connections are refused. Make the PeerAuthentication PERMISSIVE, or remove the rule's tls.",
      source: `${source}disabled_namespacewide_mtls_checker.go`,
    },
    {
      code: "KIA0208",
      severity: "error",
      title: "Plain text to a mesh that wants mutual TLS",
      explanation:
        "The rule makes clients send plain text, and the PeerAuthentication of the root namespace is STRICT, so connections are refused. Make it PERMISSIVE, or remove the rule's tls.",
      source: `${source}disabled_meshwide_mtls_checker.go`,
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.PeerAuthentication, kinds.MeshConfig],
  *check(rule, world) {
    const scope = tlsScopeOf(rule);
    if (scope === undefined || clientTlsModeOf(rule.object) !== "DISABLE") return;
    const root = rootNamespaceOf(world);
    // What the namespace says itself counts before what the mesh says.
    const own = scope === "mesh" || scope.namespace === root ? undefined : widePeerMode(world, scope.namespace);
    const deciding = own ?? widePeerMode(world, root);
    if (deciding?.mode !== "STRICT") return;
    yield finding(own === undefined ? "KIA0208" : "KIA0207", deciding);
  },
};

function finding(code: string, { by }: Decided<PeerMode>): RuleFinding {
  return {
    code,
    path: ["spec", "trafficPolicy", "tls", "mode"],
    message: say("PeerAuthentication {0} refuses plain text", `${by.namespace}/${by.name}`),
    related: [{ object: by, path: ["spec", "mtls", "mode"], message: say("Only mutual TLS is accepted") }],
  };
}
