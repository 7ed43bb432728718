import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { visibleRules } from "../registry/rulesOfHost.ts";
import { hostKey, serviceNameOf } from "../registry/serviceHost.ts";
import { isImported, sidecarScope } from "../registry/sidecarScope.ts";
import { routeBlocks } from "./routes.ts";

export const subsetFound: Rule = {
  name: "kialiSubsetFound",
  layer: "kiali",
  codes: [
    {
      code: "KIA1107",
      severity: "warning",
      title: "Subset not found",
      explanation:
        "No DestinationRule for the host that the VirtualService's namespace sees defines the subset, so requests to it fail. Add the subset, export the rule, or correct the name.",
      source:
        "networking.istio.io VirtualService, Destination.subset; Kiali's virtualservices/subset_presence_checker.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.DestinationRule, kinds.Sidecar, kinds.Namespace, kinds.MeshConfig],
  *check(vs, world) {
    if (!isAnyHostImported(vs, world)) return;
    for (const { destinations } of routeBlocks(vs.object)) {
      for (const { host, subset, path } of destinations) {
        if (host === undefined || subset === undefined) continue;
        const rules = visibleRules(world, hostKey(world, host, vs.namespace), vs.namespace);
        if (rules.some((rule) => hasSubset(rule, subset))) continue;
        yield {
          code: "KIA1107",
          path: [...path, "destination", "subset"],
          problem: problems.subsetNotFound,
          message: say("No visible DestinationRule for {0} defines the subset {1}", host, subset),
          related: rules.slice(0, 3).map((object) => ({
            object,
            path: ["spec", "subsets"],
            message: say("This rule for the host has no such subset"),
          })),
          missingIn: serviceNameOf(world, host, vs.namespace)?.namespace ?? vs.namespace,
        };
      }
    }
  },
};

function hasSubset(rule: WorldObject, subset: string): boolean {
  return listAt(fieldsAt(rule.object, "spec"), "subsets").some((item) => textAt(item, "name") === subset);
}

function isAnyHostImported(vs: WorldObject, world: World): boolean {
  const scope = sidecarScope(world, vs.namespace);
  if (scope === undefined) return true;
  const hosts = textsAt(fieldsAt(vs.object, "spec"), "hosts");
  return hosts.some((host) => isImported(scope, vs.namespace, hostKey(world, host, vs.namespace)));
}
