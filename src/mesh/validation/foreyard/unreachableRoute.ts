import { say } from "../../message.ts";
import { coveredMatches, type CoveredMatch } from "../../routing/virtualService.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { routedVirtualService } from "./facts/virtualServices.ts";

/** Matches of a VirtualService that an earlier match of it takes everything from. */
export const unreachableRoute: Rule = {
  name: "unreachableRoute",
  layer: "foreyard",
  codes: [
    {
      code: "FY1010",
      severity: "warning",
      title: "Route never reached",
      explanation:
        "The rules of a VirtualService are tried in their order, and an earlier match takes every request that this one " +
        "asks for. Put the narrower match first, or remove it.",
      source: "VirtualService spec.http, spec.tls, spec.tcp; istio/istio pilot/pkg/networking/core/route/route.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [],
  *check(object, world) {
    const routed = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
    if (routed === undefined) return;
    // Each match on its own, as Istio's webhook tells of them, so that one cause is one finding.
    for (const match of coveredMatches(routed.service)) yield unreached(object, match);
  },
};

function unreached(object: WorldObject, match: CoveredMatch): RuleFinding {
  const { protocol, by } = match;
  return {
    code: "FY1010",
    // What another match of the same rule takes goes the same way.
    ...(by.rule === match.rule ? { severity: "hint" as const } : {}),
    message:
      match.index === undefined
        ? say("This rule is never reached: {0} takes all that it asks for", placeText(protocol, by))
        : say("This match is never reached: {0} takes all that it asks for", placeText(protocol, by)),
    path: pathOf(protocol, match),
    related: [{ object, path: pathOf(protocol, by), message: say("Takes its requests") }],
    problem: problems.unreachableRoute,
    tags: ["unnecessary"],
  };
}

function pathOf(protocol: string, at: CoveredMatch["by"]): FieldPath {
  return ["spec", protocol, at.rule, ...(at.index === undefined ? [] : ["match", at.index])];
}

function placeText(protocol: string, at: CoveredMatch["by"]): string {
  return at.index === undefined ? `${protocol}[${at.rule}]` : `${protocol}[${at.rule}].match[${at.index}]`;
}
