import { fieldsAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isVisibleIn, visibilityOf } from "./exportTo.ts";
import { hostKey, wildcardsOver } from "./serviceHost.ts";

/** The DestinationRules by the host they are for, as `hostKey` spells it. */
const rulesByHost = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const rules = new Map<string, WorldObject[]>();
  for (const rule of world.all(kinds.DestinationRule)) {
    const key = ruleHost(world, rule);
    if (key === undefined) continue;
    const list = rules.get(key);
    if (list === undefined) rules.set(key, [rule]);
    else list.push(rule);
  }
  return rules;
});

/** The DestinationRules of exactly one host. */
export const rulesOfHost = defineQuery<readonly WorldObject[]>((world, key) => world.ask(rulesByHost).get(key) ?? []);

const rulesByWildcard = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const under = new Map<string, WorldObject[]>();
  for (const [host, rules] of world.ask(rulesByHost)) {
    for (const wildcard of wildcardsOver(host)) {
      const list = under.get(wildcard);
      if (list === undefined) under.set(wildcard, [...rules]);
      else for (const rule of rules) list.push(rule);
    }
  }
  return under;
});

/** The DestinationRules of hosts that a wildcard covers. */
export const rulesUnderWildcard = defineQuery<readonly WorldObject[]>(
  (world, wildcard) => world.ask(rulesByWildcard).get(wildcard) ?? [],
);

export function ruleHost(world: World, rule: WorldObject): string | undefined {
  const host = textAt(fieldsAt(rule.object, "spec"), "host");
  return host === undefined ? undefined : hostKey(world, host, rule.namespace);
}

/** The DestinationRules for a host, by name or wildcard, the nearest first, that a namespace sees. */
export function visibleRules(world: World, key: string, namespace: string): readonly WorldObject[] {
  return [key, ...wildcardsOver(key)]
    .flatMap((host) => world.ask(rulesOfHost, host))
    .filter((rule) => isVisibleIn(visibilityOf(world, rule), namespace));
}
