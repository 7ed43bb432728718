import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { clientTlsModeOf } from "../../../security/mtlsMode.ts";
import { meshTlsRules, namespaceTlsRules, tlsScopeOf } from "../../../security/mtlsPolicies.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { meet } from "../registry/meeting.ts";
import { ruleHost, rulesOfHost } from "../registry/rulesOfHost.ts";
import { serviceNameOf } from "../registry/serviceHost.ts";
import { namesOf, relatedTo } from "../related.ts";

export const tlsOverridden: Rule = {
  name: "kialiTlsOverridden",
  layer: "kiali",
  codes: [
    {
      code: "KIA0204",
      severity: "warning",
      title: "DestinationRule drops another's mutual TLS",
      explanation:
        "Another DestinationRule switches mutual TLS on for this host, its namespace or the mesh. Rules are not merged: this one takes its place for the host and says nothing of TLS. Repeat the tls settings here.",
      source:
        "networking.istio.io DestinationRule, trafficPolicy.tls; Kiali's destinationrules/traffic_policy_checker.go",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.Sidecar, kinds.Namespace, kinds.MeshConfig],
  *check(rule, world) {
    const policy = fieldsAt(fieldsAt(rule.object, "spec"), "trafficPolicy");
    if (hasTls(policy) || tlsScopeOf(rule) !== undefined) return;
    const others = mutualRules(world, rule).filter(({ id }) => id !== rule.id);
    if (others.length === 0) return;
    yield {
      code: "KIA0204",
      path: ["spec", "trafficPolicy"],
      at: "key",
      message: say("The mutual TLS of {0} is lost here, since this rule says nothing of tls", namesOf(others)),
      related: relatedTo(others, ["spec", "trafficPolicy", "tls"], say("Switches mutual TLS on")),
    };
  },
};

function hasTls(policy: unknown): boolean {
  if (fieldsOf(policy)["tls"] != null) return true;
  return listAt(policy, "portLevelSettings").some((settings) => fieldsOf(settings)["tls"] != null);
}

function mutualRules(world: World, rule: WorldObject): readonly WorldObject[] {
  const host = textAt(fieldsAt(rule.object, "spec"), "host");
  const key = ruleHost(world, rule);
  if (host === undefined || key === undefined) return [];
  const service = serviceNameOf(world, host, rule.namespace);
  const wide = [
    ...(key.endsWith(".local") ? meshTlsRules(world) : []),
    ...(service === undefined ? [] : namespaceTlsRules(world, service.namespace)),
  ]
    .filter(({ mode }) => mode === "ISTIO_MUTUAL")
    .map(({ by }) => by);
  const same = world
    .ask(rulesOfHost, key)
    .slice(0, 50)
    .filter((other) => clientTlsModeOf(other.object) === "ISTIO_MUTUAL");
  return [...wide.slice(0, 50), ...same].filter((other) =>
    meet(world, { object: rule, key }, { object: other, key }, false),
  );
}
