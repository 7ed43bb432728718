import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { clientTlsModeOf, isMutual } from "../../../security/mtlsMode.ts";
import { tlsScopeOf } from "../../../security/mtlsPolicies.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { sameValue } from "../../world/sameValue.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { meet, rivalsOf, type HostClaim } from "../registry/meeting.ts";
import { ruleHost, rulesOfHost, rulesUnderWildcard } from "../registry/rulesOfHost.ts";
import { wildcardsOver } from "../registry/serviceHost.ts";
import { namesOf, relatedTo } from "../related.ts";

export const sameHostAndSubset: Rule = {
  name: "kialiSameHostAndSubset",
  layer: "kiali",
  codes: [
    {
      code: "KIA0201",
      severity: "warning",
      title: "Several DestinationRules for a host",
      explanation:
        "Several DestinationRules are for the same host and subset, or cover it with a wildcard. Which one counts depends on namespaces and age. Merge them, or restrict who sees them with exportTo.",
      source: "networking.istio.io DestinationRule, host; Kiali's destinationrules/multi_match_checker.go",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.Sidecar, kinds.Namespace, kinds.MeshConfig],
  *check(rule, world) {
    const key = ruleHost(world, rule);
    if (key === undefined || isForMtls(rule)) return;
    const own = { object: rule, key };
    const others = rivalsOf(
      claimsLike(world, key),
      own,
      (rival) => !isForMtls(rival.object) && shareSubsets(rule, rival.object) && meet(world, own, rival, true),
    );
    if (others.length === 0) return;
    yield {
      code: "KIA0201",
      path: ["spec", "host"],
      message: say("{0} is for the same host and subset too", namesOf(others)),
      related: relatedTo(others, ["spec", "host"], say("Another DestinationRule for this host")),
    };
  },
};

function* claimsLike(world: World, key: string): Generator<HostClaim> {
  for (const host of [key, ...wildcardsOver(key)]) {
    for (const object of world.ask(rulesOfHost, host)) yield { object, key: host };
  }
  if (!key.startsWith("*")) return;
  for (const object of world.ask(rulesUnderWildcard, key)) yield { object, key: ruleHost(world, object) ?? key };
}

// Rules that switch mutual TLS on for a namespace or the mesh are meant to stand beside those of single hosts.
function isForMtls(rule: WorldObject): boolean {
  return tlsScopeOf(rule) !== undefined && isMutual(clientTlsModeOf(rule.object));
}

function shareSubsets(a: WorldObject, b: WorldObject): boolean {
  const [specA, specB] = [fieldsAt(a.object, "spec"), fieldsAt(b.object, "spec")];
  // Rules for different clients do not meet.
  if (!sameValue(clientsOf(specA), clientsOf(specB))) return false;
  const [ofA, ofB] = [subsetsOf(specA), subsetsOf(specB)];
  return ofA.size === 0 || ofB.size === 0 || [...ofA].some((name) => ofB.has(name));
}

function clientsOf(spec: unknown): unknown {
  return textMapAt(fieldsAt(spec, "workloadSelector"), "matchLabels");
}

function subsetsOf(spec: unknown): ReadonlySet<string> {
  return new Set(listAt(spec, "subsets").flatMap((subset) => textAt(subset, "name") ?? []));
}
