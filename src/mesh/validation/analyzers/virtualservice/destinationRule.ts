import { say } from "../../../message.ts";
import { listAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { resourceName } from "../../world/hosts.ts";
import { defineQuery } from "../../world/query.ts";
import { referenceNotFound } from "../referenceNotFound.ts";
import { destinationsOf } from "./destinations.ts";

const subsets = defineQuery<ReadonlySet<string>>((world) => {
  const found = new Set<string>();
  for (const { namespace, object } of world.all(kinds.DestinationRule)) {
    const host = resourceName(namespace, textAt(object["spec"], "host") ?? "");
    for (const subset of listAt(object["spec"], "subsets")) found.add(keyOf(host, textAt(subset, "name") ?? ""));
  }
  return found;
});

const hasSubset = defineQuery<boolean>((world, key) => world.ask(subsets).has(key));

/** Subsets that no DestinationRule declares (istio-analysis, 3.29). */
export const destinationRule: Rule = {
  name: "virtualservice.DestinationRuleAnalyzer",
  layer: "analyzer",
  codes: [referenceNotFound],
  kinds: [kinds.VirtualService],
  reads: [kinds.DestinationRule],
  *check(object, world) {
    for (const { host, subset, path, isMirror } of destinationsOf(object)) {
      if (subset === "") continue;
      const resource = resourceName(object.namespace, host);
      if (world.ask(hasSubset, keyOf(resource, subset))) continue;
      yield {
        code: "IST0101",
        message: isMirror
          ? say("No DestinationRule declares the subset {0} of the mirror {1}", subset, host)
          : say("No DestinationRule declares the subset {0} of {1}", subset, host),
        path: [...path, "subset"],
        problem: problems.subsetNotFound,
        missingIn: resource.namespace,
        missingKind: kinds.DestinationRule,
      };
    }
  },
};

function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }, subset: string): string {
  return `${namespace}/${name}/${subset}`;
}
