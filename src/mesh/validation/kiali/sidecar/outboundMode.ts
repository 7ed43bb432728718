import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

export const outboundMode: Rule = {
  name: "kialiOutboundMode",
  layer: "kiali",
  codes: [
    {
      code: "KIA1007",
      severity: "info",
      title: "outboundTrafficPolicy without a mode",
      explanation:
        "A Sidecar's outboundTrafficPolicy without a mode is read as REGISTRY_ONLY, although the mesh's default is ALLOW_ANY. Write the mode that is meant.",
      source: "networking.istio.io Sidecar, outboundTrafficPolicy; Kiali's sidecars/outbound_traffic_policy_mode.go",
    },
  ],
  kinds: [kinds.Sidecar],
  reads: [],
  *check({ object }) {
    const spec = fieldsAt(object, "spec");
    if (fieldsOf(spec)["outboundTrafficPolicy"] == null) return;
    if (textAt(fieldsAt(spec, "outboundTrafficPolicy"), "mode") !== undefined) return;
    yield {
      code: "KIA1007",
      path: ["spec", "outboundTrafficPolicy"],
      at: "key",
      message: say("outboundTrafficPolicy has no mode; write ALLOW_ANY or REGISTRY_ONLY"),
    };
  },
};
