import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { isLeftOut } from "../../routing/delegates.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { routedVirtualService } from "./facts/virtualServices.ts";

/** A rule of a root VirtualService that takes its routes from a delegate. */
interface RootRule {
  readonly object: WorldObject;
  readonly rule: number;
  readonly value: unknown;
}

const rootsByDelegate = defineQuery((world): ReadonlyMap<string, readonly RootRule[]> => {
  const roots = new Map<string, RootRule[]>();
  for (const object of world.all(kinds.VirtualService)) {
    for (const [rule, value] of listAt(fieldsAt(object.object, "spec"), "http").entries()) {
      const key = delegateOf(value, object);
      if (key === undefined) continue;
      const known = roots.get(key);
      if (known === undefined) roots.set(key, [{ object, rule, value }]);
      else known.push({ object, rule, value });
    }
  }
  return roots;
});

/** The rules that name a delegate ("namespace/name"). */
const rootsOf = defineQuery((world, key): readonly RootRule[] => world.ask(rootsByDelegate).get(key) ?? []);

function delegateOf(rule: unknown, { namespace }: WorldObject): string | undefined {
  const delegate = fieldsAt(rule, "delegate");
  const name = textAt(delegate, "name");
  return name === undefined ? undefined : `${textAt(delegate, "namespace") ?? namespace}/${name}`;
}

/** Delegates that are not there, and rules of delegates that no root lets through. */
export const delegateRules: Rule = {
  name: "delegateRules",
  layer: "foreyard",
  codes: [
    {
      code: "FY1033",
      severity: "warning",
      title: "Delegate not found",
      explanation:
        "The rule takes its routes from a VirtualService that does not exist, has hosts of its own or is not exported to this " +
        "namespace. istiod leaves the rule out, and its requests go on to the next one.",
      source: "istio/istio pilot/pkg/model/virtualservice_controller.go; corpus/routing fact 24",
    },
    {
      code: "FY1034",
      severity: "warning",
      title: "Delegate's rule conflicts with its root",
      explanation:
        "A match of this rule agrees with none of the root's: another value, a path that is not below the root's prefix, or a " +
        "pattern on either side. istiod leaves the rule out without a word.",
      source: "istio/istio pilot/pkg/model/virtualservice.go, mergeHTTPMatchRequests; corpus/routing fact 24",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [],
  *check(object, world) {
    const rules = listAt(fieldsAt(object.object, "spec"), "http");
    for (const [at, rule] of rules.entries()) {
      const key = delegateOf(rule, object);
      if (key !== undefined) yield* missing(world, object, { at, key });
    }
    if (listAt(fieldsAt(object.object, "spec"), "hosts").length > 0) return;
    const roots = world.ask(rootsOf, `${object.namespace}/${object.name}`);
    for (const [at, rule] of rules.entries()) {
      const [root] = roots;
      if (root === undefined || !roots.every(({ value }) => isLeftOut(value, rule))) continue;
      const name = `${root.object.namespace}/${root.object.name}`;
      yield {
        code: "FY1034",
        message: say("No request comes here: the matches conflict with those of {0}, http[{1}]", name, root.rule),
        path: ["spec", "http", at],
        related: [{ object: root.object, path: ["spec", "http", root.rule], message: say("The root's rule") }],
        problem: problems.unreachableRoute,
        tags: ["unnecessary"],
      };
    }
  },
};

function* missing(
  world: World,
  object: WorldObject,
  { at, key }: { readonly at: number; readonly key: string },
): Generator<RuleFinding> {
  const path = ["spec", "http", at, "delegate", "name"];
  const delegate = world.ask(routedVirtualService, key);
  if (delegate === undefined) {
    const missingIn = key.slice(0, key.indexOf("/"));
    yield { code: "FY1033", message: say("No VirtualService {0} to take routes from", key), path, missingIn };
    return;
  }
  const { exportTo, hosts } = delegate.service;
  const isVisible = exportTo === undefined || exportTo.includes(object.namespace);
  if (isVisible && hosts.length === 0) return;
  yield {
    code: "FY1033",
    message: isVisible
      ? say("VirtualService {0} has hosts and is no delegate", key)
      : say("VirtualService {0} is not exported to {1}", key, object.namespace),
    path,
    related: [{ object: delegate.object, path: ["spec"], message: say("Named as delegate") }],
  };
}
