import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { deprecatedCode } from "./deprecatedCode.ts";

const removedKinds: ReadonlySet<string> = new Set([
  "ClusterRbacConfig",
  "RbacConfig",
  "ServiceRole",
  "ServiceRoleBinding",
]);

/** Fields and CRDs that Istio has left behind. */
export const deprecated: Rule = {
  name: "deprecation.DeprecationAnalyzer",
  layer: "analyzer",
  codes: [deprecatedCode],
  kinds: [kinds.VirtualService, kinds.Sidecar, kinds.CustomResourceDefinition],
  reads: [],
  *check(object) {
    const spec = fieldsAt(object.object, "spec");
    if (object.kind === kinds.VirtualService) yield* delayPercent(object);
    else if (object.kind === kinds.Sidecar) {
      const policy = fieldsAt(spec, "outboundTrafficPolicy");
      if (fieldsOf(policy)["egressProxy"] === undefined || fieldsOf(policy)["egressProxy"] === null) return;
      const path = ["spec", "outboundTrafficPolicy", "egressProxy"];
      yield { code: "IST0002", message: say("Istio ignores egressProxy"), path, at: "key", tags: ["deprecated"] };
    } else {
      const kind = textAt(fieldsAt(spec, "names"), "kind") ?? "";
      if (textAt(spec, "group") !== "rbac.istio.io" || !removedKinds.has(kind)) return;
      const message = say("Istio has removed {0}; use AuthorizationPolicy", `rbac.istio.io ${kind}`);
      yield { code: "IST0002", message, path: ["spec", "names", "kind"], tags: ["deprecated"] };
    }
  },
};

function* delayPercent({ object }: WorldObject): Generator<RuleFinding> {
  for (const [at, route] of listAt(fieldsAt(object, "spec"), "http").entries()) {
    const percent = fieldsAt(fieldsAt(route, "fault"), "delay")["percent"];
    if (typeof percent !== "number" || percent <= 0) continue;
    yield {
      code: "IST0002",
      message: say("percent of a delay is deprecated; use percentage.value"),
      path: ["spec", "http", at, "fault", "delay", "percent"],
      at: "key",
      tags: ["deprecated"],
    };
  }
}
