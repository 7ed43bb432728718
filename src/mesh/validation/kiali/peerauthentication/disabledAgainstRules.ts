import { say } from "../../../message.ts";
import { isMutual, peerModeOf, policyLabels } from "../../../security/mtlsMode.ts";
import { meshTlsRules, namespaceTlsRules } from "../../../security/mtlsPolicies.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import type { World } from "../../world/world.ts";

export const disabledAgainstRules: Rule = {
  name: "kialiDisabledAgainstRules",
  layer: "kiali",
  codes: [
    {
      code: "KIA0505",
      severity: "error",
      title: "Mutual TLS off in a namespace whose clients use it",
      explanation:
        "Servers of the namespace accept plain text only, and a DestinationRule makes clients use mutual TLS to them. Set its tls mode to DISABLE for the namespace, or allow mutual TLS.",
      source:
        "security.istio.io PeerAuthentication, mtls; Kiali's peerauthentications/disabled_namespacewide_checker.go",
    },
    {
      code: "KIA0506",
      severity: "error",
      title: "Mutual TLS off in a mesh whose clients use it",
      explanation:
        "Servers of the mesh accept plain text only, and a DestinationRule for *.local makes clients use mutual TLS. Set its tls mode to DISABLE, or allow mutual TLS.",
      source: "security.istio.io PeerAuthentication, mtls; Kiali's peerauthentications/disabled_meshwide_checker.go",
    },
  ],
  kinds: [kinds.PeerAuthentication],
  reads: [kinds.DestinationRule, kinds.MeshConfig],
  *check({ object, namespace }, world) {
    if (Object.keys(policyLabels(object)).length > 0 || peerModeOf(object) !== "DISABLE") return;
    const isRoot = namespace === rootNamespaceOf(world);
    const deciding = isRoot ? meshTlsRules(world) : rulesFor(world, namespace);
    const mutual = deciding.find(({ mode }) => isMutual(mode));
    if (mutual === undefined) return;
    const { by } = mutual;
    yield {
      code: isRoot ? "KIA0506" : "KIA0505",
      path: ["spec", "mtls"],
      message: say("DestinationRule {0} makes clients use mutual TLS", `${by.namespace}/${by.name}`),
      related: [{ object: by, path: ["spec", "trafficPolicy", "tls", "mode"], message: say("Clients use mutual TLS") }],
    };
  },
};

// A rule for the namespace takes the place of one for the mesh.
function rulesFor(world: World, namespace: string) {
  const own = namespaceTlsRules(world, namespace);
  const isDecided = own.some(({ mode }) => mode === "DISABLE" || isMutual(mode));
  return isDecided ? own : meshTlsRules(world);
}
