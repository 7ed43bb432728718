import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { isGoBoolean } from "../values/goValues.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Field } from "./field.ts";

const internal = [
  "internal.istio.io/webhook-always-reject",
  "internal.istio.io/parents",
  "internal.istio.io/parent-namespace",
];
const dryRun = "istio.io/dry-run";

/** Rules of annotations (istio-analysis, 5.0). False: Istio looks no further. */
export function checkMetadata(root: Field, { kind }: WorldObject): boolean {
  const annotations = root.at("metadata").at("annotations");
  for (const name of internal) {
    if (!annotations.has(name)) continue;
    annotations.at(name).error(say("The annotation {0} is Istio's own", name), { at: "key" });
    return false;
  }
  if (!annotations.has(dryRun)) return true;
  const value = annotations.at(dryRun);
  if (kind !== kinds.AuthorizationPolicy) {
    value.error(say("{0} works on an AuthorizationPolicy only", dryRun), { at: "key" });
    return false;
  }
  const action = root.at("spec").textAt("action");
  if (action !== "" && action !== "ALLOW" && action !== "DENY") {
    value.error(say("{0} works with the actions ALLOW and DENY only", dryRun), { at: "key" });
    return false;
  }
  if (isGoBoolean(value.text)) return true;
  value.error(say("{0} is neither true nor false", value.text));
  return false;
}
