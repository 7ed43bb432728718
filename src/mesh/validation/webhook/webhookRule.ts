import type { RuleFinding } from "../finding.ts";
import type { KindName } from "../kinds.ts";
import type { CodeInfo, Rule } from "../rule.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { Field } from "./field.ts";
import { checkMetadata } from "./metadata.ts";

export const webhookCodes: readonly CodeInfo[] = [
  {
    code: "IST0106",
    severity: "error",
    title: "Refused by Istio's validation",
    explanation: "istiod's admission webhook refuses this object, so that it cannot be applied. Correct the field.",
    source: "istio/istio pkg/config/validation",
  },
  {
    code: "IST0133",
    severity: "warning",
    title: "Istio's validation warns",
    explanation: "istiod's admission webhook takes this object with a warning: the field does not do what it seems to.",
    source: "istio/istio pkg/config/validation",
  },
];

/** A rule of the layer `webhook` for a kind: everything that istiod would refuse or warn of. */
export function webhookRule(
  kind: KindName,
  check: (spec: Field, object: WorldObject) => void,
  moreCodes: readonly CodeInfo[] = [],
): Rule {
  return {
    name: `schema.ValidationAnalyzer.${kind.slice(kind.indexOf("/") + 1)}`,
    layer: "webhook",
    codes: [...webhookCodes, ...moreCodes],
    kinds: [kind],
    reads: [],
    runsOn: "declaration",
    check(object) {
      const found: RuleFinding[] = [];
      const root = new Field(object.object, found);
      // What is wrong in the metadata stops Istio.
      if (checkMetadata(root, object)) check(root.at("spec"), object);
      return found;
    },
  };
}
