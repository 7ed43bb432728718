import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";

const variable = "BLOCKED_CIDRS_IN_JWKS_URIS";
const mostNames = 5;

/** istiods that fetch key sets from wherever a RequestAuthentication says. */
export const blockedCidrs: Rule = {
  name: "authn.BlockedCIDRsAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0175",
      severity: "warning",
      title: "Key sets may be fetched from anywhere",
      explanation:
        `istiod fetches the jwksUri of each RequestAuthentication. Set ${variable} on it, so that whoever may write one ` +
        "cannot make istiod call internal addresses.",
      source: "Environment of istiod; Istio's analyzers/authn/blocked_cidrs.go",
    },
  ],
  kinds: [kinds.Deployment],
  reads: [kinds.RequestAuthentication],
  *check({ object }, world) {
    if (textMapAt(fieldsAt(object, "metadata"), "labels")["app"] !== "istiod") return;
    const { count, names } = world.ask(requestAuthentications);
    if (count === 0) return;
    const template = fieldsAt(fieldsAt(fieldsAt(object, "spec"), "template"), "spec");
    const isSet = listAt(template, "containers").some((container) =>
      listAt(container, "env").some((one) => textAt(one, "name") === variable && textAt(one, "value") !== undefined),
    );
    if (isSet) return;
    yield {
      code: "IST0175",
      message: say("{0} is not set, and {1} RequestAuthentications are fetched for: {2}", variable, count, names),
      path: ["spec", "template", "spec", "containers"],
      at: "key",
    };
  },
};

interface Counted {
  readonly count: number;
  readonly names: string;
}

const requestAuthentications = defineQuery(
  (world): Counted => {
    const all = world.all(kinds.RequestAuthentication);
    const names = all
      .slice(0, mostNames)
      .map(({ namespace, name }) => (namespace === "" ? name : `${namespace}/${name}`));
    if (all.length > mostNames) names.push("…");
    return { count: all.length, names: names.join(", ") };
  },
  (a, b) => a.count === b.count && a.names === b.names,
);
