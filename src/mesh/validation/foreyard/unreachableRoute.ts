import { say, type Message } from "../../message.ts";
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
    const covered = coveredMatches(routed.service);
    for (const rule of rulesOf(covered)) {
      const counted = routed.service[rule.protocol].filter((match) => match.rule === rule.rule).length;
      if (counted === rule.matches.length && rule.matches.every(({ by }) => by.rule !== rule.rule)) {
        yield wholeRule(object, rule);
      } else for (const match of rule.matches) yield oneMatch(object, match);
    }
  },
};

interface CoveredRule {
  readonly protocol: CoveredMatch["protocol"];
  readonly rule: number;
  readonly matches: readonly [CoveredMatch, ...CoveredMatch[]];
}

function rulesOf(covered: readonly CoveredMatch[]): readonly CoveredRule[] {
  const rules = new Map<string, [CoveredMatch, ...CoveredMatch[]]>();
  for (const match of covered) {
    const key = `${match.protocol} ${match.rule}`;
    const known = rules.get(key);
    if (known === undefined) rules.set(key, [match]);
    else known.push(match);
  }
  return [...rules.values()].map((matches) => ({ protocol: matches[0].protocol, rule: matches[0].rule, matches }));
}

function wholeRule(object: WorldObject, { protocol, rule, matches }: CoveredRule): RuleFinding {
  return {
    code: "FY1010",
    message: say("This rule is never reached: {0} takes all that it asks for", placeText(protocol, matches[0].by)),
    path: ["spec", protocol, rule],
    related: relatedOf(object, matches),
    problem: problems.unreachableRoute,
    tags: ["unnecessary"],
  };
}

function oneMatch(object: WorldObject, match: CoveredMatch): RuleFinding {
  return {
    code: "FY1010",
    // What another match of the same rule takes goes the same way.
    ...(match.by.rule === match.rule ? { severity: "hint" as const } : {}),
    message: say("This match is never reached: {0} takes all that it asks for", placeText(match.protocol, match.by)),
    path: pathOf(match.protocol, match),
    related: relatedOf(object, [match]),
    problem: problems.unreachableRoute,
    tags: ["unnecessary"],
  };
}

function relatedOf(object: WorldObject, matches: readonly CoveredMatch[]): RuleFinding["related"] & object {
  const message: Message = say("Takes its requests");
  const paths = new Map(matches.map(({ protocol, by }) => [placeText(protocol, by), pathOf(protocol, by)]));
  return [...paths.values()].slice(0, mostRelated).map((path) => ({ object, path, message }));
}

const mostRelated = 5;

function pathOf(protocol: string, at: CoveredMatch["by"]): FieldPath {
  return ["spec", protocol, at.rule, ...(at.index === undefined ? [] : ["match", at.index])];
}

function placeText(protocol: string, at: CoveredMatch["by"]): string {
  return at.index === undefined ? `${protocol}[${at.rule}]` : `${protocol}[${at.rule}].match[${at.index}]`;
}
