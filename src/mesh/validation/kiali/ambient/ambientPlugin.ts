import { kinds } from "../../kinds.ts";
import { ambientPolicyRule } from "./policyRule.ts";

export const ambientPlugin = ambientPolicyRule({
  name: "kialiAmbientPlugin",
  kind: kinds.WasmPlugin,
  notEnrolled: "KIA1111",
  noTarget: "KIA1116",
  subject: "WasmPlugin",
});
